package intercept

import (
	"bytes"
	"errors"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/socktrace/socktrace/wire"
)

// lines is a Meddler for a protocol of lines: it does what they say. Lines that are not whole
// wait.
type lines struct {
	mu   sync.Mutex
	cut  bool
	turn chan struct{}
}

var errPurpose = errors.New("on purpose")

func (m *lines) Next(data []byte, last bool) Step {
	n := bytes.IndexByte(data, '\n') + 1
	if n == 0 {
		if last {
			n = len(data)
		}
		return Step{Take: n}
	}
	switch line := string(data[:n-1]); line {
	case "answer":
		return Step{Take: n, Drop: true, Turn: m.turn, Answer: []byte("answered\n")}
	case "wait":
		return Step{Take: n, Wait: time.Hour}
	case "stall":
		return Step{Take: n, Drop: true, Stall: true, Why: errPurpose}
	case "close":
		return Step{Take: n, Drop: true, Answer: []byte("bye\n"), Close: true}
	case "reset":
		return Step{Take: n, Drop: true, Close: true, Reset: true, Why: errPurpose}
	}
	return Step{Take: n}
}

func (m *lines) Piece(data []byte) int {
	n := bytes.IndexByte(data, '\n') + 1
	if n == 0 {
		return len(data)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.cut = string(data[:n]) == "cut\n"
	return n
}

func (m *lines) Cut() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.cut {
		return errPurpose
	}
	return nil
}

// meddled has connections changed by lines.
func meddled(p *Proxy) {
	p.Meddle = func(*wire.Conn) Meddler { return new(lines) }
}

// TestMeddle does each step on sockets of every sort: the tap sees what the client has sent, and
// what it gets.
func TestMeddle(t *testing.T) {
	for _, kind := range []string{unixSocket, tcpSocket, tlsSocket} {
		for _, c := range []struct {
			sends, daemon, gets string
			err                 error
		}{
			{"a\nb\n", "a\nb\n", "a\nb\n", nil},
			{"a\nrest", "a\nrest", "a\nrest", nil},
			{"answer\n", "", "answered\n", nil},
			{"close\nb\n", "", "bye\n", nil},
			{"reset\n", "", "", errPurpose},
			{"a\nstall\nb\n", "a\n", "a\n", errPurpose},
			{"a\ncut\nb\n", "a\ncut\nb\n", "a\ncut\n", errPurpose},
		} {
			got := make(chan string, 1)
			r := newRig(t, kind, kind, func(d net.Conn) {
				var all bytes.Buffer
				_, _ = io.Copy(onlyWriter{d}, io.TeeReader(onlyReader{d}, &all))
				got <- all.String()
			}, meddled)
			client := r.dial()
			write(t, client, c.sends)
			want := c.gets
			if strings.HasPrefix(c.sends, "a\nstall") {
				read(t, client, c.gets) // and then it leaves
				client.Close()
				want = ""
			} else if !strings.HasPrefix(c.sends, "reset") {
				_ = client.CloseWrite()
			}
			b, _ := io.ReadAll(client)
			if string(b) != want {
				t.Errorf("%s: %q: the client got %q, want %q", kind, c.sends, b, want)
			}
			rec := r.ended()
			if !errors.Is(rec.err, c.err) {
				t.Errorf("%s: %q: it ended by %v", kind, c.sends, rec.err)
			}
			if s := string(rec.bytes(wire.ToServer)); s != c.sends {
				t.Errorf("%s: the tap saw %q of %q", kind, s, c.sends)
			}
			if s := string(rec.bytes(wire.ToClient)); !strings.HasSuffix(s, c.gets) {
				t.Errorf("%s: %q: the tap saw %q", kind, c.sends, s)
			}
			if s := <-got; s != c.daemon && !strings.HasPrefix(c.sends, "a\ncut") {
				t.Errorf("%s: %q: the daemon got %q, want %q", kind, c.sends, s, c.daemon)
			}
		}
	}
}

// TestMeddleWaits: what waits ends with the trace, and with a client that takes no more.
func TestMeddleWaits(t *testing.T) {
	for _, line := range []string{"wait\n", "answer\n"} {
		for _, ends := range []string{"the trace", "the client"} {
			read := make(chan struct{})
			r := newRig(t, unixSocket, unixSocket, func(d net.Conn) {
				b := make([]byte, 16)
				_, _ = d.Read(b)
				close(read)
				for err := error(nil); err == nil && ends == "the client"; {
					_, err = d.Write(make([]byte, 1<<10))
				}
				_, _ = io.Copy(io.Discard, d)
			}, func(p *Proxy) {
				p.Meddle = func(*wire.Conn) Meddler { return &lines{turn: make(chan struct{})} }
			})
			client := r.dial()
			write(t, client, "a\n"+line)
			r.wait(read, "the daemon read nothing")
			if ends == "the trace" {
				r.stop()
			} else {
				client.Close()
			}
			r.ended()
		}
	}
}
