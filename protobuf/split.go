package protobuf

import "github.com/socktrace/socktrace/internal/protowire"

// manyGroups is how many groups of a message are looked through one by one.
const manyGroups = 32

// split reads a message of type t: what belongs to a field comes together, in the
// order in which the fields come first.
func (w *walker) split(f *frame, t *Type, msg []byte) {
	*f = frame{typ: t, values: len(w.values), groups: len(w.groups), oneofs: len(w.oneofs)}
	if t != nil {
		for range t.oneofs {
			w.oneofs = append(w.oneofs, none)
		}
	}
	for len(msg) > 0 {
		if len(w.values) >= w.limits.Fields {
			f.fault = TooMany
			return
		}
		v, n := next(msg)
		if n < 0 {
			w.broken(f, v, n, msg)
			return
		}
		w.add(f, v)
		msg = msg[n:]
	}
}

// broken notes why a message cannot be read further.
func (w *walker) broken(f *frame, v value, n int, rest []byte) {
	f.fault, f.rest = faultOf(n), rest
	if f.fault != Truncated || v.typ != protowire.BytesType || v.body == nil {
		return
	}
	f.rest = nil
	switch missing := int64(v.bits) - int64(len(v.body)); {
	case !f.typ.elides(v, missing, w.limits.Files):
		v.bits = 0
	case w.depth == 1 && missing == w.limits.Missing:
		f.fault, w.info.Elided = "", true
	}
	w.add(f, v)
}

// add puts a value in the group of its field.
func (w *walker) add(f *frame, v value) {
	at := int32(len(w.values))
	w.values = append(w.values, occurrence{v, none})
	known := f.typ.takes(v)
	i := w.find(f, known, v)
	g := &w.groups[i]
	if g.first == none {
		g.first = at
	} else {
		w.values[g.last].next = at
	}
	g.last = at
	if known == nil || known.oneof == 0 {
		return
	}
	if now := &w.oneofs[f.oneofs+known.oneof-1]; *now != i {
		if *now != none {
			w.groups[*now].first = none
		}
		*now = i
	}
}

// find returns the place of the group of a value, which it makes if there is none.
func (w *walker) find(f *frame, known *field, v value) int32 {
	key := groupKey{v.number, v.typ}
	if known != nil {
		key.typ = known.kind.wire()
	}
	if f.index != nil {
		if i, ok := f.index[key]; ok {
			return i
		}
	} else {
		for i := len(w.groups) - 1; i >= f.groups; i-- {
			if g := &w.groups[i]; g.number == key.number && g.typ == key.typ {
				return int32(i)
			}
		}
	}
	i := int32(len(w.groups))
	w.groups = append(w.groups, group{field: known, number: key.number, typ: key.typ, first: none})
	switch n := len(w.groups) - f.groups; {
	case f.index != nil:
		f.index[key] = i
	case n == manyGroups:
		f.index = make(map[groupKey]int32, 2*n)
		for j := f.groups; j <= int(i); j++ {
			f.index[groupKey{w.groups[j].number, w.groups[j].typ}] = int32(j)
		}
	}
	return i
}

// leave forgets the parts of a message.
func (w *walker) leave(f *frame) {
	w.values, w.groups, w.oneofs = w.values[:f.values], w.groups[:f.groups], w.oneofs[:f.oneofs]
}

// unknowns returns how many fields of a message have no name.
func (w *walker) unknowns(f *frame) (n int) {
	for _, g := range w.groups[f.groups:] {
		if g.field == nil {
			n++
		}
	}
	return n
}

// get returns the last value of a field that a message has once; zero if it has none.
func (w *walker) get(f *frame, number protowire.Number) value {
	for _, g := range w.groups[f.groups:] {
		if g.number == number && g.first != none {
			return w.values[g.last].value
		}
	}
	return value{}
}
