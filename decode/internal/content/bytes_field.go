package content

// bytesField takes what the field 1 holds, as bytes, out of one message of protocol
// buffers after the other, while they come: nothing is held, whatever is around it and
// however long it is. If there are several such fields, all are taken.
type bytesField struct {
	state  fieldState
	number uint64
	varint uint64 // as far as it has come
	shift  uint
	left   uint64 // bytes of the value that are still to come
	is     bool   // they are what is wanted
	groups int    // around it, of which nothing is wanted
}

// fieldState says what comes next in a message (protobuf.dev, "Encoding").
type fieldState uint8

const (
	atTag fieldState = iota
	atVarint
	atLength
	inValue
)

// maxGroups bounds groups in groups, as other readers do.
const maxGroups = 10_000

// next takes bytes of b, and returns how many; data are those of them that are wanted.
// It returns false if b is no message.
func (f *bytesField) next(b []byte) (data []byte, n int, ok bool) {
	if f.state == inValue {
		n = int(min(f.left, uint64(len(b))))
		f.skip(n)
		if f.is {
			data = b[:n]
		}
		return data, n, true
	}
	c := b[0]
	if f.shift == 63 && c > 1 {
		return nil, 0, false // more than 64 bits
	}
	f.varint |= uint64(c&0x7f) << f.shift
	if f.shift += 7; c < 0x80 {
		v := f.varint
		f.varint, f.shift = 0, 0
		return nil, 1, f.enter(v)
	}
	return nil, 1, true
}

// skip notes that n more bytes of a value have come, or will never.
func (f *bytesField) skip(n int) {
	if f.left -= uint64(n); f.left == 0 {
		f.state = atTag
	}
}

// enter goes on behind the number v. It returns false if there must be none.
func (f *bytesField) enter(v uint64) bool {
	switch f.state {
	case atVarint:
		f.state = atTag
	case atLength:
		f.value(v, f.number == 1 && f.groups == 0)
	default:
		return f.tag(v>>3, byte(v&7))
	}
	return true
}

// tag begins a field.
func (f *bytesField) tag(number uint64, typ byte) bool {
	f.number = number
	switch typ {
	case 0:
		f.state = atVarint
	case 1:
		f.value(8, false)
	case 2:
		f.state = atLength
	case 3:
		f.groups++
	case 4:
		f.groups--
	case 5:
		f.value(4, false)
	default:
		return false
	}
	return number > 0 && number < 1<<31 && f.groups >= 0 && f.groups <= maxGroups
}

// value begins a value of n bytes.
func (f *bytesField) value(n uint64, is bool) {
	f.state, f.left, f.is = inValue, n, is
	f.skip(0)
}

// whole reports whether a message may end here.
func (f *bytesField) whole() bool { return f.state == atTag && f.shift == 0 && f.groups == 0 }
