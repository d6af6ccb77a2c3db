package redact

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/redact/internal/masktest"
	"github.com/socktrace/socktrace/wire"
)

var sizes = regexp.MustCompile(`\[masked (\d+) bytes( #[0-9a-f]{8})?\]`)

// maskedBytes adds up the sizes in the placeholders of s.
func maskedBytes(s string) (n int) {
	for _, m := range sizes.FindAllStringSubmatch(s, -1) {
		k, _ := strconv.Atoi(m[1])
		n += k
	}
	return n
}

// stream gives text in pieces to a new connection and returns what came out.
func streamOut(kind wire.Kind, dir wire.Dir, text string, at []int) string {
	c := newConv()
	var out strings.Builder
	from := 0
	for _, to := range append(at[:len(at):len(at)], len(text)) {
		m := c.message(1, dir, kind, text[from:to])
		out.Write(m.Data)
		from = to
	}
	return out.String()
}

// TestFormsCut: however a stream is cut, nothing of a secret is seen, and what
// is masked adds up to what is masked of the whole, but for what had to be
// masked before it was certain.
func TestFormsCut(t *testing.T) {
	for _, kind := range []wire.Kind{wire.KindStdout, wire.KindStderr, wire.KindText, wire.KindTerminal, wire.KindRaw, wire.KindWebSocket} {
		for _, tt := range masktest.Tokens {
			text := strings.ReplaceAll(tt.In, "Authorization: ", "") // lines are tested elsewhere
			whole := streamOut(kind, wire.ToClient, text, nil)
			if strings.Contains(masktest.Placeholder.ReplaceAllString(whole, ""), masktest.Q) {
				t.Errorf("%v: %q became %q", kind, text, whole)
			}
			masktest.Cuts(len(text), func(at []int) {
				out := streamOut(kind, wire.ToClient, text, at)
				if strings.Contains(out, masktest.Q) {
					t.Fatalf("%v: %q cut at %v became %q", kind, text, at, out)
				}
				if n, w := maskedBytes(out), maskedBytes(whole); n < w {
					t.Fatalf("%v: %q cut at %v: %d bytes masked in %q, %d in %q", kind, text, at, n, out, w, whole)
				}
			})
		}
	}
}

// TestChannels: the channels of a stream, and the directions, do not disturb
// each other.
func TestChannels(t *testing.T) {
	c := newConv()
	c.message(1, wire.ToClient, wire.KindStdout, "ghp_QQ")
	for _, kind := range []wire.Kind{wire.KindStderr, wire.KindSystemErr, wire.KindTerminal} {
		if m := c.message(1, wire.ToClient, kind, "hello"); string(m.Data) != "hello" {
			t.Errorf("%v: %s", kind, m.Data)
		}
	}
	c.message(1, wire.ToClient, wire.KindStderr, "gh")
	if m := c.message(2, wire.ToClient, wire.KindStdout, "QQ"); string(m.Data) != "QQ" {
		t.Errorf("another exchange: %s", m.Data)
	}
	if m := c.message(1, wire.ToClient, wire.KindStdout, "QQ x"); masktest.Bare(string(m.Data)) != "* x" {
		t.Errorf("stdout: %s", m.Data)
	}
	if m := c.message(1, wire.ToClient, wire.KindStderr, "p_"+masktest.Long); masktest.Bare(string(m.Data)) != "p_*" {
		t.Errorf("stderr: %s", m.Data)
	}
}

// TestLinear: bytes that come one by one take time in proportion, also those of
// lines without end.
func TestLinear(t *testing.T) {
	for _, kind := range []wire.Kind{wire.KindText, wire.KindRaw, wire.KindStdout} {
		for _, before := range []string{`{"password":"`, `{"note":"`, "password: ", "POST /x HTTP/1.1 "} {
			masktest.Ends(t, before, func() {
				c := newConv()
				text := before + strings.Repeat("x", 100_000)
				for i := range text {
					m := c.message(0, wire.ToServer, kind, text[i:i+1])
					if hidden := string(m.Data) == "[masked 1 bytes]"; before[1] == '"' && kind == wire.KindText && i > 12 && hidden != (before[2] == 'p') {
						t.Errorf("byte %d: %s", i, m.Data)
						return
					}
				}
			})
		}
	}
}

// FuzzForms puts a secret between two texts and cuts the whole anywhere.
func FuzzForms(f *testing.F) {
	for i := range masktest.Tokens {
		f.Add(uint8(i), "a b\n", " c", 3, 9)
	}
	f.Fuzz(func(t *testing.T, n uint8, before, after string, cut1, cut2 int) {
		token := masktest.Tokens[int(n)%len(masktest.Tokens)].In
		text := before + "\n" + token + "\n" + after
		if strings.Contains(before+after, masktest.Q) || cut1 < 0 || cut1 > cut2 || cut2 > len(text) || len(text) > 4<<10 || masktest.Placeholder.MatchString(text) {
			return
		}
		out := streamOut(wire.KindStdout, wire.ToClient, text, []int{cut1, cut2})
		if strings.Contains(out, masktest.Q) {
			t.Errorf("%q became %q", text, out)
		}
	})
}

func ExampleRedactor_Event() {
	r := New(Options{Key: []byte("example")})
	ev := r.Event(&wire.Request{Method: "POST", Target: "/build?remote=https://me:hunter2@example.org/x.git"})
	fmt.Println(ev.(*wire.Request).Target)
	fmt.Println(ev.(*wire.Request).Masked)
	// Output:
	// /build?remote=https://me:%5Bmasked%207%20bytes%20%23a2df136b%5D@example.org/x.git
	// [request.query.remote]
}
