package coding

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/decode/internal/anomaly"
	"github.com/socktrace/socktrace/decode/internal/budget"
)

// sink is what comes out of a chain.
type sink struct {
	out   []byte
	calls int
	told  []string
}

func (s *sink) Decoded(b []byte)       { s.out = append(s.out, b...); s.calls++ }
func (s *sink) Behind(f anomaly.Fault) { s.told = append(s.told, f.Code+" "+f.Detail) }

// decode gives a chain pieces of bytes.
func decode(list string, complete bool, pieces ...string) string {
	s := new(sink)
	c, f := NewChain(list, budget.NewAccount(nil), s)
	for _, p := range pieces {
		if f = c.Write([]byte(p)); f.Code != "" {
			s.told = append(s.told, f.Code+" "+f.Detail)
			break
		}
	}
	if f.Code == "" {
		if f = c.Close(complete); f.Code != "" {
			s.told = append(s.told, f.Code+" "+f.Detail)
		}
	}
	if !c.Broken() || c.Write([]byte("more")) != (anomaly.Fault{}) {
		s.told = append(s.told, "it goes on")
	}
	return strings.Join(append([]string{fmt.Sprintf("%q", s.out)}, s.told...), "; ")
}

func zipped(text string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	w.Write([]byte(text))
	w.Close()
	return b.String()
}

func written(text string, to func(io.Writer) io.WriteCloser) string {
	var b bytes.Buffer
	w := to(&b)
	io.WriteString(w, text)
	w.Close()
	return b.String()
}

// TestChains removes several codings, the last first, and says in which one it is
// wrong.
func TestChains(t *testing.T) {
	text := strings.Repeat("some text ", 100)
	inner := encodings["zstd"](text)
	both := zipped(inner)
	for b, want := range map[string]string{
		both:                         fmt.Sprintf("%q", text),
		both + "text":                fmt.Sprintf("%q; bad-coding gzip: there are bytes behind the end; bad-coding zstd: there are bytes behind the end", text+"text"),
		zipped(inner + "text"):       fmt.Sprintf("%q; bad-coding zstd: there are bytes behind the end", text+"text"),
		zipped("no zstd"):            `""; bad-coding zstd: invalid input: magic number mismatch`,
		"no gzip at all":             `""; bad-coding gzip: invalid header`,
		zipped(inner[:len(inner)-1]): fmt.Sprintf("%q; bad-coding zstd: the data end too early", text),
	} {
		for _, pieces := range [][]string{{b}, strings.Split(b, "")} {
			if got := decode("zstd, gzip", true, pieces...); got != want {
				t.Errorf("%d bytes in %d pieces: got %.160s, want %.160s", len(b), len(pieces), got, want)
			}
		}
	}
}

// TestBomb decodes what becomes far more than it was up to its bound.
func TestBomb(t *testing.T) {
	s := new(sink)
	c, _ := NewChain("gzip, gzip", budget.NewAccount(nil), s)
	b := zipped(zipped(strings.Repeat("\x00", 4<<20)))
	f := c.Write([]byte(b))
	if f.Code != anomaly.Bomb || f.Detail != fmt.Sprintf("%d coded bytes become more than %d", len(b), len(s.out)) || len(s.out) != 1<<20+1100*len(b) {
		t.Errorf("%d bytes become %d: %+v", len(b), len(s.out), f)
	}
}

// TestPassedOn collects what comes out, but not for long.
func TestPassedOn(t *testing.T) {
	for n, calls := range map[int]int{1: 1, 16384: 1, 16385: 1, 10: 1} {
		s := new(sink)
		c, _ := NewChain("gzip", budget.NewAccount(nil), s)
		c.Write([]byte(zipped(strings.Repeat("a", n))))
		if len(s.out) != n || s.calls != calls {
			t.Errorf("%d bytes: got %d in %d calls", n, len(s.out), s.calls)
		}
		c.Stop()
	}
}
