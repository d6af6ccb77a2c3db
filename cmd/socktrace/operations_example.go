package main

import (
	"bytes"
	"time"

	"github.com/socktrace/socktrace/decode"
	"github.com/socktrace/socktrace/demo"
	"github.com/socktrace/socktrace/explain"
	"github.com/socktrace/socktrace/flow"
	"github.com/socktrace/socktrace/redact"
	"github.com/socktrace/socktrace/render"
	"github.com/socktrace/socktrace/subject"
	"github.com/socktrace/socktrace/wire"
)

// operationText returns all about an operation, with an example if one was recorded.
func operationText(e *explain.Entry, ro render.Options) ([]byte, error) {
	text := render.Operation(e, ro)
	command, shown, err := exampleOf(e.Name, ro)
	if err != nil || shown == nil {
		return text, err
	}
	return append(append(text, render.Example(command, ro)...), shown...), nil
}

// exampleOf returns a recorded exchange that asked for an operation, as text shows it, and
// the command that made it; nil if there is none. One that went well is preferred.
func exampleOf(operation string, ro render.Options) (command string, text []byte, err error) {
	var best exampleSearch
	var in demo.Session
	for _, recorded := range []func() (demo.Session, error){demo.Recorded, demo.Examples} {
		if best.well {
			break
		}
		session, err := recorded()
		if err != nil {
			return "", nil, err
		}
		look := exampleSearch{operation: operation}
		if err := playExample(session, &look); err != nil {
			return "", nil, err
		}
		if look.conn != 0 && (best.conn == 0 || look.well && !best.well) {
			best, in = look, session
		}
	}
	if best.conn == 0 {
		return "", nil, nil
	}
	for _, c := range in.Conns {
		if c.Start > best.start {
			break
		}
		if typed := in.Commands[c]; typed != "" {
			command = typed
		}
	}
	var out bytes.Buffer
	ro.Filtered, ro.Zone = true, time.UTC // times count from the beginning of the recording
	err = playExample(in, &exampleSink{render.NewText(&out, ro), best.conn, best.exchange})
	return command, bytes.TrimLeft(out.Bytes(), "\n"), err
}

// exampleBegan is when recordings of examples have begun.
var exampleBegan = time.Unix(0, 0)

// playExample shows a sink a session, one connection after the other, with secrets masked.
func playExample(session demo.Session, sink wire.Sink) error {
	var failed error
	book := flow.New(flow.Options{
		Mask: redact.New(redact.Options{}).Event, Learn: subject.NewReader().Learn,
		Failed: func(_ string, err error) { failed = err }, Still: true, Unhurried: true,
	})
	book.Add("the example", sink, flow.Delivery{})
	var numbers wire.Numbers
	o := decodeOptions(book.Needs(), 1<<20, nil, &numbers)
	for _, c := range session.Conns {
		conn := c.Wire(numbers.Next(), exampleBegan)
		conn.Client, conn.Server = wire.Peer{Addr: "docker"}, wire.Peer{Addr: "dockerd"}
		d := decode.New(conn, o, book.Of(conn))
		d.Open()
		c.Play(conn, d)
	}
	book.Close()
	return failed
}

// exampleSearch is a sink that looks for an exchange that asked for an operation: the first
// that went well, or else the first.
type exampleSearch struct {
	operation      string
	conn, exchange int // that was found; 0: none
	well           bool
	start          time.Duration // of the connection that is not inside another, in the session
}

// Needs is what tells operations and statuses.
func (s *exampleSearch) Needs() wire.Needs { return wire.Needs{Lines: true} }

// Close does nothing.
func (s *exampleSearch) Close() error { return nil }

// Event looks at exchanges that have ended.
func (s *exampleSearch) Event(ev wire.Event, _ *wire.Exchange) error {
	x, ok := ev.(*wire.Exchange)
	if !ok || x.Request == nil || x.Request.Call.Operation != s.operation {
		return nil
	}
	if well := x.Response != nil && x.Response.Status < 300; s.conn == 0 || well && !s.well {
		s.conn, s.exchange, s.well = x.Conn.ID, x.Meta.Exchange, well
		s.start = x.Conn.Outermost().Start.Sub(exampleBegan)
	}
	return nil
}

// exampleSink passes on the events of one exchange.
type exampleSink struct {
	wire.Sink
	conn, exchange int
}

// Event passes one on, if it is of that exchange.
func (s *exampleSink) Event(ev wire.Event, x *wire.Exchange) error {
	if m := ev.EventMeta(); m.Conn == nil || m.Conn.ID != s.conn || m.Exchange != s.exchange {
		return nil
	}
	return s.Sink.Event(ev, x)
}
