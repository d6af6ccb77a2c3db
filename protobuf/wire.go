package protobuf

import "github.com/socktrace/socktrace/internal/protowire"

// value is one field as it is on the wire.
type value struct {
	number protowire.Number
	typ    protowire.Type
	bits   uint64 // of a number; of bytes that are cut, how many they are
	body   []byte // of anything else; of a group what is inside
}

// next takes the field at the beginning of b, and returns its size. If there is none,
// that is less than 0, and says why. Of bytes that are cut it
// returns what there is with the error.
func next(b []byte) (v value, size int) {
	number, typ, tag := protowire.ConsumeTag(b)
	if tag < 0 {
		return value{}, tag
	}
	v.number, v.typ = number, typ
	rest, n := b[tag:], 0
	switch typ {
	case protowire.VarintType, protowire.Fixed32Type, protowire.Fixed64Type:
		v.bits, n = bitsOf(typ, rest)
	case protowire.BytesType:
		if v.body, n = protowire.ConsumeBytes(rest); n < 0 {
			if size, k := protowire.ConsumeVarint(rest); k > 0 {
				v.body, v.bits = rest[k:], size
			}
		}
	case protowire.StartGroupType:
		v.body, n = protowire.ConsumeGroup(number, rest)
	default:
		n = protowire.ConsumeFieldValue(number, typ, rest) // an error: there is none
	}
	if n < 0 {
		return v, n
	}
	return v, tag + n
}

// bitsOf takes a number at the beginning of b, and returns its size.
func bitsOf(typ protowire.Type, b []byte) (bits uint64, size int) {
	switch typ {
	case protowire.Fixed32Type:
		short, n := protowire.ConsumeFixed32(b)
		return uint64(short), n
	case protowire.Fixed64Type:
		return protowire.ConsumeFixed64(b)
	}
	return protowire.ConsumeVarint(b)
}

// faultOf says what the size means that next returns; nothing, if it is one.
func faultOf(size int) Fault {
	switch {
	case size >= 0:
		return ""
	case size == protowire.Truncated:
		return Truncated
	}
	return Malformed
}
