package otlp

import "iter"

// openSpans are those of a connection, by the numbers of their exchanges. Most have one at a
// time, which needs no map.
type openSpans struct {
	one  *span
	more map[int]*span // nil: there never were two
}

// of returns the span of an exchange; nil if none is open.
func (o *openSpans) of(n int) *span {
	if o.one != nil && o.one.number == n {
		return o.one
	}
	return o.more[n]
}

// add adds a span, whose number no other has.
func (o *openSpans) add(sp *span) {
	switch {
	case o.one == nil:
		o.one = sp
	case o.more == nil:
		o.more = map[int]*span{sp.number: sp}
	default:
		o.more[sp.number] = sp
	}
}

// remove takes a span out.
func (o *openSpans) remove(sp *span) {
	if o.one == sp {
		o.one = nil
		return
	}
	delete(o.more, sp.number)
}

// all returns all, which may be removed meanwhile.
func (o *openSpans) all() iter.Seq[*span] {
	return func(yield func(*span) bool) {
		if o.one != nil && !yield(o.one) {
			return
		}
		for _, sp := range o.more {
			if !yield(sp) {
				return
			}
		}
	}
}
