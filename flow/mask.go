package flow

import (
	"fmt"

	"github.com/socktrace/socktrace/wire"
)

// Masking is what Options.Mask is called when it fails.
const Masking = "masking"

// Masker returns what returns what may be shown of the events of one connection, and of
// those inside of it; nil for what must not. It is for who masks events in one place, one
// after the other, and has them told in another: by Masked.
func (b *Book) Masker() func(wire.Event) wire.Event {
	if b.o.Mask == nil || b.idle() {
		return func(ev wire.Event) wire.Event { return ev }
	}
	blind := false
	return func(ev wire.Event) wire.Event { return b.masked(&blind, ev) }
}

// masked returns what may be shown of ev, nil if nothing may. blind is that of its
// connection: whether masking has failed there.
func (b *Book) masked(blind *bool, ev wire.Event) (shown wire.Event) {
	if *blind {
		return harmless(ev)
	}
	defer func() {
		if r := recover(); r != nil {
			*blind = true
			b.unmasked(r)
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

// unmasked tells, once, that masking has failed: what cannot be masked may be a secret.
func (b *Book) unmasked(why any) {
	if !b.unable.Swap(true) {
		b.o.Failed(Masking, fmt.Errorf("panic: %v", why))
	}
}
