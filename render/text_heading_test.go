package render

import (
	"strings"
	"testing"

	"github.com/socktrace/socktrace/wire"
)

// asked returns the request of an exchange from docker, and the exchange.
func asked(target, operation string, about wire.Subject) (*wire.Request, *wire.Exchange) {
	s := &script{}
	s.open(1, 0)
	r := s.request(1, "GET", target, operation, "Host: x")
	s.sum.Subject = about
	return r, s.sum
}

// headingOf returns the first line of what text shows of a request.
func headingOf(t *testing.T, width int, o Options, r *wire.Request, x *wire.Exchange) string {
	t.Helper()
	var out strings.Builder
	o.Zone, o.Width = began.Location(), func() int { return width }
	if err := NewText(&out, o).Event(r, x); err != nil {
		t.Fatal(err)
	}
	line, _, _ := strings.Cut(out.String(), "\n")
	return line
}

// TestTitle: what an exchange is about, as far as it is known.
func TestTitle(t *testing.T) {
	long := strings.Repeat("x", 81)
	for _, c := range []struct {
		target, operation string
		about             wire.Subject
		want              string
	}{
		{"/v1.41/info", "SystemInfo", wire.Subject{}, "SystemInfo"},
		{"/v1.41/containers/create?name=nc1", "ContainerCreate", wire.Subject{Type: "container", Name: "nc1"}, "ContainerCreate nc1"},
		{"/x", "ContainerStart", wire.Subject{Type: "container", Name: "nc1", ID: id}, "ContainerStart nc1"},
		{"/x", "ContainerStart", wire.Subject{Type: "container", ID: id}, "ContainerStart 289e72570a23"},
		{"/x", "ContainerStart", wire.Subject{Type: "container", ID: "289e"}, "ContainerStart 289e"},
		{"/x", "ImageInspect", wire.Subject{Type: "image", ID: "sha256:" + id}, "ImageInspect 289e72570a23"},
		{"/x", "ExecStart", wire.Subject{Type: "exec", ID: id, Container: "web"}, "ExecStart exec in web"},
		{"/x", "ExecStart", wire.Subject{Type: "exec", ID: "e1", Container: id}, "ExecStart exec in 289e72570a23"},
		{"/other/" + id + "?q=1", "", wire.Subject{}, "GET /other/289e72570a23…"},
		{"/" + long, "", wire.Subject{}, "GET /" + long[:79] + "…"},
		{"/x", "X", wire.Subject{Name: long[:80]}, "X " + long[:80]},
		{"/x", "X", wire.Subject{Name: long}, "X " + long[:80] + "…"},
		{"/x", "X", wire.Subject{Name: long[:79] + "é"}, "X " + long[:79] + "…"},
		{"/x", "X", wire.Subject{Name: "\x1b[2J"}, `X \e[2J`},
	} {
		r, x := asked(c.target, c.operation, c.about)
		if got, want := headingOf(t, 0, Options{}, r, x), "── 1.1 "+c.want+" ── docker[4711] → dockerd"; got != want {
			t.Errorf("%s %+v: got %s", c.operation, c.about, got)
		}
	}
	r, x := asked("/x", "X", wire.Subject{})
	r.Call.Subject = id
	if got := headingOf(t, 0, Options{}, r, x); got != "── 1.1 X 289e72570a23 ── docker[4711] → dockerd" {
		t.Errorf("only the path tells it: %s", got)
	}
}

// TestRule: the line goes on to the last column, and says who talks to whom if that
// fits, and in short when.
func TestRule(t *testing.T) {
	r, x := asked("/x", "SystemInfo", wire.Subject{})
	const left, client, right, now = "── 1.1 SystemInfo", " docker[4711]", " docker[4711] → dockerd", "  19:21:10.063"
	rule := func(n int) string { return " " + strings.Repeat("─", n) }
	for width, want := range map[int]string{
		60: left + rule(19) + right, 42: left + rule(1) + right, 41: left + rule(10) + client, 32: left + rule(1) + client, 31: left + rule(13), 19: left + rule(1), 18: left,
	} {
		if got := headingOf(t, width, Options{}, r, x); got != want {
			t.Errorf("%d columns: got %s", width, got)
		}
	}
	if got := headingOf(t, 70, Options{Heads: HeadsShort}, r, x); got != left+rule(15)+right+now {
		t.Errorf("got %s", got)
	}
	for width, want := range map[int]string{
		56: left + rule(1) + right + now, 55: left + rule(10) + client + now, 46: left + rule(1) + client + now, 45: left + rule(14) + now[1:], 32: left + rule(1) + now[1:], 31: left + rule(13),
	} {
		if got := headingOf(t, width, Options{Heads: HeadsShort}, r, x); got != want {
			t.Errorf("%d columns: got %s", width, got)
		}
	}
	if got, want := headingOf(t, 30, Options{Heads: HeadsShort, ASCII: true}, r, x), "-- 1.1 SystemInfo ------------"; got != want {
		t.Errorf("got %s", got)
	}
}

// TestParties: who talks to whom, or inside of what.
func TestParties(t *testing.T) {
	outer := &wire.Conn{ID: 7}
	for _, c := range []struct {
		conn wire.Conn
		want string
	}{
		{wire.Conn{}, "? → ?"},
		{wire.Conn{Client: wire.Peer{Addr: "tcp://10.0.0.1:5"}, Server: wire.Peer{Addr: "tcp://10.0.0.2:2375"}}, "tcp://10.0.0.1:5 → tcp://10.0.0.2:2375"},
		{wire.Conn{Client: wire.Peer{Addr: "a", Process: &wire.Process{PID: 3, Name: "x"}}, Server: wire.Peer{Addr: "b", Process: &wire.Process{PID: 4, Name: "y"}}}, "x[3] → y"},
		{wire.Conn{Client: wire.Peer{Process: &wire.Process{PID: 3}}, Server: wire.Peer{Addr: "unix:///s"}}, "[3] → unix:///s"},
		{wire.Conn{Parent: wire.Parent{Conn: outer, Exchange: 2}, Via: "h2c"}, "inside 7.2 by h2c"},
		{wire.Conn{Parent: wire.Parent{Conn: outer}, Via: "socks"}, "inside 7 by socks"},
	} {
		r, x := asked("/x", "X", wire.Subject{})
		c.conn.ID = 1
		r.Conn = &c.conn
		if got := headingOf(t, 0, Options{}, r, x); got != "── 1.1 X ── "+c.want {
			t.Errorf("got %s, want %s", got, c.want)
		}
	}
}

// TestSections: a heading where the exchange changes, with an empty line before it
// if it begins; what happens to connections apart.
func TestSections(t *testing.T) {
	one, two := &wire.Conn{ID: 1}, &wire.Conn{ID: 2}
	m := func(c *wire.Conn, exchange int) wire.Meta {
		return wire.Meta{Conn: c, Exchange: exchange, Dir: wire.ToClient}
	}
	request := func(c *wire.Conn, exchange int) wire.Event {
		r := &wire.Request{Meta: m(c, exchange), Method: "GET", Target: "/", Call: wire.Call{Operation: "X"}}
		r.Dir = wire.ToServer
		return r
	}
	out := func(c *wire.Conn, exchange int) wire.Event {
		return &wire.Message{Meta: m(c, exchange), Kind: wire.KindStdout, Data: []byte("a\n"), Size: 2}
	}
	reset := func(c *wire.Conn) wire.Event { return &wire.Close{Meta: m(c, 0), Err: "reset"} }
	for _, c := range []struct {
		heads  Heads
		events []wire.Event
		want   string
	}{
		{HeadsShort, []wire.Event{request(one, 1), out(one, 1), request(two, 1), out(one, 1), out(one, 1), request(one, 2)},
			"── 1.1 X ── ? → ?|>|<||── 2.1 X ── ? → ?|>|── 1.1 X|<|<||── 1.2 X ── ? → ?|>|"},
		{HeadsShort, []wire.Event{&wire.Open{Meta: m(one, 0)}, request(one, 1), &wire.Close{Meta: m(one, 0)}, &wire.Close{Meta: m(two, 0), Err: "x", Stopped: true}},
			"── 1.1 X ── ? → ?|>|"},
		{HeadsShort, []wire.Event{request(one, 1), reset(one), reset(two), out(one, 1)},
			"── 1.1 X ── ? → ?|>||── 1 ── ? → ?|*||── 2 ── ? → ?|*|── 1.1 X|<|"},
		{HeadsFull, []wire.Event{&wire.Open{Meta: m(one, 0)}, &wire.Open{Meta: m(two, 0)}, request(one, 1), reset(one), &wire.Open{Meta: m(two, 0)}},
			"*|*||── 1.1 X ── ? → ?|>|>||*|*|"},
		{HeadsShort, []wire.Event{out(one, 0), out(two, 0), &wire.Dropped{Events: 1}, out(two, 0)},
			"── 1 ── ? → ?|<||── 2 ── ? → ?|<||!||── 2 ── ? → ?|<|"},
		{HeadsFull, []wire.Event{out(one, 3)}, "── 1.3 (request not seen)|<|"},
	} {
		var out, lines strings.Builder
		sink := NewText(&out, Options{Heads: c.heads})
		known := map[wire.Meta]*wire.Exchange{}
		for _, ev := range c.events {
			m := *ev.EventMeta()
			m.Dir = wire.ToClient
			if r, ok := ev.(*wire.Request); ok {
				known[m] = &wire.Exchange{Meta: m, Request: r}
			}
			if err := sink.Event(ev, known[m]); err != nil {
				t.Fatal(err)
			}
		}
		for line := range strings.Lines(out.String()) {
			if len(line) > idColumns+2 && strings.ContainsAny(line[idColumns+1:idColumns+2], "<>*!=") {
				line = line[idColumns+1:idColumns+2] + "\n"
			}
			lines.WriteString(strings.ReplaceAll(line, "\n", "|"))
		}
		if lines.String() != c.want {
			t.Errorf("got  %s\nwant %s", lines.String(), c.want)
		}
	}
}
