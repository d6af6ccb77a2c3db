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
	e.nested, e.put = e.message, e.fields
	err := e.message(t, bytes.TrimSpace(doc))
	return e.out, err
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
	case f != nil:
		return e.fields(f, v)
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

// fields appends all values of a field.
func (e *encoder) fields(f *field, v []byte) error {
	switch {
	case f.isMap():
		return e.mapped(f, v)
	case !f.repeated:
		return e.field(f, v)
	}
	for one := range jsontext.Elements(v) {
		if err := e.field(f, one); err != nil {
			return err
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
