package otlp

import (
	"testing"
	"time"

	"github.com/socktrace/socktrace/decode"
	"github.com/socktrace/socktrace/flow"
	"github.com/socktrace/socktrace/internal/tracetest"
	"github.com/socktrace/socktrace/redact"
	"github.com/socktrace/socktrace/subject"
	"github.com/socktrace/socktrace/wire"
)

// t0 is when every session in the tests began.
var t0 = time.Date(2026, 1, 2, 3, 4, 5, 678901234, time.UTC)

// collected is an Output that keeps what it is given.
type collected struct{ spans, logs [][]byte }

func (c *collected) Span(m []byte) { c.spans = append(c.spans, append([]byte(nil), m...)) }
func (c *collected) Log(m []byte)  { c.logs = append(c.logs, append([]byte(nil), m...)) }

// seen is a session, what a Sink has made of it, and the exchanges that it was told.
type seen struct {
	collected
	exchanges []*wire.Exchange
	messages  []*wire.Message
}

// play has a Sink see a session, behind the redactor and the book.
func play(t testing.TB, c tracetest.Capture, o SinkOptions, prepare func(*wire.Conn)) *seen {
	t.Helper()
	s := &seen{}
	sink := NewSink(s, o)
	b := flow.New(flow.Options{
		Mask:  redact.New(redact.Options{Key: []byte("key")}).Event,
		Learn: subject.NewReader().Learn, Still: true, Failed: func(_ string, err error) { t.Error(err) },
	})
	outlet := b.Add("otlp", sink, flow.Delivery{})
	b.Add("the test", (*noting)(s), flow.Delivery{})
	do := decode.Options{Needs: b.Needs(), MaxMessage: 1 << 20, Terminals: decode.NewTerminals(), Numbers: new(wire.Numbers)}
	do.Numbers.Claim(len(c.Conns))
	for i, c := range c.Conns {
		conn := c.Wire(i+1, t0)
		if prepare != nil {
			prepare(conn)
		}
		d := decode.New(conn, do, b.Of(conn))
		d.Open()
		c.Play(conn, d)
	}
	b.Close()
	if err := outlet.Close(); err != nil {
		t.Error(err)
	}
	return s
}

// noting is a sink that keeps exchanges, and messages.
type noting seen

func (n *noting) Needs() wire.Needs {
	return wire.Needs{Lines: true, Fields: true, Keeps: true}
}
func (n *noting) Close() error { return nil }
func (n *noting) Event(ev wire.Event, _ *wire.Exchange) error {
	switch ev := ev.(type) {
	case *wire.Exchange:
		x := *ev
		n.exchanges = append(n.exchanges, &x)
	case *wire.Message:
		n.messages = append(n.messages, wire.Clone(ev).(*wire.Message))
	}
	return nil
}

// sessions are all transcripts and captures.
func sessions(t testing.TB) []tracetest.Capture {
	return append(tracetest.Load(t, "../decode/testdata/transcripts/*.txt"), tracetest.Captures(t)...)
}
