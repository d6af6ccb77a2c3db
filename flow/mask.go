package flow

import (
	"fmt"

	"github.com/socktrace/socktrace/wire"
)

// Masking is what Options.Mask is called when it fails.
const Masking = "masking"

// masked returns what may be shown of ev, nil if nothing may.
func (b *Book) masked(c *conn, ev wire.Event) (shown wire.Event) {
	if c.blind {
		return harmless(ev)
	}
	defer func() {
		if r := recover(); r != nil {
			b.blind(c, r)
			shown = harmless(ev)
		}
	}()
	return b.o.Mask(ev)
}

// harmless returns ev if it says nothing of the traffic: that a connection has
// ended. It returns nil for others.
func harmless(ev wire.Event) wire.Event {
	if c, ok := ev.(*wire.Close); ok {
		return c
	}
	return nil
}

// blind has nothing more shown of c: what cannot be masked may be a secret.
func (b *Book) blind(c *conn, why any) {
	c.blind = true
	if !b.unable.Swap(true) {
		b.o.Failed(Masking, fmt.Errorf("panic: %v", why))
	}
}
