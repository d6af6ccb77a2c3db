package flow

import "github.com/socktrace/socktrace/wire"

// explain has Options.Explain say of an exchange what it is for. What there is no
// memory for is not said: nothing of the traffic is lost by that.
func (b *Book) explain(ev wire.Event, r *record) {
	if b.o.Explain == nil {
		return
	}
	before := r.x.Said
	b.o.Explain(ev, &r.x)
	n := wire.SaidBytes(&r.x)
	if n <= r.explained {
		return
	}
	if !r.take(n - r.explained) {
		r.x.Said = before // which is paid for
		return
	}
	r.explained = n
}
