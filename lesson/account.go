package lesson

import (
	"io"
	"slices"
	"time"

	"github.com/socktrace/socktrace/equivalent"
	"github.com/socktrace/socktrace/wire"
)

// Bounds of what is kept of a session.
const (
	maxSteps = 500
	maxBytes = 32 << 20
	maxConns = 4096 // that are told apart
)

// Sink keeps an account of a session, and writes the lesson when it is closed. One
// goroutine at a time tells it events.
type Sink struct {
	w     io.Writer
	o     Options
	open  map[key]*step
	steps []*step
	left  int64 // exchanges that were not kept
	bytes int
	conns map[*wire.Conn]struct{}
	more  int64     // connections beyond conns
	began time.Time // when the first request came
	ended time.Time // when the last byte of an exchange came
	told  []*wire.Story
	tls   map[*wire.Conn]*wire.TLS // connections that speak TLS with the daemon
	lost  int64                    // events that an output was too slow for, when they were recorded
}

// key names an exchange.
type key struct {
	conn     *wire.Conn
	exchange int
}

// Options say how a lesson is written.
type Options struct {
	HTML   bool
	Title  string             // empty: what is known of the session
	Daemon equivalent.Options // for the calls that ask for the same
	Zone   *time.Location     // of clock times; nil is time.Local
}

// New returns a sink that writes a lesson to w when it is closed.
func New(w io.Writer, o Options) *Sink {
	if o.Zone == nil {
		o.Zone = time.Local
	}
	return &Sink{w: w, o: o, open: make(map[key]*step), conns: make(map[*wire.Conn]struct{}), tls: make(map[*wire.Conn]*wire.TLS)}
}

// Needs is all that is read, and as much of bodies as the calls need that ask for the
// same.
func (s *Sink) Needs() wire.Needs {
	return wire.Needs{Lines: true, Fields: true, Telling: true, Sizes: true, Messages: true, Body: maxBody, Keeps: true}
}

// Event keeps what a lesson tells.
func (s *Sink) Event(ev wire.Event, _ *wire.Exchange) error {
	m := ev.EventMeta()
	switch ev := ev.(type) {
	case *wire.Dropped:
		s.lost += ev.Events
	case *wire.TLS:
		if ev.Peer != "client" && m.Conn != nil && len(s.tls) < maxConns {
			s.tls[m.Conn] = ev
		}
	}
	if m.Exchange == 0 || m.Conn == nil {
		return nil
	}
	s.saw(m.Conn)
	switch ev := ev.(type) {
	case *wire.Exchange:
		s.exchange(ev)
	case *wire.Message:
		if p := s.step(m); p != nil && !ev.Aside {
			s.bytes += p.add(ev, maxBytes-s.bytes)
		}
	case *wire.Request:
		s.step(m)
	}
	return nil
}

// saw notes a connection with exchanges of its own.
func (s *Sink) saw(c *wire.Conn) {
	if !isCarried(c) && len(s.conns) < maxConns {
		s.conns[c] = struct{}{}
	}
}

// step returns the step of an exchange, which begins if it is new; nil if it is not kept.
func (s *Sink) step(m *wire.Meta) *step {
	k := key{m.Conn, m.Exchange}
	if p := s.open[k]; p != nil || s.full() || isCarried(m.Conn) {
		return p
	}
	p := &step{}
	s.open[k] = p
	return p
}

// full reports whether no more steps are kept.
func (s *Sink) full() bool { return len(s.steps)+len(s.open) >= maxSteps || s.bytes >= maxBytes }

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
func (s *Sink) exchange(x *wire.Exchange) {
	if isCarried(x.Conn) {
		s.inside(x)
		return
	}
	p := s.step(&x.Meta)
	if p == nil {
		s.left++
		return
	}
	delete(s.open, key{x.Conn, x.Meta.Exchange})
	p.x = s.kept(x)
	n := wire.HeldBytes(p.x) + perStep
	if s.bytes+n > maxBytes {
		s.left++
		return
	}
	s.bytes += n
	s.steps = append(s.steps, p)
}

// perStep is what a step takes beside what it has of the traffic, in bytes.
const perStep = 1 << 10

// kept returns a copy of an exchange, without what there is no room for: what is said of it
// is said in the order of time, at the end.
func (s *Sink) kept(x *wire.Exchange) *wire.Exchange {
	c := *x
	c.Said = nil
	if wire.HeldBytes(x)+s.bytes <= maxBytes {
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
func (s *Sink) inside(x *wire.Exchange) {
	c := x.Conn
	for isCarried(c.Parent.Conn) {
		c = c.Parent.Conn
	}
	k := key{c.Parent.Conn, c.Parent.Exchange}
	p := s.open[k]
	if p == nil {
		i := slices.IndexFunc(s.steps, func(p *step) bool { return p.x.Conn == k.conn && p.x.Meta.Exchange == k.exchange })
		if i < 0 {
			return
		}
		p = s.steps[i]
	}
	p.carries(callName(x), failed(x))
}

// callName returns what a call inside is named: its operation, or else its request.
func callName(x *wire.Exchange) string {
	r := x.Request
	switch {
	case r == nil:
		return "a call whose request was not seen"
	case r.Call.Operation != "" && r.Call.Operation != grpcMethod:
		return r.Call.Operation
	}
	if g, ok := x.GRPC(); ok {
		return shortMethod(g.Method)
	}
	return cutText(r.Method+" "+r.Target, maxName)
}

// Close writes the lesson.
func (s *Sink) Close() error {
	s.left += int64(len(s.open)) // of which nobody has told how they ended
	clear(s.open)
	slices.SortStableFunc(s.steps, func(a, b *step) int { return a.x.Start.Compare(b.x.Start) })
	for i, p := range s.steps {
		p.number = i + 1
		s.ended = later(s.ended, p.x.End)
	}
	if len(s.steps) > 0 {
		s.began = s.steps[0].x.Start
	}
	s.explain()
	return s.write()
}
