package flow

import (
	"fmt"

	"github.com/socktrace/socktrace/wire"
)

// Masking is what Options.Mask is called when it fails.
const Masking = "masking"

// masked returns what may be shown of ev, nil if nothing may. That a connection
// has ended says nothing of its traffic.
func (b *Book) masked(c *conn, ev wire.Event) (shown wire.Event) {
	if b.o.Mask == nil {
		return ev
	}
	_, ends := ev.(*wire.Close)
	if c.blind && !ends {
		return nil
	}
	defer func() {
		if r := recover(); r != nil {
			b.blind(c, r)
			if shown = nil; ends {
				shown = ev
			}
		}
	}()
	return b.o.Mask(ev)
}

// blind has nothing more shown of c: what cannot be masked may be a secret.
func (b *Book) blind(c *conn, why any) {
	c.blind = true
	if !b.unable.Swap(true) {
		b.o.Failed(Masking, fmt.Errorf("panic: %v", why))
	}
}
