package decode

import (
	"time"

	"github.com/socktrace/socktrace/decode/internal/budget"
	"github.com/socktrace/socktrace/decode/internal/http1"
	"github.com/socktrace/socktrace/decode/internal/http2"
	"github.com/socktrace/socktrace/internal/memory"
	"github.com/socktrace/socktrace/wire"
)

// Break makes the next step of d panic.
func Break(d *Conn) { d.proto = broken{} }

type broken struct{}

func (broken) Step(wire.Dir) bool              { panic("broken for a test") }
func (broken) Lost(wire.Dir, time.Time, int64) {}
func (broken) Spent(wire.Dir)                  {}
func (broken) Silence(wire.Dir)                {}
func (broken) End()                            {}

// NewBudget returns a budget of n bytes.
func NewBudget(n int64) *Budget { return BudgetOf(memory.New(n)) }

// Left returns how much of b is left.
func Left(b *Budget) int64 { return budget.Left(b) }

// Held returns how many bytes d holds that are not decoded.
func Held(d *Conn) (n int) {
	for i := range d.windows {
		n += d.windows[i].Len()
	}
	for _, c := range d.inside {
		switch c := c.(type) {
		case *child:
			n += Held(c.Conn)
		case within:
			n += Held(c.Conn)
		}
	}
	return n
}

// Idle reports whether d has done all that it can with what has come.
func Idle(d *Conn) bool { return !d.proto.Step(wire.ToServer) && !d.proto.Step(wire.ToClient) }

// Small makes the bounds of what is held small, for as long as a test runs.
func Small(head, held int) (restore func()) {
	before, before2 := limits, limits2
	limits, limits2 = http1.Limits{Head: head, Held: held}, http2.Limits{Head: head, Held: held}
	return func() { limits, limits2 = before, before2 }
}
