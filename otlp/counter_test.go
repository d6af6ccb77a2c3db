package otlp

import (
	"iter"
	"testing"

	"github.com/socktrace/socktrace/decode"
	"github.com/socktrace/socktrace/flow"
	"github.com/socktrace/socktrace/wire"
)

// hidesAll is a filter that shows nothing.
type hidesAll struct{}

func (hidesAll) Needs() wire.Needs { return wire.Needs{} }
func (hidesAll) Judge() wire.Judge { return hides{} }

// hides is its judge.
type hides struct{}

func (hides) Judge(wire.Event, *wire.Exchange, iter.Seq[wire.Event]) (wire.Verdict, error) {
	return wire.Hidden, nil
}
func (hides) Reset() {}

// growing is a tap that looks at figures after each read.
type growing struct {
	wire.Tap
	look func()
}

func (g *growing) Chunk(c wire.Chunk) { g.Tap.Chunk(c); g.look() }

// TestMeterBytes: bytes count as they come, each once, also if nothing is told of a connection.
func TestMeterBytes(t *testing.T) {
	for _, filter := range []wire.Filter{nil, hidesAll{}} {
		for _, capture := range sessions(t) {
			m, want := NewMeter(t0, nil, nil), [2]int64{}
			b := flow.New(flow.Options{Still: true, Filter: filter, Failed: func(_ string, err error) { t.Error(err) }})
			outlet := b.Add("metrics", m, flow.Delivery{})
			do := decode.Options{Needs: b.Needs(), MaxMessage: 1 << 20, Terminals: decode.NewTerminals(), Numbers: new(wire.Numbers)}
			do.Numbers.Claim(len(capture.Conns))
			for i, c := range capture.Conns {
				conn := c.Wire(i+1, t0)
				var close *wire.Close
				to := b.Of(conn)
				d := decode.New(conn, do, func(ev wire.Event) {
					if c, ok := ev.(*wire.Close); ok && c.Conn == conn {
						close = c
					}
					to(ev)
				})
				d.Open()
				before := want
				look := func() {
					for dir, n := range d.Bytes() {
						want[dir] = max(want[dir], before[dir]+n) // where TLS is decrypted, it counted before
					}
					equal(t, capture.Name, m.figures().bytes, want)
				}
				c.Play(conn, &growing{m.Tap(conn, d, d.Bytes), look})
				if filter == nil {
					for dir, n := range close.Bytes {
						want[dir] = max(want[dir], before[dir]+n)
					}
				}
				equal(t, capture.Name, m.figures().bytes, want)
			}
			b.Close()
			_ = outlet.Close()
			equal(t, capture.Name, m.figures().bytes, want)
			equal(t, "known", len(m.live), 0)
		}
	}
}
