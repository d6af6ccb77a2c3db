package protobuf

import (
	"strconv"
	"unicode/utf8"

	"github.com/socktrace/socktrace/internal/protowire"

	"github.com/socktrace/socktrace/internal/jsontext"
)

// wireNames are the names of wire types in keys of unknown fields, by number.
var wireNames = [...]string{
	protowire.VarintType:     ":varint",
	protowire.Fixed64Type:    ":i64",
	protowire.BytesType:      ":len",
	protowire.StartGroupType: ":group",
	protowire.EndGroupType:   "",
	protowire.Fixed32Type:    ":i32",
}

// unknown appends a field that has no name: as a list, if it came more than once.
func (w *walker) unknown(g group) {
	var key [32]byte
	k := append(strconv.AppendInt(key[:0], int64(g.number), 10), wireNames[g.typ]...)
	if g.first == g.last {
		w.out.Key(string(k))
		w.guess(w.values[g.first].value)
		return
	}
	w.out.Open(string(k), '[')
	for i := g.first; i != none && !w.full(); i = w.values[i].next {
		w.out.Key("")
		w.guess(w.values[i].value)
	}
	w.out.Close(']')
}

// exact is the largest number that every reader of JSON has exactly.
const exact = 1<<53 - 1

// guess appends a value of which only the wire type is known: a number; text; a
// message, if all of it may be one; else bytes.
func (w *walker) guess(v value) {
	switch {
	case v.typ == protowire.StartGroupType:
		w.nested(nil, v.body)
	case v.typ != protowire.BytesType && v.bits <= exact:
		w.out.B = strconv.AppendUint(w.out.B, v.bits, 10)
	case v.typ != protowire.BytesType:
		w.number(kindUint64, v.bits)
	case w.whole:
		w.begins(v.body, int64(len(v.body)))
	case isText(v.body) && !(v.body[0] == '\n' && IsMessage(v.body)): // the commonest beginning of messages
		w.out.B, _ = jsontext.AppendString(w.out.B, v.body)
	case len(v.body) == 0:
		w.out.B = append(w.out.B, `""`...)
	case IsMessage(v.body):
		w.nested(nil, v.body)
	default:
		w.opaque(v.body)
	}
}

// isText reports whether b is text, and not nothing.
func isText(b []byte) bool {
	for _, c := range b {
		if c < ' ' && c != '\n' && c != '\r' && c != '\t' || c == 0x7f {
			return false
		}
	}
	return len(b) > 0 && utf8.Valid(b)
}

// maxPlausible is the largest number of fields that messages have in earnest.
const maxPlausible = 1 << 15

// IsMessage reports whether all of b may be a message.
func IsMessage(b []byte) bool {
	for len(b) > 0 {
		v, n := next(b)
		if n < 0 || v.number > maxPlausible {
			return false
		}
		b = b[n:]
	}
	return true
}

// Begins reports whether b, which is not empty, may begin a message of size bytes, of
// which it has not all. Groups, which nobody sends any more, begin none.
func Begins(b []byte, size int64) bool {
	for {
		v, n := next(b)
		switch {
		case v.number > maxPlausible:
			return false
		case n < 0 && v.number == 0:
			_, _, tag := protowire.ConsumeTag(b)
			return tag == protowire.Truncated
		case n < 0:
			return n == protowire.Truncated && v.typ != protowire.StartGroupType && (v.typ != protowire.BytesType || v.bits <= uint64(size))
		}
		if b, size = b[n:], size-int64(n); len(b) == 0 {
			return true
		}
	}
}
