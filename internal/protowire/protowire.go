// Package protowire reads and writes the wire format of Protocol Buffers (protobuf.dev,
// "Encoding"): tags, numbers, bytes and groups; what is read refers to the memory that it is in.
// The module of that name is what its tests compare with; it is not in the program,
// since it has the program read its own file whenever it starts.
package protowire

import "encoding/binary"

// Number is that of a field, from 1.
type Number int32

// Type says how long the value of a field is.
type Type int8

// The types of values. 6 and 7 are none.
const (
	VarintType     Type = 0
	Fixed64Type    Type = 1
	BytesType      Type = 2
	StartGroupType Type = 3
	EndGroupType   Type = 4
	Fixed32Type    Type = 5
)

// The sizes, below 0, that are returned of what cannot be read.
const (
	Truncated = -1 // it does not end
	Malformed = -2 // there is no such thing
)

// maxDepth bounds groups in groups.
const maxDepth = 10_000

// ConsumeVarint takes a number at the beginning of b, and returns its size.
func ConsumeVarint(b []byte) (v uint64, size int) {
	switch v, size = binary.Uvarint(b); {
	case size > 0:
		return v, size
	case size == 0 && len(b) < binary.MaxVarintLen64:
		return 0, Truncated
	}
	return 0, Malformed
}

// ConsumeTag takes the number and the type of a field.
func ConsumeTag(b []byte) (Number, Type, int) {
	v, n := ConsumeVarint(b)
	switch number := v >> 3; {
	case n < 0:
		return 0, 0, n
	case number < 1 || number > 1<<31-1:
		return 0, 0, Malformed
	default:
		return Number(number), Type(v & 7), n
	}
}

// ConsumeFixed32 takes a number of four bytes.
func ConsumeFixed32(b []byte) (v uint32, size int) {
	if len(b) < 4 {
		return 0, Truncated
	}
	return binary.LittleEndian.Uint32(b), 4
}

// ConsumeFixed64 takes a number of eight bytes.
func ConsumeFixed64(b []byte) (v uint64, size int) {
	if len(b) < 8 {
		return 0, Truncated
	}
	return binary.LittleEndian.Uint64(b), 8
}

// ConsumeBytes takes bytes behind their length.
func ConsumeBytes(b []byte) (v []byte, size int) {
	length, n := ConsumeVarint(b)
	switch {
	case n < 0:
		return nil, n
	case length > uint64(len(b)-n):
		return nil, Truncated
	}
	return b[n:][:length], n + int(length)
}

// ConsumeGroup takes what is in a group, behind its beginning, and the end of it.
func ConsumeGroup(number Number, b []byte) (v []byte, size int) {
	inside, size := group(number, b, maxDepth)
	if size < 0 {
		return nil, size
	}
	return b[:inside], size
}

// ConsumeFieldValue returns the size of the value of a field.
func ConsumeFieldValue(number Number, typ Type, b []byte) (size int) {
	return valueSize(number, typ, b, maxDepth)
}

// valueSize is ConsumeFieldValue for what may have so many groups in each other.
func valueSize(number Number, typ Type, b []byte, depth int) (size int) {
	switch typ {
	case VarintType:
		_, size = ConsumeVarint(b)
	case Fixed32Type:
		_, size = ConsumeFixed32(b)
	case Fixed64Type:
		_, size = ConsumeFixed64(b)
	case BytesType:
		_, size = ConsumeBytes(b)
	case StartGroupType:
		_, size = group(number, b, depth)
	default:
		return Malformed
	}
	return size
}

// group returns how much is in a group, and its size with the end.
func group(number Number, b []byte, depth int) (inside, size int) {
	if depth < 0 {
		return 0, Malformed
	}
	for at := 0; ; {
		next, typ, n := ConsumeTag(b[at:])
		switch {
		case n < 0:
			return 0, n
		case typ == EndGroupType && next == number:
			return at, at + n
		case typ == EndGroupType:
			return 0, Malformed
		}
		value := valueSize(next, typ, b[at+n:], depth-1)
		if value < 0 {
			return 0, value
		}
		at += n + value
	}
}

// DecodeZigZag returns the number that a sint32 or sint64 is sent as.
func DecodeZigZag(v uint64) int64 { return int64(v>>1) ^ -int64(v&1) }
