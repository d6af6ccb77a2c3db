package diff

import (
	"strconv"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/wire"
)

// answered returns a session of requests, each with the status of its answer: "GET /a 200".
func answered(t *testing.T, all ...string) *Session {
	t.Helper()
	s := &Session{}
	for i, text := range all {
		f := strings.Fields(text)
		status, err := strconv.Atoi(f[2])
		if err != nil {
			t.Fatal(err)
		}
		x := &wire.Exchange{Meta: wire.Meta{Conn: &wire.Conn{ID: 1}, Exchange: i + 1}, Request: &wire.Request{Method: f[0], Target: f[1]}, Response: &wire.Response{Status: status}}
		s.Exchanges = append(s.Exchanges, &Exchange{Exchange: x, Number: i + 1})
	}
	return s
}

// TestKnownPairs: exchanges of which it is known that they belong together are compared, whatever
// they look like, and those that are left out are told with the reason.
func TestKnownPairs(t *testing.T) {
	a, b := answered(t, "GET /a 200", "GET /b 200", "GET /c 200"), answered(t, "GET /b 200", "GET /x 404")
	r := Compare(a, b, Options{
		Of: func(x *Exchange) *Exchange {
			if x == a.Exchanges[0] {
				return b.Exchanges[1]
			}
			return b.Exchanges[0]
		},
		Skip: func(x *Exchange) string {
			if x == a.Exchanges[2] {
				return "nobody asked"
			}
			return ""
		},
	})
	if got, want := r.Summary(), "1 exchange differs; 1 is the same, 1 not compared"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := r.Items[0].Changes[0]; got.Place != "path" || got.A != "/a" || got.B != "/x" {
		t.Errorf("the change is %+v", got)
	}
	for name, text := range map[string]string{"JSON": string(JSON(r)), "Markdown": string(Markdown(r)), "HTML": string(HTML(r))} {
		if !strings.Contains(text, "nobody asked") {
			t.Errorf("%s does not say why one is left out:\n%s", name, text)
		}
	}
	if r = Compare(a, b, Options{Of: func(*Exchange) *Exchange { return nil }}); r.Count(Missing) != 3 || r.Count(Extra) != 2 {
		t.Errorf("without pairs: %s", r.Summary())
	}
}
