package protobuf

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/socktrace/socktrace/internal/jsontext"
	"github.com/socktrace/socktrace/internal/protowire"
)

// errPart says that JSON does not have all of its message.
var errPart = errors.New("not all of it is there")

// AppendMessage appends the message of a type that AppendJSON has shown as doc: it means the
// same, though its fields may be in another form. An error says that doc does not tell all of
// the message, or is none.
//
// Text of which the type is not known is taken as text, unless it looks like bytes in padded
// base64, and what should be base64 and is none, as what is masked, for the bytes themselves.
func (s *Schema) AppendMessage(dst []byte, t *Type, doc []byte) ([]byte, error) {
	if !json.Valid(doc) {
		return dst, errors.New("no JSON")
	}
	e := encoder{schema: s, out: dst}
	err := e.message(t, bytes.TrimSpace(doc))
	return e.out, err
}

// encoder writes one message.
type encoder struct {
	schema *Schema
	out    []byte
	depth  int
}

// message appends the fields of a message, which is inside of depth others.
func (e *encoder) message(t *Type, doc []byte) error {
	if e.depth == defaultDepth {
		return errors.New(string(TooDeep))
	}
	e.depth++
	defer func() { e.depth-- }()
	if t != nil && t.form != formObject {
		if is, err := e.wellKnown(t, doc); is {
			return err
		}
	}
	return e.members(t, doc)
}

// members appends the fields of a message that is an object.
func (e *encoder) members(t *Type, doc []byte) error {
	if doc[0] != '{' {
		return errPart
	}
	for quoted, v := range jsontext.Members(doc) {
		name, _ := jsontext.Unquote(quoted)
		if err := e.member(t, string(name), v); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

// member appends the field that a member is: none, if it says what there is already.
func (e *encoder) member(t *Type, name string, v []byte) error {
	switch f := t.named(name); {
	case f != nil && f.isMap():
		return e.mapped(f, v)
	case f != nil && f.repeated:
		for one := range jsontext.Elements(v) {
			if err := e.field(f, one); err != nil {
				return err
			}
		}
		return nil
	case f != nil:
		return e.field(f, v)
	case name == "@type", name == "digest" && t != nil && t.name == opType:
		return nil
	case name == "!", name == "!rest":
		return errPart
	}
	return e.unknown(name, v)
}

// named returns the field that JSON calls name; nil if there is none, or t is nil.
func (t *Type) named(name string) *field {
	if t == nil {
		return nil
	}
	for i := range t.fields {
		if f := &t.fields[i]; f.key == name {
			return f
		}
	}
	return nil
}

// mapped appends the entries of a map.
func (e *encoder) mapped(f *field, doc []byte) error {
	key, val := f.message.field(1), f.message.field(2)
	if key == nil || val == nil || doc[0] != '{' {
		return errPart
	}
	for k, v := range jsontext.Members(doc) {
		if string(k) == `"!"` {
			return errPart
		}
		if err := e.inner(f.number, func() error { return errors.Join(e.field(key, k), e.field(val, v)) }); err != nil {
			return err
		}
	}
	return nil
}

// inner appends a field of bytes, which content writes.
func (e *encoder) inner(number int32, content func() error) error {
	var from int
	e.out, from = protowire.Begin(e.out, protowire.Number(number))
	err := content()
	e.out = protowire.End(e.out, from)
	return err
}

// field appends one value of a field.
func (e *encoder) field(f *field, v []byte) error {
	number := protowire.Number(f.number)
	switch f.kind {
	case kindMessage:
		return e.inner(f.number, func() error { return e.message(f.message, v) })
	case kindString:
		text, ok := jsontext.Unquote(v)
		if !ok {
			return errPart
		}
		e.out = protowire.AppendBytes(e.out, number, text)
		return nil
	case kindBytes:
		return e.inner(f.number, func() error { return e.bytes(f.bytes, v) })
	case kindGroup:
		return errors.New("groups are not written")
	}
	bits, err := f.bits(v)
	if err != nil {
		return err
	}
	e.number(number, f.kind.wire(), bits)
	return nil
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

// unknown appends what a member is that is named by its number and wire type.
func (e *encoder) unknown(name string, v []byte) error {
	digits, typ, _ := strings.Cut(name, ":")
	n, err := strconv.ParseInt(digits, 10, 32)
	if err != nil || n < 1 {
		return errors.New("there is no such field")
	}
	if v[0] == '[' {
		for one := range jsontext.Elements(v) {
			if err := e.guessed(int32(n), typ, one); err != nil {
				return err
			}
		}
		return nil
	}
	return e.guessed(int32(n), typ, v)
}

// guessed appends a value of which the wire type is known.
func (e *encoder) guessed(number int32, typ string, v []byte) error {
	for is, name := range wireNames {
		switch {
		case name != ":"+typ:
		case protowire.Type(is) == protowire.StartGroupType:
			return errors.New("groups are not written")
		case protowire.Type(is) == protowire.BytesType:
			return e.inner(number, func() error { return e.anything(v) })
		default:
			bits, err := strconv.ParseUint(unquoted(v), 10, 64)
			e.number(protowire.Number(number), protowire.Type(is), bits)
			return err
		}
	}
	return errors.New("there is no such field")
}
