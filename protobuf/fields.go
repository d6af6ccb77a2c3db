package protobuf

import "github.com/socktrace/socktrace/internal/protowire"

// list appends a field that may come several times.
func (w *walker) list(g group) {
	key := g.field.key
	at := len(w.out.B)
	w.out.Open(key, '[')
	empty := len(w.out.B)
	for i := g.first; i != none && !w.full(); i = w.values[i].next {
		if v := w.values[i].value; g.field.packs() && v.typ == protowire.BytesType {
			w.unpack(g.field, v.body)
		} else {
			w.out.Key("")
			w.value(g.field, v)
		}
	}
	if len(w.out.B) == empty { // packed, and nothing in it
		w.out.B = w.out.B[:at]
		return
	}
	w.out.Close(']')
}

// unpack appends packed values.
func (w *walker) unpack(f *field, b []byte) {
	for len(b) > 0 && !w.full() {
		bits, n := bitsOf(f.kind.wire(), b)
		w.out.Key("")
		if n < 0 {
			w.note(Malformed)
			w.opaque(b)
			return
		}
		w.value(f, value{bits: bits})
		b = b[n:]
	}
}

// single appends a field that has one value: the last one of a number or text, and
// of messages all of them as one.
func (w *walker) single(g group) {
	v := w.values[g.last].value
	f := g.field
	switch {
	case f.message != nil && g.first != g.last:
		var all []byte
		for i := g.first; i != none; i = w.values[i].next {
			all = append(all, w.values[i].body...)
		}
		v.body = all
	case !f.present && v.bits == 0 && len(v.body) == 0 && f.kind != kindMessage && f.kind != kindGroup:
		return
	}
	w.out.Key(f.key)
	w.value(f, v)
}
