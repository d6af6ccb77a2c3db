package hpack

import "github.com/socktrace/socktrace/wire"

// list collects the fields of a block. What is literal and in no table is in one piece
// of memory: to allocate it is most of what a small block costs.
type list struct {
	fields []wire.Field
	kinds  []Kind  // of the fields
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
	if cap(l.apart) > maxIdleFields {
		l.apart = nil
	}
	if cap(l.text) > maxIdleText {
		l.text = nil
	}
	if cap(l.kinds) > maxIdleFields {
		l.kinds = nil
	}
	l.fields, l.kinds, l.apart, l.text = dst, l.kinds[:0], l.apart[:0], l.text[:0]
	l.limit, l.size, l.lost, l.cut = limit, 0, 0, false
}

// mark returns where the next text begins.
func (l *list) mark() int { return len(l.text) }

// add adds a field that is an entry of a table.
func (l *list) add(e *entry) {
	if l.size += e.size(); l.size > l.limit {
		l.cut = true
		return
	}
	if e.kind == Unknown {
		l.addLost()
		return
	}
	l.fields = append(l.fields, wire.Field{Name: e.name, Value: e.value})
	l.kinds = append(l.kinds, e.kind)
}

// addLost adds a field that is not known.
func (l *list) addLost() {
	l.lost++
	l.fields = append(l.fields, wire.Field{Name: wire.UnknownField, Value: wire.UnknownField})
	l.kinds = append(l.kinds, Unknown)
}

// addText adds a field whose value is the text from value on, and its name that from
// name on, if it has one there, or else that of e.
func (l *list) addText(e *entry, name, value int) {
	if l.size += len(l.text) - name + len(e.name) + overhead; l.size > l.limit {
		l.cut = true
		l.text = l.text[:name]
		return
	}
	if e.kind == Unknown {
		l.addLost()
		l.text = l.text[:name]
		return
	}
	l.apart = append(l.apart, apart{len(l.fields), name, value, len(l.text)})
	l.fields = append(l.fields, wire.Field{Name: e.name})
	l.kinds = append(l.kinds, Unknown) // until the text is there
}

// Block is what a block consists of.
type Block struct {
	Fields []wire.Field // valid until the caller uses their memory again
	Kinds  []Kind       // of Fields; valid until the next block
	Size   int          // as RFC 9113, section 6.5.2, counts, of all fields
	Lost   int          // those of Fields that are not known
	Cut    bool         // Fields is not all: they are more than the limit
}

// block returns what was collected.
func (l *list) block() Block {
	if len(l.apart) > 0 {
		l.putText(string(l.text))
	}
	b := Block{Fields: l.fields, Kinds: l.kinds, Size: l.size, Lost: l.lost, Cut: l.cut}
	l.fields = nil
	return b
}

// putText puts into the fields what they have of the text.
func (l *list) putText(text string) {
	for _, a := range l.apart {
		f := &l.fields[a.field]
		if f.Value = text[a.value:a.end]; a.value > a.name {
			f.Name = text[a.name:a.value]
		}
		l.kinds[a.field] = kindOf(f.Name, f.Value)
	}
}
