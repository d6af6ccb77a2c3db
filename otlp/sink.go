package otlp

import (
	"iter"
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
	out      Output
	bodies   bool // log records are wanted
	ids      *ids
	conns    map[*wire.Conn]*conn
	commands map[commandKey]*command
	spans    int    // that are open
	held     int    // bytes of their events
	buf      []byte // memory for a message
}

// SinkOptions say what a Sink makes.
type SinkOptions struct {
	Bodies bool // log records of bodies and frames
}

// NewSink returns a Sink for what comes next.
func NewSink(out Output, o SinkOptions) *Sink {
	return &Sink{out: out, bodies: o.Bodies, ids: newIDs(), conns: make(map[*wire.Conn]*conn), commands: make(map[commandKey]*command)}
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
	s.endQuiet(now)
	return nil
}

// Close ends all traces. Exchanges that are open have been told as such before.
func (s *Sink) Close() error {
	for _, c := range s.conns {
		s.forget(c)
	}
	for _, cmd := range s.commands {
		s.endCommand(cmd)
	}
	return nil
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

// ends notes that something of the command has ended.
func (c *command) ends(at time.Time) {
	if at.After(c.last) {
		c.last = at
	}
}
