package render

import (
	"bytes"
	"testing"

	"github.com/socktrace/socktrace/wire"
)

// TestInside tells where a connection is inside of another, and who is at its
// ends if those are others.
func TestInside(t *testing.T) {
	outer := &wire.Conn{ID: 1, Client: wire.Peer{Addr: "tcp://10.0.0.1:1"}, Server: wire.Peer{Addr: "tcp://10.0.0.2:2"}}
	for _, tt := range []struct {
		conn          wire.Conn
		text, compact string
	}{
		{wire.Conn{Parent: wire.Parent{Conn: outer, Exchange: 3}, Via: "h2c", Client: outer.Client, Server: outer.Server},
			"2      * open  inside 1.3 by h2c\n", "inside 1.3"},
		{wire.Conn{Parent: wire.Parent{Conn: outer}, Via: "proxy", Client: outer.Client, Server: outer.Server},
			"2      * open  inside 1 by proxy\n", "inside 1"},
		{wire.Conn{Parent: wire.Parent{Conn: outer}, Via: "proxy", Client: wire.Peer{Addr: "tcp://192.0.2.1:1"}, Server: outer.Server},
			"2      * open  inside 1 by proxy  tcp://192.0.2.1:1 → tcp://10.0.0.2:2\n", "tcp://192.0.2.1:1"},
		{wire.Conn{Parent: wire.Parent{Conn: outer}, Via: "socks5", Client: outer.Client, Server: wire.Peer{Addr: "tcp://host:80"}},
			"2      * open  inside 1 by socks5  tcp://10.0.0.1:1 → tcp://host:80\n", "inside 1"},
		{wire.Conn{Parent: wire.Parent{Conn: outer, Exchange: 3}, Via: "h2c", Reversed: true, Client: outer.Server, Server: outer.Client},
			"2      * open  inside 1.3 by h2c: server asks, client answers\n", "server, inside 1.3"},
		{wire.Conn{Parent: wire.Parent{Conn: outer, Exchange: 3}, Via: "h2c", Reversed: true, Client: wire.Peer{Process: &wire.Process{PID: 1, Name: "dockerd"}}, Server: outer.Client},
			"2      * open  inside 1.3 by h2c: dockerd[1] asks, client answers\n", "dockerd[1]"},
		{wire.Conn{Parent: wire.Parent{Conn: outer, Exchange: 3}, Via: "stdout", Client: outer.Client, Server: outer.Server},
			"2      * open  inside 1.3 by stdout: client asks, server answers\n", "inside 1.3"},
		{wire.Conn{Parent: wire.Parent{Conn: outer, Exchange: 3}, Via: "grpc", Reversed: true, Client: outer.Server, Server: outer.Client},
			"2      * open  inside 1.3 by grpc: server asks, client answers\n", "server, inside 1.3"},
		{wire.Conn{Parent: wire.Parent{Conn: outer, Exchange: 3}, Via: "grpc", Client: outer.Client, Server: outer.Server},
			"2      * open  inside 1.3 by grpc: client asks, server answers\n", "inside 1.3"},
		{*outer, "2      * open  tcp://10.0.0.1:1 → tcp://10.0.0.2:2\n", "tcp://10.0.0.1:1"},
	} {
		tt.conn.ID = 2
		if got := textOf(t, &wire.Open{Meta: wire.Meta{Conn: &tt.conn}}); got != tt.text {
			t.Errorf("got  %swant %s", got, tt.text)
		}
		if got := string(appendAsked(nil, &tt.conn)); got != tt.compact {
			t.Errorf("got %s, want %s", got, tt.compact)
		}
	}
	if got := show(t, jsonLines, []wire.Event{&wire.Open{Meta: wire.Meta{Conn: &wire.Conn{ID: 2, Parent: wire.Parent{Conn: outer}, Via: "proxy"}}}}); !bytes.Contains(got, []byte(`"parent":{"conn":1},"via":"proxy"`)) {
		t.Errorf("got %s", got)
	}
}

// TestOpensInside: in short, a connection inside of another has a line of its own,
// and its exchanges tell who asks.
func TestOpensInside(t *testing.T) {
	outer := &wire.Conn{ID: 1}
	c := &wire.Conn{ID: 2, Parent: wire.Parent{Conn: outer, Exchange: 3}, Via: "h2c", Reversed: true,
		Client: wire.Peer{Process: &wire.Process{PID: 1, Name: "dockerd"}}, Server: wire.Peer{Process: &wire.Process{PID: 7, Name: "docker"}}}
	m := wire.Meta{Conn: c}
	q := &wire.Request{Meta: wire.Meta{Conn: c, Exchange: 1}, Method: "POST", Target: "/a.B/C", Stream: 1}
	got := textWith(t, Options{Heads: HeadsShort}, &wire.Open{Meta: m}, q)
	want := "── 2 inside 1.3 by h2c: dockerd[1] asks, docker[7] answers\n\n── 2.1 POST /a.B/C ── dockerd[1] → docker[7]\n2.1    > POST /a.B/C\n"
	if got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}
