package otlp

import (
	"iter"
	"maps"
	"slices"
	"time"

	"github.com/socktrace/socktrace/wire"
)

// Output takes what was made: encoded messages of OTLP, which it copies.
type Output interface {
	Span(message []byte)
	Log(message []byte)
}

// Sink makes spans of exchanges, and log records of what is in them. It keeps no events,
// and must not be called by several goroutines at once.
type Sink struct {
	*places
	out    Output
	bodies bool // log records are wanted
	run    *Run
	asks   asks
	buf    []byte // memory for a message
}

// SinkOptions say what a Sink makes.
type SinkOptions struct {
	Bodies bool // log records of bodies and frames
	Join   Join
	Audit  *Audit // its lines get the spans of their exchanges; nil: there are none
	Run    *Run   // what was started to be traced; nil: nothing was
}

// NewSink returns a Sink for what comes next.
func NewSink(out Output, o SinkOptions) *Sink {
	s := &Sink{out: out, bodies: o.Bodies, run: o.Run, asks: make(asks)}
	s.places = newPlaces(o.Join, s.root, s.stand)
	s.commands.run = o.Run
	s.audit = o.Audit
	return s
}

var (
	_ wire.Sink   = (*Sink)(nil)
	_ wire.Ticker = (*Sink)(nil)
)

// Needs is what spans have in them; with bodies, all that bodies consist of.
func (s *Sink) Needs() wire.Needs {
	return wire.Needs{Lines: true, Fields: true, Telling: true, Sizes: s.bodies, Messages: s.bodies}
}

// Event makes spans when exchanges end.
func (s *Sink) Event(ev wire.Event, x *wire.Exchange) error {
	switch ev := ev.(type) {
	case *wire.Open:
		s.conn(ev.Conn)
		s.carrier(travelsIn(ev.Conn)) // which may end before anything is asked
	case *wire.Request:
		c := s.conn(ev.Conn)
		if sp := s.open(c, ev.Exchange); sp != nil {
			s.place(c, sp, ev)
		}
	case *wire.Message:
		s.message(ev)
	case *wire.Exchange:
		s.exchange(ev)
	case *wire.Close:
		s.closed(ev)
	}
	return nil
}

// Tick ends the traces of commands that are over.
func (s *Sink) Tick(now time.Time, _ iter.Seq[*wire.Exchange]) error {
	s.commands.endQuiet(now)
	if s.audit != nil {
		s.audit.give(time.Now().Add(-lineDelay))
	}
	return nil
}

// Close ends all traces. Exchanges that are open have been told as such before.
func (s *Sink) Close() error {
	all := slices.Collect(maps.Values(s.conns))
	slices.SortFunc(all, func(a, b *conn) int { return depth(b.wire) - depth(a.wire) }) // what is inside comes first
	for _, c := range all {
		s.forget(c)
	}
	s.commands.endAll()
	if s.audit != nil {
		s.audit.close()
	}
	return nil
}

// depth returns how many connections carry one.
func depth(c *wire.Conn) (n int) {
	for ; c != nil && c.Parent.Conn != nil; c = c.Parent.Conn {
		n++
	}
	return n
}

// closed forgets a connection.
func (s *Sink) closed(ev *wire.Close) {
	c := s.conns[ev.Conn]
	if c == nil {
		return
	}
	if cmd := c.command; cmd != nil {
		if ev.Story != nil {
			cmd.story = clone(ev.Story.Name)
		}
		cmd.ends(ev.End)
	}
	s.forget(c)
}

// exchange makes the span of an exchange, which has ended.
func (s *Sink) exchange(x *wire.Exchange) {
	c := s.conn(x.Conn)
	sp := s.open(c, x.Exchange)
	if sp == nil { // no room
		sp = s.unplaced(x.Exchange)
	}
	s.place(c, sp, x.Request)
	sp.carries = sp.carries || x.Upgrade != nil
	if cmd := sp.command; cmd != nil {
		cmd.spans++
		cmd.ends(x.End)
	}
	s.buf = appendSpan(s.buf[:0], sp, c, x, s.asks.of(x.Request, callOf(x)))
	s.out.Span(s.buf)
	s.within(c, x.Start, x.End)
	s.release(c, sp)
	if !c.kept {
		s.forget(c)
	}
}

// message makes an event of a message in a stream, or of a call, and a log record of what
// is in it.
func (s *Sink) message(m *wire.Message) {
	inStream := streams(m)
	if !inStream && !s.bodies {
		return
	}
	c := s.conns[m.Conn]
	if c == nil || m.Exchange == 0 {
		return
	}
	sp := s.open(c, m.Exchange)
	if sp == nil {
		return
	}
	s.place(c, sp, nil)
	if s.bodies && !m.Aside && len(m.Data) > 0 {
		s.buf = appendLog(s.buf[:0], &sp.spanContext, m)
		s.out.Log(s.buf)
	}
	if inStream && sp.stream.begins(m) {
		sp.stream.tell(m, &s.held)
	}
}

// root sends the span of a command, which is over.
func (s *Sink) root(cmd *command) {
	s.buf = appendRoot(s.buf[:0], cmd)
	if code, known := s.run.exit(cmd.key.pid); known {
		s.buf = appendExit(s.buf, code)
	}
	s.out.Span(s.buf)
}

// stand sends a span in place of an exchange that was not told.
func (s *Sink) stand(c *conn, sp *span) {
	s.buf = appendHidden(s.buf[:0], sp, c)
	s.out.Span(s.buf)
}
