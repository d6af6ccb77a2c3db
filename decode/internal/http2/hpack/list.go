package hpack

import "github.com/socktrace/socktrace/wire"

// list collects the fields of a block. What is literal and in no table is in one piece
// of memory: to allocate it is most of what a small block costs.
type list struct {
	Block
	apart []apart // those of its fields that are in text
	text  []byte
	limit int
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
	if cap(l.Kinds) > maxIdleFields {
		l.Kinds = nil
	}
	l.Block = Block{Fields: dst, Kinds: l.Kinds[:0]}
	l.apart, l.text, l.limit = l.apart[:0], l.text[:0], limit
}

// rest lets go of what a block has needed, and few others need: nothing may come on the
// connection any more.
func (l *list) rest() {
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
	if l.Size += e.size(); l.Size > l.limit {
		l.Cut = true
		return
	}
	if e.kind == Unknown {
		l.addLost()
		return
	}
	l.Fields = append(l.Fields, wire.Field{Name: e.name, Value: e.value})
	l.Kinds = append(l.Kinds, e.kind)
}

// maxLost is how many fields of a block are told that are not known: one byte is enough to
// send one, and all are the same.
const maxLost = 1024

// addLost adds a field that is not known.
func (l *list) addLost() {
	if l.Lost == maxLost {
		l.Cut = true
		return
	}
	l.Lost++
	l.Fields = append(l.Fields, wire.Field{Name: wire.UnknownField, Value: wire.UnknownField})
	l.Kinds = append(l.Kinds, Unknown)
}

// addText adds a field whose value is the text from value on, and its name that from
// name on, if it has one there, or else that of e.
func (l *list) addText(e *entry, name, value int) {
	if l.Size += len(l.text) - name + len(e.name) + overhead; l.Size > l.limit {
		l.Cut = true
		l.text = l.text[:name]
		return
	}
	if e.kind == Unknown {
		l.addLost()
		l.text = l.text[:name]
		return
	}
	l.apart = append(l.apart, apart{len(l.Fields), name, value, len(l.text)})
	l.Fields = append(l.Fields, wire.Field{Name: e.name})
	l.Kinds = append(l.Kinds, Unknown) // until the text is there
}

// Block is what a block consists of.
type Block struct {
	Fields []wire.Field // valid until the caller uses their memory again
	Kinds  []Kind       // of Fields
	Size   int          // as RFC 9113, section 6.5.2, counts, of all fields
	Lost   int          // those of Fields that are not known
	Cut    bool         // Fields is not all: they are more than the limit, or too many are not known
}

// whole returns what was collected.
func (l *list) whole() *Block {
	if len(l.apart) > 0 {
		l.putText(string(l.text))
	}
	l.rest()
	return &l.Block
}

// putText puts into the fields what they have of the text.
func (l *list) putText(text string) {
	for _, a := range l.apart {
		f := &l.Fields[a.field]
		if f.Value = text[a.value:a.end]; a.value > a.name {
			f.Name = text[a.name:a.value]
		}
		l.Kinds[a.field] = kindOf(f.Name, f.Value)
	}
}
