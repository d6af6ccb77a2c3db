package http2

import (
	"cmp"
	"slices"
)

// opened are the exchanges whose streams are open, by stream. Those that begin one after
// the other, of which a few are open at once, are found in near; those for which there is
// no place are in more. The zero value is empty.
type opened struct {
	near [1 << 5]*exchange
	more map[uint32]*exchange
	n    int
}

// place returns where a stream is near, if it is. Half of the numbers are the client's.
func (o *opened) place(stream uint32) **exchange {
	return &o.near[stream>>1%uint32(len(o.near))]
}

// get returns the exchange of a stream; nil if that is not open.
func (o *opened) get(stream uint32) *exchange {
	x := *o.place(stream)
	if x != nil && x.stream == stream {
		return x
	}
	if len(o.more) == 0 {
		return nil
	}
	return o.more[stream]
}

// add adds x, whose stream is not among them.
func (o *opened) add(x *exchange) {
	o.n++
	if at := o.place(x.stream); *at == nil {
		*at = x
		return
	}
	if o.more == nil {
		o.more = make(map[uint32]*exchange)
	}
	o.more[x.stream] = x
}

// remove removes x, which is among them.
func (o *opened) remove(x *exchange) {
	o.n--
	if at := o.place(x.stream); *at == x {
		*at = nil
		return
	}
	delete(o.more, x.stream)
}

// inOrder returns them in the order in which they began.
func (o *opened) inOrder() []*exchange {
	all := make([]*exchange, 0, o.n)
	for _, x := range o.near {
		if x != nil {
			all = append(all, x)
		}
	}
	for _, x := range o.more {
		all = append(all, x)
	}
	slices.SortFunc(all, func(a, b *exchange) int { return cmp.Compare(a.Number, b.Number) })
	return all
}
