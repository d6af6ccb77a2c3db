package redact

import (
	"strings"
	"testing"

	"github.com/socktrace/socktrace/redact/internal/masktest"
	"github.com/socktrace/socktrace/wire"
)

// TestParamsCut: of a form that nobody calls one, nothing of a secret is seen, however it
// is cut.
func TestParamsCut(t *testing.T) {
	const in, want = "a=b&x=%7B%22pin%22%3A%22QQQQQQ%22%7D&tok%65n=QQQ&c=d", "&c=d"
	for _, kind := range []wire.Kind{wire.KindText, wire.KindRaw} {
		masktest.Cuts(len(in), func(at []int) {
			c := newConv()
			var out strings.Builder
			from := 0
			for _, to := range append(at[:len(at):len(at)], len(in)) {
				out.Write(c.message(1, wire.ToServer, kind, in[from:to]).Data)
				from = to
			}
			if got := out.String(); strings.Contains(got, "Q") || !strings.HasPrefix(got, "a=b&x=") || !strings.HasSuffix(got, want) {
				t.Fatalf("%v cut at %v: %s", kind, at, got)
			}
		})
	}
}

// TestParamsLong: what is longer than what is kept is masked up to the next field.
func TestParamsLong(t *testing.T) {
	long := strings.Repeat("x", 2*maxField)
	for in, want := range map[[3]string]string{
		{"x=%7B%22" + long, "%22pin%22%3A%22QQ", "%22%7D&c=d"}: "**&c=d",
		{"x=" + long, "yz", "y&c=d"}:                           "yzy&c=d",
		{"x=%7B%22" + long, "QQ", "%22 &c=d"}:                  "** &c=d",
		{"x y=" + long, "tok%65n=b", "&c=d"}:                   "tok%65n=b&c=d",
	} {
		c := newConv()
		var out strings.Builder
		for i, piece := range in {
			if m := c.message(1, wire.ToServer, wire.KindText, piece); i > 0 {
				out.WriteString(stars(string(m.Data)))
			}
		}
		if out.String() != want {
			t.Errorf("%.20s: %s, want %s", in[0], out.String(), want)
		}
	}
}

// TestLinearParams: texts of one word take time in proportion.
func TestLinearParams(t *testing.T) {
	r := newRules(nil, nil)
	masktest.Linear(t, func(b []byte) {
		var p params
		for len(b) > 0 {
			n := min(len(b), 4<<10)
			p.find(r, nil, b[:n], "x")
			b = b[n:]
		}
	})
}

// TestBetweenParts: a part does not go on with the text of the one before.
func TestBetweenParts(t *testing.T) {
	c := newConv()
	c.request(1, "/x", "Content-Type: multipart/form-data; boundary=B")
	for _, part := range []struct{ name, text, want string }{
		{"", "Content-Disposition: form-data; name=a", "Content-Disposition: form-data; name=a"},
		{"a", "x token=S3C", "x token=*"}, {"a", "R3T", "*"},
		{"", "Content-Disposition: form-data", "Content-Disposition: form-data"},
		{"", "S3CR3T token", "S3CR3T token"},
		{"", "content-disposition: form-data; name=b", "content-disposition: form-data; name=b"},
		{"b", "c", "c"},
	} {
		got := c.r.Event(&wire.Message{Meta: c.meta(1, wire.ToServer), Kind: wire.KindText, Name: part.name, Data: []byte(part.text), Size: 9}).(*wire.Message)
		if stars(string(got.Data)) != part.want {
			t.Errorf("%s: %s, want %s", part.text, got.Data, part.want)
		}
		for _, name := range got.Masked {
			if strings.Contains(name, "S3C") {
				t.Errorf("named %s", name)
			}
		}
	}
}
