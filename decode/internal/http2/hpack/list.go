package hpack

import "github.com/socktrace/socktrace/wire"

// list collects the fields of a block. What is literal and in no table is in one piece
// of memory: to allocate it is most of what a small block costs.
type list struct {
	fields []field
	text   []byte
	limit  int
	size   int
	lost   int
	cut    bool
}

// field is a field whose name, or value, may be in text.
type field struct {
	entry
	name, value, end int // where they begin, and the value ends; equal if they are not there
}

// maxIdle bounds the memory that is kept for the next block, in bytes and in fields.
const (
	maxIdleText   = 4 << 10
	maxIdleFields = 64
)

// reset makes l ready for a block of which limit bytes are kept.
func (l *list) reset(limit int) {
	if cap(l.fields) > maxIdleFields {
		l.fields = nil
	}
	if cap(l.text) > maxIdleText {
		l.text = nil
	}
	clear(l.fields)
	*l = list{fields: l.fields[:0], text: l.text[:0], limit: limit}
}

// mark returns where the next text begins.
func (l *list) mark() int { return len(l.text) }

// add adds a field that is an entry of a table.
func (l *list) add(e entry) { l.put(field{entry: e}, e.size()) }

// addText adds a field whose value is the text from value on, and its name that from
// name on, if it has one there, or else that of e.
func (l *list) addText(e entry, name, value int) {
	f := field{e, name, value, len(l.text)}
	n := len(f.text(l.text)) + len(e.name) + overhead
	f.entry.value = ""
	if !l.put(f, n) {
		l.text = l.text[:name]
	}
}

// text returns what f has in text.
func (f *field) text(text []byte) []byte { return text[f.name:f.end] }

// put counts n bytes of f, and keeps it if there is room. It reports whether it does.
func (l *list) put(f field, n int) bool {
	if f.lost {
		l.lost++
	}
	if l.size += n; l.size > l.limit {
		l.cut = true
		return false
	}
	l.fields = append(l.fields, f)
	return true
}

// Block is what a block consists of.
type Block struct {
	Fields []wire.Field // valid until the caller uses their memory again
	Size   int          // as RFC 9113, section 6.5.2, counts, of all fields
	Lost   int          // fields of which the name, or all, is not known
	Cut    bool         // Fields is not all: they are more than the limit
}

// block returns what was collected, in the memory of dst.
func (l *list) block(dst []wire.Field) Block {
	b := Block{Size: l.size, Lost: l.lost, Cut: l.cut}
	if dst == nil && len(l.fields) > 0 {
		dst = make([]wire.Field, 0, len(l.fields))
	}
	text := string(l.text)
	for i := range l.fields {
		f := &l.fields[i]
		w := wire.Field{Name: f.entry.name, Value: f.entry.value}
		if f.value > f.name {
			w.Name = text[f.name:f.value]
		}
		if f.end > f.value {
			w.Value = text[f.value:f.end]
		}
		if f.lost {
			w = wire.Field{Name: wire.UnknownField, Value: wire.UnknownField}
		}
		dst = append(dst, w)
	}
	b.Fields = dst
	return b
}
