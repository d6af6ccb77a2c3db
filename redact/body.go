package redact

import (
	"github.com/socktrace/socktrace/redact/internal/form"
	"github.com/socktrace/socktrace/redact/internal/mask"
	"github.com/socktrace/socktrace/wire"
)

// dataOf masks what is kept of b, which travels in direction dir. It returns
// no data and false if nothing of them is to be seen.
func (r *Redactor) dataOf(w *walker, b *wire.Body, dir wire.Dir, known traits) (data []byte, names []string, kept bool) {
	whole := whole(b)
	name := bodyNames[dir&1]
	switch {
	case b.Content == wire.KindJSON:
		data, names = r.maskJSON(w, b.Data, name, whereIn(known, dir), whole)
	case known&tarOf(dir) != 0 && (b.Content != wire.KindText || dir == wire.ToServer), isTar(b.Data):
		return nil, []string{name}, false
	case known&traitLogin != 0, known&traitData != 0 && dir == wire.ToServer:
		data, names = mask.Cover(r.marks, b.Data, whole, name)
	case b.Content == wire.KindMultiplexed:
		data, names = r.frames(b.Data, side(dir))
	case b.Content == wire.KindText && beginsJSON(b.Data):
		data, names = r.maskJSON(w, b.Data, name, whereIn(known, dir), whole)
	case b.Content == wire.KindText && known&formOf(dir) != 0:
		found := r.params(nil, b.Data, 0, false, whole, name)
		data, names = form.Mask(found, r.marks, b.Data, whole, name)
	default:
		data, names = form.Mask(nil, r.marks, b.Data, whole, name)
	}
	return data, names, true
}

// body masks b, which travels in direction dir in the exchange of x. A JSON
// document that came as a message before, and has nothing to mask, is not
// looked at again.
func (r *Redactor) body(s *connState, x *exchangeState, b *wire.Body, dir wire.Dir, known traits) *wire.Body {
	name := side(dir)
	var names []string
	var trailer []wire.Field
	if len(b.Trailer) > 0 {
		trailer, names = r.fields(s, b.Trailer, name+".trailers.")
	}
	data, kept := b.Data, true
	if len(data) > 0 && !(b.Content == wire.KindJSON && whole(b) && digestOf(data) == x.clean[dir&1]) {
		var more []string
		data, more, kept = r.dataOf(&s.walk, b, dir, known)
		names = append(names, more...)
	}
	if len(names) == 0 {
		return b
	}
	c := *b
	c.Data, c.Masked = data, mask.Union(b.Masked, names)
	c.Truncated = b.Truncated || !kept
	if trailer != nil {
		c.Trailer = trailer
	}
	return &c
}

// whole says whether all of b is known. Of a binary body that was recorded only
// the beginning may be here, until its exchange ends.
func whole(b *wire.Body) bool {
	return b.Complete && !b.Truncated && !(b.Content == wire.KindBinary && int64(len(b.Data)) < b.Bytes)
}
