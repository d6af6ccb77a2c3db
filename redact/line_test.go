package redact

import (
	"strings"
	"testing"

	"github.com/socktrace/socktrace/redact/internal/masktest"
	"github.com/socktrace/socktrace/wire"
)

const rawHead = "GEX / HTTP/1.1 \r\nHost: docker:2375\r\nX-Registry-Auth : " + secret + "\r\n" +
	"Authorization: Basic " + secret + "\r\n  " + secret + "\r\n\t" + secret + "\r\nX-Registry-Auth: e30=\r\n" +
	"User-Agent: x\ncookie:" + secret + "\n\r\nbody: {\"a\": 1}\r\nX-Foo-Token: " + secret

const rawMasked = "GEX / HTTP/1.1 \r\nHost: docker:2375\r\nX-Registry-Auth : *\r\n" +
	"Authorization: Basic *\r\n*\r\n*\r\nX-Registry-Auth: e30=\r\n" +
	"User-Agent: x\ncookie:*\n\r\nbody: {\"a\": 1}\r\nX-Foo-Token: *"

// pieces gives text to a new connection as raw messages and returns what came
// out.
func pieces(text string, cuts ...int) string {
	c := newConv()
	var out strings.Builder
	from := 0
	for _, to := range append(cuts, len(text)) {
		out.Write(c.message(0, wire.ToServer, wire.KindRaw, text[from:to]).Data)
		from = to
	}
	return out.String()
}

func TestRawLines(t *testing.T) {
	if got := masktest.Bare(pieces(rawHead)); got != rawMasked {
		t.Errorf("got\n%s\nwant\n%s", got, rawMasked)
	}
	m := newConv().message(0, wire.ToClient, wire.KindRaw, "set-cookie: x\r\n")
	if len(m.Masked) != 1 || m.Masked[0] != "response.raw.set-cookie" {
		t.Errorf("masked %q", m.Masked)
	}
}

// TestRawLinesCut: however the bytes come, no piece of the secret is seen, and
// what is no secret stays. A cut value is masked even where the whole would
// say that there are no credentials, and its scheme is not told apart.
func TestRawLinesCut(t *testing.T) {
	check := func(cuts ...int) {
		t.Helper()
		got := pieces(rawHead, cuts...)
		if strings.Contains(masktest.Placeholder.ReplaceAllString(got, ""), "S3") || strings.Contains(got, "CR3T") || strings.Contains(got, "value") {
			t.Errorf("cuts %v: %s", cuts, got)
		}
		for _, kept := range []string{"Host: docker:2375\r\n", "X-Registry-Auth :", "User-Agent: x\n", "body: {\"a\": 1}\r\n"} {
			if !strings.Contains(got, kept) {
				t.Errorf("cuts %v: %q is missing in %s", cuts, kept, got)
			}
		}
	}
	var all []int
	for i := 1; i < len(rawHead); i++ {
		check(i)
		all = append(all, i)
		for j := i + 1; j < min(len(rawHead), i+30); j++ {
			check(i, j)
		}
	}
	check(all...)
}

// TestRawDirections: the two directions do not disturb each other.
func TestRawDirections(t *testing.T) {
	c := newConv()
	c.message(0, wire.ToServer, wire.KindRaw, "Cookie: ")
	if m := c.message(0, wire.ToClient, wire.KindRaw, "hello\n"); string(m.Data) != "hello\n" {
		t.Errorf("got %s", m.Data)
	}
	if m := c.message(0, wire.ToServer, wire.KindRaw, secret); strings.Contains(string(m.Data), "S3") {
		t.Errorf("got %s", m.Data)
	}
}

// FuzzRawLines puts a secret field between two arbitrary texts and cuts the
// whole anywhere.
func FuzzRawLines(f *testing.F) {
	f.Add("GET / HTTP/1.1\r\nHost: x", "Host: y\r\n", 20, 40)
	f.Add("", "", 0, 0)
	f.Fuzz(func(t *testing.T, before, after string, cut1, cut2 int) {
		text := before + "\r\nX-Registry-Auth: " + secret + "\r\n" + after
		if strings.Contains(before+after, "S3") || cut1 < 0 || cut1 > cut2 || cut2 > len(text) {
			return
		}
		out := pieces(text, cut1, cut2)
		if strings.Contains(masktest.Placeholder.ReplaceAllString(out, ""), "S3") || strings.Contains(out, "CR3T") {
			t.Errorf("%q became %q", text, out)
		}
	})
}
