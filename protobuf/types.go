package protobuf

import "github.com/socktrace/socktrace/internal/protowire"

// Type is a type of messages. It does not change.
type Type struct {
	name   string
	fields []field // by number
	form   form    // in which JSON has it
	entry  bool    // of a map: a key and a value
	oneofs int     // how many sets of fields it has of which one at most is there
}

// Name returns the full name, such as "moby.buildkit.v1.SolveRequest".
func (t *Type) Name() string { return t.name }

// field is a field of a Type.
type field struct {
	number   int32
	kind     kind
	repeated bool
	present  bool   // a zero is shown: that it was sent means something
	oneof    int    // to which of the type's it belongs, from 1; 0: to none
	name     string // as the descriptor has it
	key      string // as JSON has it, escaped
	typeName string // of a message or enum, without the dot before it
	message  *Type  // nil: it is none, or not known
	enum     enum   // names by number
	bytes    content
}

// enum is the names of an enumeration, by number.
type enum map[int32]string

// kind is the type of a field, by its number in descriptors (FieldDescriptorProto.Type).
type kind uint8

const (
	kindDouble kind = 1 + iota
	kindFloat
	kindInt64
	kindUint64
	kindInt32
	kindFixed64
	kindFixed32
	kindBool
	kindString
	kindGroup
	kindMessage
	kindBytes
	kindUint32
	kindEnum
	kindSfixed32
	kindSfixed64
	kindSint32
	kindSint64
	kinds
)

// field returns the field of a number; nil if there is none.
func (t *Type) field(number int32) *field {
	if n := int(number) - 1; n < len(t.fields) && t.fields[n].number == number { // most have no holes
		return &t.fields[n]
	}
	low, high := 0, len(t.fields)
	for low < high {
		middle := (low + high) / 2
		switch f := &t.fields[middle]; {
		case f.number == number:
			return f
		case f.number < number:
			low = middle + 1
		default:
			high = middle
		}
	}
	return nil
}

// isMap reports whether f is a map.
func (f *field) isMap() bool { return f.repeated && f.message != nil && f.message.entry }

// wire returns how values of the kind are on the wire.
func (k kind) wire() protowire.Type {
	switch k {
	case kindDouble, kindFixed64, kindSfixed64:
		return protowire.Fixed64Type
	case kindFloat, kindFixed32, kindSfixed32:
		return protowire.Fixed32Type
	case kindString, kindMessage, kindBytes:
		return protowire.BytesType
	case kindGroup:
		return protowire.StartGroupType
	}
	return protowire.VarintType
}

// packs reports whether several values of f may come as one, without numbers and
// lengths of their own.
func (f *field) packs() bool {
	is := f.kind.wire()
	return f.repeated && is != protowire.BytesType && is != protowire.StartGroupType
}
