package lesson

import (
	"slices"
	"time"

	"github.com/socktrace/socktrace/wire"
)

// Bounds of what is kept of a session.
const (
	maxSteps   = 500
	maxBytes   = 32 << 20 // if Options say nothing else
	maxConns   = 4096     // that are told apart
	maxStories = 100      // commands that are listed
)

// account is what is kept of a session.
type account struct {
	open    map[key]*step
	steps   []*step
	left    int64 // exchanges that were not kept
	wrong   int64 // of these, such that failed
	bytes   int
	room    int // bytes may become that many
	conns   map[*wire.Conn]struct{}
	more    bool                       // there were more of them than are told apart
	began   time.Time                  // when the first request came
	ended   time.Time                  // when the last byte of an exchange came
	told    []*wire.Story              // by recordings; if they tell none, what is known of the session
	stories map[*wire.Conn]*wire.Story // the same, by the connection whose end they came with
	tls     map[*wire.Conn]*wire.TLS   // connections that speak TLS with the daemon
	lost    int64                      // events that an output was too slow for, when they were recorded

	ends map[*wire.Conn]time.Time // of connections
}

// key names an exchange.
type key struct {
	conn     *wire.Conn
	exchange int
}

// newAccount returns one of a session that has not begun, with so much room, in bytes; 0
// is the usual.
func newAccount(room int) *account {
	if room <= 0 || room > maxBytes {
		room = maxBytes
	}
	return &account{room: room, open: make(map[key]*step), conns: make(map[*wire.Conn]struct{}), tls: make(map[*wire.Conn]*wire.TLS)}
}

// event keeps what a lesson tells.
func (a *account) event(ev wire.Event) {
	m := ev.EventMeta()
	a.closes(ev)
	switch ev := ev.(type) {
	case *wire.Dropped:
		a.lost += ev.Events
	case *wire.TLS:
		if ev.Peer != "client" && m.Conn != nil && len(a.tls) < maxConns {
			a.tls[m.Conn] = ev
		}
	case *wire.Close:
		if ev.Story != nil && len(a.told) < maxStories {
			a.tell(m.Conn, ev.Story)
		}
	}
	if m.Exchange == 0 || m.Conn == nil {
		return
	}
	a.saw(m.Conn)
	switch ev := ev.(type) {
	case *wire.Exchange:
		a.exchange(ev)
	case *wire.Message:
		if p := a.step(m); p != nil && !ev.Aside {
			a.bytes += p.add(ev, a.room-a.bytes)
		}
	case *wire.Request:
		a.step(m)
	}
}

// tell keeps a story that came with the end of a connection.
func (a *account) tell(conn *wire.Conn, story *wire.Story) {
	if a.stories == nil {
		a.stories = make(map[*wire.Conn]*wire.Story)
	}
	a.told, a.stories[conn] = append(a.told, story), story
}

// closes notes when a connection ends.
func (a *account) closes(ev wire.Event) {
	end, ok := ev.(*wire.Close)
	if !ok || len(a.ends) >= maxConns {
		return
	}
	if a.ends == nil {
		a.ends = make(map[*wire.Conn]time.Time)
	}
	a.ends[end.Conn] = end.End
}

// saw notes a connection with exchanges of its own.
func (a *account) saw(c *wire.Conn) {
	switch {
	case isCarried(c):
	case len(a.conns) < maxConns:
		a.conns[c] = struct{}{}
	case !a.more:
		_, known := a.conns[c]
		a.more = !known
	}
}

// step returns the step of an exchange, which begins if it is new; nil if it is not kept.
func (a *account) step(m *wire.Meta) *step {
	k := key{m.Conn, m.Exchange}
	if p := a.open[k]; p != nil || a.full() || isCarried(m.Conn) {
		return p
	}
	p := &step{}
	a.open[k] = p
	return p
}

// full reports whether no more steps are kept.
func (a *account) full() bool { return len(a.steps)+len(a.open) >= maxSteps || a.bytes >= a.room }

// isCarried reports whether what a connection says is told with the exchange that carries
// it: calls of HTTP/2. Requests in a tunnel are steps of their own.
func isCarried(c *wire.Conn) bool {
	switch c.Via {
	case "", "connect", "tls":
		return false
	}
	return c.Parent.Conn != nil
}

// exchange keeps one that has ended.
func (a *account) exchange(x *wire.Exchange) {
	if isCarried(x.Conn) {
		a.inside(x)
		return
	}
	p := a.step(&x.Meta)
	if p == nil {
		a.leave(x)
		return
	}
	delete(a.open, key{x.Conn, x.Meta.Exchange})
	p.x = a.kept(x)
	n := wire.HeldBytes(p.x) + perStep
	if a.bytes+n > a.room {
		a.leave(x)
		return
	}
	a.bytes += n
	a.steps = append(a.steps, p)
}

// leave counts an exchange that is not kept.
func (a *account) leave(x *wire.Exchange) {
	a.left++
	if failed(x) {
		a.wrong++
	}
	a.ended = later(a.ended, x.End)
}

// perStep is what a step takes beside what it has of the traffic, in bytes.
const perStep = 1 << 10

// kept returns a copy of an exchange, without what there is no room for: what is said of it
// is said in the order of time, at the end.
func (a *account) kept(x *wire.Exchange) *wire.Exchange {
	c := *x
	c.Said = nil
	if wire.HeldBytes(x)+a.bytes <= a.room {
		return &c
	}
	for _, body := range []**wire.Body{&c.RequestBody, &c.ResponseBody} {
		if *body != nil && len((*body).Data) > 0 {
			b := **body
			b.Data, b.Truncated = nil, true
			*body = &b
		}
	}
	return &c
}

// inside counts a call that is carried by the stream of another exchange.
func (a *account) inside(x *wire.Exchange) {
	c := x.Conn
	for isCarried(c.Parent.Conn) {
		c = c.Parent.Conn
	}
	k := key{c.Parent.Conn, c.Parent.Exchange}
	p := a.open[k]
	if p == nil {
		i := slices.IndexFunc(a.steps, func(p *step) bool { return p.x.Conn == k.conn && p.x.Meta.Exchange == k.exchange })
		if i < 0 {
			return
		}
		p = a.steps[i]
	}
	p.carries(callName(x), failed(x))
}

// end puts the steps in the order of time.
func (a *account) end() {
	a.left += int64(len(a.open)) // of which nobody has told how they ended
	clear(a.open)
	slices.SortStableFunc(a.steps, func(p, q *step) int { return p.x.Start.Compare(q.x.Start) })
	for i, p := range a.steps {
		p.number = i + 1
		a.ended = later(a.ended, p.x.End)
	}
	if len(a.steps) > 0 {
		a.began = a.steps[0].x.Start
	}
}
