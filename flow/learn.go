package flow

import "github.com/socktrace/socktrace/wire"

// learn has Options.Learn add to an exchange what ev tells. What there is no memory
// for is not kept.
func (b *Book) learn(ev wire.Event, r *record) {
	if b.o.Learn == nil {
		return
	}
	b.o.Learn(ev, &r.x)
	n := wire.AboutBytes(&r.x)
	if n <= r.learnt {
		return
	}
	if more := n - r.learnt; !r.take(more) {
		r.lacks(&r.x, ev, more)
		r.x.Subject, r.x.Details, r.x.Outcome.Error = wire.Subject{}, nil, ""
		return
	}
	r.learnt = n
}
