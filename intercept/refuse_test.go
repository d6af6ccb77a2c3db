package intercept

import (
	"errors"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/socktrace/socktrace/wire"
)

// wordTap notes the words that it is shown, and panics at one of them.
type wordTap struct {
	mu   sync.Mutex
	seen string
}

func (w *wordTap) Chunk(c wire.Chunk) {
	if string(c.Data) == "panic" {
		panic("as it was told")
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.seen += string(c.Data)
}

func (w *wordTap) End(time.Time, error) {}

func (w *wordTap) has(word string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return strings.Contains(w.seen, word)
}

// TestRefuse: what is refused is not forwarded, in either direction, and both ends are
// closed; so it is behind a tap that has panicked. Others go on.
func TestRefuse(t *testing.T) {
	for _, c := range []struct{ says, answer, got string }{
		{"hello", "hi", "hello"},
		{"refused", "hi", ""},
		{"panic", "hi", ""},
		{"hello", "refused", "hello"},
	} {
		tap := new(wordTap)
		got := make(chan string, 1)
		r := newRig(t, unixSocket, unixSocket, func(d net.Conn) {
			b := make([]byte, 16)
			n, _ := d.Read(b)
			_, _ = io.WriteString(d, c.answer)
			got <- string(b[:n])
			_, _ = io.Copy(io.Discard, d)
		}, func(p *Proxy) {
			p.TapFirst = true
			p.Tap = func(*wire.Conn) wire.Tap { return tap }
			p.Refuse = func(*wire.Conn) error {
				if tap.has("refused") {
					return errors.New("it is not to be")
				}
				return nil
			}
		})
		client := r.dial()
		write(t, client, c.says)
		want := c.answer
		if c.says != "hello" || c.answer == "refused" {
			want = ""
		}
		b := make([]byte, 16)
		n, _ := client.Read(b)
		if string(b[:n]) != want {
			t.Errorf("%+v: the client got %q", c, b[:n])
		}
		if want == "" {
			if n, err := client.Read(b); n > 0 || err == nil {
				t.Errorf("%+v: it is not closed: %d, %v", c, n, err)
			}
			if said := strings.Join(r.warned(), "\n"); !strings.Contains(said, "connection 1 of ") || !strings.Contains(said, " was closed: ") {
				t.Errorf("%+v: warned %q", c, said)
			}
		}
		if s := <-got; s != c.got {
			t.Errorf("%+v: the daemon got %q", c, s)
		}
		client.Close()
	}
}

// TestDescribe: a client's process is described before the tap is asked for.
func TestDescribe(t *testing.T) {
	more := new(wire.ProcessFacts)
	r := newRig(t, unixSocket, unixSocket, echo, func(p *Proxy) {
		p.Describe = func(of *wire.Process) { of.More = more }
	})
	c := r.dial()
	c.Close()
	if p := r.ended().conn.Client.Process; p != nil && p.More != more {
		t.Errorf("%+v", p)
	}
}
