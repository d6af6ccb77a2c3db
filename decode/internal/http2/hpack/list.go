package hpack

import "github.com/socktrace/socktrace/wire"

// list collects the fields of a block. What is literal and in no table is in one piece
// of memory: to allocate it is most of what a small block costs.
type list struct {
	fields []wire.Field
	apart  []apart // those that are in text
	text   []byte
	limit  int
	size   int
	lost   int
	cut    bool
}

// apart is a field whose value, and name if it is not empty, are in the text.
type apart struct {
	field            int // its number
	name, value, end int // where they begin, and the value ends
}

// maxIdle bounds the memory that is kept for the next block, in bytes and in fields.
const (
	maxIdleText   = 4 << 10
	maxIdleFields = 64
)

// reset makes l ready for a block of which limit bytes are kept, in the memory of dst.
func (l *list) reset(limit int, dst []wire.Field) {
	*l = list{fields: dst, apart: l.apart[:0], text: l.text[:0], limit: limit}
}

// rest lets go of what a block has needed, and few others need: nothing may come on the
// connection any more.
func (l *list) rest() {
	l.fields = nil
	if cap(l.apart) > maxIdleFields {
		l.apart = nil
	}
	if cap(l.text) > maxIdleText {
		l.text = nil
	}
}

// mark returns where the next text begins.
func (l *list) mark() int { return len(l.text) }

// add adds a field that is an entry of a table.
func (l *list) add(e *entry) {
	if l.size += e.size(); l.size > l.limit {
		l.cut = true
		return
	}
	if e.lost {
		l.addLost()
		return
	}
	l.fields = append(l.fields, wire.Field{Name: e.name, Value: e.value})
}

// addLost adds a field that is not known.
func (l *list) addLost() {
	l.lost++
	l.fields = append(l.fields, wire.Field{Name: wire.UnknownField, Value: wire.UnknownField})
}

// addText adds a field whose value is the text from value on, and its name that from
// name on, if it has one there, or else that of e.
func (l *list) addText(e *entry, name, value int) {
	if l.size += len(l.text) - name + len(e.name) + overhead; l.size > l.limit {
		l.cut = true
		l.text = l.text[:name]
		return
	}
	if e.lost {
		l.addLost()
		l.text = l.text[:name]
		return
	}
	l.apart = append(l.apart, apart{len(l.fields), name, value, len(l.text)})
	l.fields = append(l.fields, wire.Field{Name: e.name})
}

// Block is what a block consists of.
type Block struct {
	Fields []wire.Field // valid until the caller uses their memory again
	Size   int          // as RFC 9113, section 6.5.2, counts, of all fields
	Lost   int          // those of Fields that are not known
	Cut    bool         // Fields is not all: they are more than the limit
}

// block returns what was collected.
func (l *list) block() Block {
	text := string(l.text)
	for _, a := range l.apart {
		f := &l.fields[a.field]
		if f.Value = text[a.value:a.end]; a.value > a.name {
			f.Name = text[a.name:a.value]
		}
	}
	b := Block{Fields: l.fields, Size: l.size, Lost: l.lost, Cut: l.cut}
	l.rest()
	return b
}
