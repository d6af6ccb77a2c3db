package pcap

import (
	"bytes"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/socktrace/socktrace/internal/tracetest"
	"github.com/socktrace/socktrace/wire"
)

// shakenTap keeps what a tap is told, in its order.
type shakenTap struct {
	told []*wire.TLS
	said int // chunks
}

func (s *shakenTap) TLS(ev *wire.TLS) { s.told = append(s.told, ev) }

func (s *shakenTap) Chunk(wire.Chunk) { s.said++ }

func (s *shakenTap) End(time.Time, error) {}

// recordTLS records a connection that shook hands, and says these words.
func recordTLS(t *testing.T, events []*wire.TLS, c *wire.Conn, words ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := NewWriter(&b, WriterOptions{Version: "v1.2.3"})
	if err != nil {
		t.Fatal(err)
	}
	tap := w.Tap(c).(wire.TLSTap)
	for _, ev := range events {
		tap.TLS(ev)
	}
	for i, word := range words {
		tap.Chunk(wire.Chunk{Conn: c, Time: epoch.Add(time.Duration(i+1) * time.Millisecond), Dir: wire.Dir(i % 2), Data: []byte(word)})
	}
	tap.End(epoch.Add(time.Second), nil)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestHandshakes gives back what TLS agreed on, before what was said, also if nothing
// was.
func TestHandshakes(t *testing.T) {
	c := &wire.Conn{ID: 1, Start: epoch, Client: wire.Peer{Addr: "tcp://192.0.2.7:51034"}, Server: wire.Peer{Addr: "tcp://192.0.2.1:2376"}}
	want := tracetest.Handshakes(c, epoch)
	for _, words := range [][]string{nil, {"GET / HTTP/1.1\r\n\r\n", "HTTP/1.1 204 No Content\r\n\r\n"}} {
		file := recordTLS(t, want, c, words...)
		tap := new(shakenTap)
		if _, err := Read(t.Context(), bytes.NewReader(file), asked, func(*wire.Conn) wire.Tap { return tap }); err != nil {
			t.Fatal(err)
		}
		if len(tap.told) != len(want) {
			t.Fatalf("told %d times", len(tap.told))
		}
		for i, g := range tap.told {
			w := *want[i]
			w.Conn = g.Conn
			if !reflect.DeepEqual(*g, w) {
				t.Errorf("got  %s\nwant %s", tracetest.Dump(g), tracetest.Dump(&w))
			}
		}
	}
}

// TestTLSComment keeps the text as it is documented, and never makes one that does not
// fit.
func TestTLSComment(t *testing.T) {
	ev := &wire.TLS{Meta: wire.Meta{Dir: wire.ToClient, Start: epoch}, Peer: "server", Version: "TLS 1.3"}
	const text = `socktrace: connection 3 tls {"dir":"to_client","start":"2026-01-02T03:04:05.678901234Z","peer":"server","version":"TLS 1.3"}`
	if got := string(appendTLSComment(nil, 3, ev)); got != text {
		t.Errorf("got  %s\nwant %s", got, text)
	}
	for _, s := range []string{"", "tls {}", "socktrace: connection 3 closed", "socktrace: connection 3 tls ", "socktrace: connection 3 tls []", text[:len(text)-1]} {
		if got := parseTLSComment(s); got != nil {
			t.Errorf("%q: %s", s, tracetest.Dump(got))
		}
	}
	if parseComment(text).kind != notOurs {
		t.Error("it is taken for another")
	}
	much := strings.Repeat("x", 40_000)
	for what, grow := range map[string]func(*wire.TLS){
		"names": func(ev *wire.TLS) {
			ev.Server = []wire.Certificate{{Subject: "CN=a", Names: []string{much, much}}}
		},
		"certificates": func(ev *wire.TLS) {
			ev.Server = []wire.Certificate{{Subject: "CN=a"}, {Subject: much}, {Subject: much}}
		},
		"a subject": func(ev *wire.TLS) { ev.Server = []wire.Certificate{{Subject: much, Issuer: much}} },
		"a name":    func(ev *wire.TLS) { ev.ServerName = much + much },
	} {
		ev := &wire.TLS{Version: "TLS 1.3"}
		grow(ev)
		got := appendTLSComment([]byte("before"), 3, ev)
		back := parseTLSComment(strings.TrimPrefix(string(got), "before"))
		if len(got) > maxOption || back == nil || back.Version != ev.Version {
			t.Errorf("%s: %d bytes, %v", what, len(got), back)
		}
		if what != "a subject" && what != "a name" && (len(back.Server) != 1 || back.Server[0].Subject != "CN=a") {
			t.Errorf("%s: it is not told whose it is", what)
		}
	}
}
