package redact

import (
	"slices"
	"testing"

	"github.com/socktrace/socktrace/wire"
)

// TestTakingTurns has events of connections between each other: each has its
// own state, and none of one that has ended.
func TestTakingTurns(t *testing.T) {
	r := newRedactor()
	login, plain := &conv{r, &wire.Conn{ID: 1}}, &conv{r, &wire.Conn{ID: 2}}
	const body = `{"a":["x"],"auth":[{"b":"x"}]}`
	for range 2 {
		login.request(1, "/auth")
		plain.request(1, "/x")
		a, b := login.message(1, wire.ToServer, wire.KindJSON, body), plain.message(1, wire.ToServer, wire.KindJSON, body)
		if a.Masked == nil || b.Masked != nil {
			t.Errorf("masked %q and %q", a.Masked, b.Masked)
		}
		for _, c := range []*conv{login, plain} {
			r.Event(&wire.Close{Meta: c.meta(0, wire.ToServer)})
			if s := r.conns.last.Load(); s != nil && s.conn == c.conn {
				t.Error("a connection that has ended is remembered")
			}
		}
		if m := login.message(1, wire.ToServer, wire.KindJSON, body); m.Masked != nil {
			t.Errorf("after its end: %q", m.Masked)
		}
		r.Event(&wire.Close{Meta: login.meta(0, wire.ToServer)})
	}
}

// TestManyExchanges has exchanges end in another order than they began.
func TestManyExchanges(t *testing.T) {
	c := newConv()
	for n := range 10 {
		c.request(n, "/x", "Cookie: x")
	}
	for _, n := range []int{3, 9, 0, 8, 1, 5} {
		c.r.Event(&wire.End{Meta: c.meta(n, wire.ToServer)})
	}
	s := c.known()
	for n := range 10 {
		if open := s.find(n) >= 0; open != slices.Contains([]int{2, 4, 6, 7}, n) {
			t.Errorf("exchange %d: open is %t", n, open)
		}
	}
	if x := s.exchange(6); len(x.names) != 1 || s.exchange(11) == x {
		t.Errorf("exchange 6: %+v", x)
	}
}

// TestTurnedRound: if the daemon is the client of a connection in what somebody
// types, that is what the connection's server says.
func TestTurnedRound(t *testing.T) {
	c := newConv()
	c.conn.Client.Addr, c.conn.Server.Addr = "a", "b"
	for target, hidden := range map[string]bool{"/exec/1/start": true, "/x": false} {
		c.request(1, target)
		child := &conv{c.r, &wire.Conn{Client: c.conn.Server, Server: c.conn.Client, Parent: wire.Parent{Conn: c.conn, Exchange: 1}}}
		if m := child.message(1, wire.ToClient, wire.KindText, "typed"); (m.Masked != nil) != hidden {
			t.Errorf("%s: %q", target, m.Data)
		}
		c.r.Event(&wire.End{Meta: c.meta(1, wire.ToServer)})
	}
}

// TestUnknownCarrier: what travels in an exchange of which nothing is known, or
// no more, may be anything.
func TestUnknownCarrier(t *testing.T) {
	for name, lose := range map[string]func(c *conv){
		"nothing lost": func(c *conv) {},
		"ended":        func(c *conv) { c.r.Event(&wire.End{Meta: c.meta(1, wire.ToServer)}) },
		"closed":       func(c *conv) { c.r.Event(&wire.Close{Meta: c.meta(0, wire.ToServer)}) },
		"overflow": func(c *conv) {
			for n := range 1024 + 1 {
				c.request(n+1, "/x")
			}
		},
	} {
		c := newConv()
		c.request(1, "/x")
		lose(c)
		child := &conv{c.r, &wire.Conn{ID: 2, Parent: wire.Parent{Conn: c.conn, Exchange: 1}}}
		within := &conv{c.r, &wire.Conn{ID: 3, Parent: wire.Parent{Conn: child.conn, Exchange: 1}}}
		for _, c := range []*conv{child, within} {
			if q := c.request(1, "/y?a=b", "Host: d"); q.Masked != nil {
				t.Errorf("%s: masked %q of the head", name, q.Masked)
			}
			for _, dir := range []wire.Dir{wire.ToServer, wire.ToClient} {
				m := c.message(1, dir, wire.KindJSON, `{"a":1}`)
				b := c.body(1, dir, wire.KindJSON, `{"a":1}`)
				if hidden := name != "nothing lost"; (m.Masked != nil) != hidden || (b.Masked != nil) != hidden {
					t.Errorf("%s: %s and %s are shown", name, m.Data, b.Data)
				}
			}
		}
	}
}
