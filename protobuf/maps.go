package protobuf

import "github.com/socktrace/socktrace/internal/jsontext"

// mapped appends a map as an object: of several entries with one key the last.
func (w *walker) mapped(g group) {
	key, val := g.field.message.field(1), g.field.message.field(2)
	if key == nil || val == nil {
		w.list(g)
		return
	}
	w.out.Open(g.field.key, '{')
	last := w.lasts(g, key)
	var broken Fault
	for i := g.first; i != none && !w.full(); i = w.values[i].next {
		k, v, fault := entry(w.values[i].body)
		if fault != "" {
			broken = fault
		}
		before := len(w.out.B)
		w.out.Key("")
		start := len(w.out.B)
		w.key(key, k)
		if last != nil && last[string(w.out.B[start:])] != i {
			w.out.B = w.out.B[:before]
			continue
		}
		w.out.B = append(w.out.B, ':')
		w.value(val, v)
	}
	if broken != "" {
		w.note(broken)
		w.out.Word("!", string(broken))
	}
	w.out.Close('}')
}

// lasts returns which value of a map comes last under each key, as it is written;
// nil if there is one value only.
func (w *walker) lasts(g group, key *field) map[string]int32 {
	if g.first == g.last {
		return nil
	}
	last := make(map[string]int32)
	start := len(w.out.B)
	for i := g.first; i != none; i = w.values[i].next {
		k, _, _ := entry(w.values[i].body)
		w.key(key, k)
		last[string(w.out.B[start:])] = i
		w.out.B = w.out.B[:start]
	}
	return last
}

// entry reads an entry of a map: what it does not have is zero.
func entry(b []byte) (key, val value, fault Fault) {
	for len(b) > 0 {
		v, n := next(b)
		if fault = faultOf(n); fault == Malformed || fault != "" && v.body == nil {
			return key, val, fault
		}
		switch v.number {
		case 1:
			key = v
		case 2:
			val = v
		}
		if fault != "" {
			return key, val, fault
		}
		b = b[n:]
	}
	return key, val, ""
}

// key appends the key of an entry: a string, whatever it is.
func (w *walker) key(f *field, v value) {
	if f.kind == kindString {
		w.out.B, _ = jsontext.AppendString(w.out.B, v.body)
		return
	}
	at := len(w.out.B)
	w.out.B = append(w.out.B, '"')
	w.number(f.kind, v.bits)
	if w.out.B[len(w.out.B)-1] != '"' {
		w.out.B = append(w.out.B, '"')
		return
	}
	w.out.B = append(w.out.B[:at], w.out.B[at+1:]...) // a string by itself
}
