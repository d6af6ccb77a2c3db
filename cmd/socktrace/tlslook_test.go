package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/socktrace/socktrace/wire"
)

// noTap sees nothing.
type noTap struct{ told int }

func (*noTap) Chunk(wire.Chunk) {}

func (*noTap) End(time.Time, error) {}

func (n *noTap) TLS(*wire.TLS) { n.told++ }

// TestFirstLook tells who speaks TLS to whom that does not, by what is said first.
func TestFirstLook(t *testing.T) {
	const (
		hello  = "\x16\x03\x01\x02\x00\x01"
		get    = "GET / HTTP/1.1\r\n\r\n"
		golang = "HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n"
		nginx  = "HTTP/1.1 400 Bad Request\r\n\r\n<html>400 The plain HTTP request was sent to HTTPS port</html>"
		alert  = "\x15\x03\x03\x00\x02\x02\x50"
	)
	for _, c := range []struct {
		what     string
		live     bool
		with     string // whom we speak TLS with
		up, down string
		want     string
	}{
		{"plain", true, "", get, "HTTP/1.1 200 OK\r\n\r\n", ""},
		{"another 400", true, "", get, "HTTP/1.1 400 Bad Request\r\n\r\nno", ""},
		{"to Go", true, "", get, golang, "server"},
		{"to nginx", true, "", get, nginx, "server"},
		{"alert", true, "", get, alert, "server"},
		{"captured", false, "", get, golang, "server"},
		{"said with another status", true, "", get, strings.Replace(golang, "400", "200", 1), ""},
		{"an answer to nothing", true, "", "", golang, ""},
		{"TLS through us", true, "", hello, "\x16\x03\x03", "client"},
		{"TLS, refused in plain", true, "", hello, golang, "client"},
		{"TLS through us, refused", true, "", hello, alert, "client"},
		{"TLS captured", false, "", hello, alert, ""},
		{"inside of TLS", true, "client", hello, "", ""},
		{"the daemon's within TLS", true, "server", get, golang, ""},
		{"short", true, "", "\x16", "\x15", ""},
	} {
		got, next := "", new(noTap)
		f := &firstLook{Tap: next, live: c.live, mixed: func(_ *wire.Conn, toServer bool) {
			got += map[bool]string{true: "server", false: "client"}[toServer]
		}}
		if c.with != "" {
			f.TLS(&wire.TLS{Peer: c.with})
			if next.told != 1 {
				t.Errorf("%s: not passed on", c.what)
			}
		}
		for range 2 { // only the first counts
			f.Chunk(wire.Chunk{Dir: wire.ToServer, Data: []byte(c.up)})
			f.Chunk(wire.Chunk{Dir: wire.ToClient, Data: []byte(c.down)})
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.what, got, c.want)
		}
	}
}

// TestMixing tells once for each server, and of so many.
func TestMixing(t *testing.T) {
	var said bytes.Buffer
	m := &mixing{warn: func(err error) { complain(&said, err) }, hints: [2]string{"", "do so"}}
	for i := range 100 {
		m.tell(&wire.Conn{ID: i, Server: wire.Peer{Addr: fmt.Sprint("tcp://h:", i/2)}}, true)
	}
	const first = "socktrace: connection 0: tcp://h:0 speaks TLS, and was sent plain HTTP\nsocktrace: hint: do so\n"
	if strings.Count(said.String(), "\n") != 2*maxMixing || !strings.HasPrefix(said.String(), first) {
		t.Errorf("said %q", said.String())
	}
}

// slowWriter takes nothing until it is let go.
type slowWriter struct {
	free chan bool
	text strings.Builder
}

func (s *slowWriter) Write(b []byte) (int, error) {
	<-s.free
	return s.text.Write(b)
}

// TestKeyLogStalls keeps no handshake waiting for long, and says what was left out.
func TestKeyLogStalls(t *testing.T) {
	w := &slowWriter{free: make(chan bool)}
	k := newKeyLog(w, func(err error) { t.Error(err) })
	for i := range maxKeys + 10 {
		fmt.Fprintf(k, "line %d\n", i)
	}
	close(w.free)
	if lost := k.close(); lost == 0 || lost > 10 {
		t.Errorf("%d left out", lost)
	}
	if s := w.text.String(); !strings.HasPrefix(s, "line 0\nline 1\n") || !strings.Contains(s, fmt.Sprintf("line %d\n", maxKeys-1)) {
		t.Errorf("%d bytes are written", len(s))
	}
}

// TestKeyLogFails says so once, and goes on.
func TestKeyLogFails(t *testing.T) {
	n := 0
	r, w := io.Pipe()
	r.CloseWithError(errors.New("full"))
	k := newKeyLog(w, func(error) { n++ })
	for range 3 {
		if _, err := k.Write([]byte("x\n")); err != nil {
			t.Error(err)
		}
	}
	k.close()
	if n != 1 {
		t.Errorf("said %d times", n)
	}
}
