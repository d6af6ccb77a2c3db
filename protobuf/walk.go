package protobuf

import (
	"sync"
)

// AppendJSON appends a message of a type as JSON, an object mostly, that is safe to
// show on a terminal. A nil type stands for one that is not known. Members come in the
// order of the wire. What the type does not name has the key "5:varint", of its
// number and wire type; where something is left out a member "!" says why, and
// what cannot be read stands in "!rest".
func (s *Schema) AppendJSON(dst []byte, t *Type, msg []byte, l Limits) ([]byte, Info) {
	w := walkers.Get().(*walker)
	defer walkers.Put(w)
	w.begin(s, l, len(dst))
	w.out.B = dst
	w.message(t, msg)
	dst, w.out.B, w.schema = w.out.B, nil, nil
	return dst, w.info
}

// message appends a message, which is inside of depth others.
func (w *walker) message(t *Type, msg []byte) {
	w.depth++
	var f frame
	w.split(&f, t, msg)
	if w.depth == 1 {
		w.info.Unknown = w.unknowns(&f)
	}
	if !w.wellKnown(&f) {
		w.out.B = append(append(w.out.B, '{'), w.lead...)
		w.lead = w.lead[:0]
		w.members(&f)
		w.out.B = append(w.out.B, '}')
	}
	w.leave(&f)
	w.depth--
}

// members appends the members of a message, and why some are not there.
func (w *walker) members(f *frame) {
	for i, end := f.groups, len(w.groups); i < end; i++ {
		if w.full() {
			break
		}
		switch g := w.groups[i]; {
		case g.first == none:
		case g.field == nil:
			w.unknown(g)
		case g.field.isMap():
			w.mapped(g)
		case g.field.repeated:
			w.list(g)
		default:
			w.single(g)
		}
	}
	w.faults(f)
}

// faults appends what is wrong with a message.
func (w *walker) faults(f *frame) {
	if w.cut {
		f.fault, w.cut = TooLong, false
	}
	if f.fault == "" {
		return
	}
	w.note(f.fault)
	w.out.Word("!", string(f.fault))
	if len(f.rest) > 0 {
		w.out.Key("!rest")
		w.opaque(f.rest)
	}
}

// walkers are used again: their memory is what one message needs at most.
var walkers = sync.Pool{New: func() any {
	w := new(walker)
	w.inner = w.message
	return w
}}
