package protobuf

import "github.com/socktrace/socktrace/internal/protowire"

// takes returns the field of t that a value belongs to; nil if there is none, or the
// value is not of the field's type.
func (t *Type) takes(v value) *field {
	if t == nil {
		return nil
	}
	f := t.field(int32(v.number))
	if f == nil {
		return nil
	}
	is := f.kind.wire()
	if v.typ == is || v.typ == protowire.BytesType && f.packs() || v.typ == protowire.StartGroupType && f.kind == kindMessage {
		return f
	}
	return nil
}
