package protobuf

import (
	"errors"

	"github.com/socktrace/socktrace/internal/protowire"
)

// errPart says that JSON does not have all of its message.
var errPart = errors.New("not all of it is there")

// encoder writes one message.
type encoder struct {
	schema *Schema
	out    []byte
	depth  int
	nested func(*Type, []byte) error  // appends the fields of a message
	put    func(*field, []byte) error // appends all values of a field
}

// inner appends a field of bytes, which content writes.
func (e *encoder) inner(number int32, content func() error) error {
	var from int
	e.out, from = protowire.Begin(e.out, protowire.Number(number))
	err := content()
	e.out = protowire.End(e.out, from)
	return err
}

// number appends a number that has so many bits on the wire.
func (e *encoder) number(number protowire.Number, typ protowire.Type, bits uint64) {
	switch typ {
	case protowire.Fixed64Type:
		e.out = protowire.AppendFixed64(e.out, number, bits)
	case protowire.Fixed32Type:
		e.out = protowire.AppendFixed32(e.out, number, uint32(bits))
	default:
		e.out = protowire.AppendVarint(e.out, number, bits)
	}
}
