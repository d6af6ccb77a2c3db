package protobuf

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/socktrace/socktrace/internal/jsontext"
)

// The members of a DescriptorProto that are read, and of MessageOptions.
const (
	messageName     = 1
	messageField    = 2
	messageNested   = 3
	messageEnum     = 4
	messageOptions  = 7
	messageOneof    = 8
	messageEntry    = 7
	messageFeatures = 12
)

// readMessage reads a type of messages, and those within it.
func (s *Schema) readMessage(in scope, b []byte) error {
	t, inside, err := readHead(in, b)
	if err != nil {
		return err
	}
	err = each(b, func(v value) error {
		switch v.number {
		case messageField:
			f, err := readField(inside, v.body)
			if err != nil {
				return fmt.Errorf("%s: %w", t.name, err)
			}
			f.bytes = overrides[t.name+"."+f.name]
			t.fields = append(t.fields, f)
		case messageNested:
			return s.readMessage(inside, v.body)
		case messageEnum:
			return s.readEnum(inside, v.body)
		case messageOneof:
			t.oneofs++
		}
		return nil
	})
	if err != nil {
		return err
	}
	slices.SortFunc(t.fields, func(a, b field) int { return cmp.Compare(a.number, b.number) })
	for i := range t.fields {
		if f := &t.fields[i]; f.oneof > t.oneofs || i > 0 && t.fields[i-1].number == f.number {
			return fmt.Errorf("%s: field %d is not as it should be", t.name, f.number)
		}
	}
	s.types[t.name] = t
	return nil
}

// readHead reads what is said of all of a message, and returns the scope within it.
func readHead(in scope, b []byte) (*Type, scope, error) {
	t := new(Type)
	inside := in
	err := each(b, func(v value) (err error) {
		switch v.number {
		case messageName:
			t.name, err = in.full(v.body)
		case messageOptions:
			if inside.implied, err = implied(v.body, messageFeatures, inside.implied); err != nil {
				return err
			}
			err = each(v.body, func(v value) error {
				t.entry = t.entry || v.number == messageEntry && v.bits != 0
				return nil
			})
		}
		return err
	})
	if err == nil && t.name == "" {
		_, err = in.full(nil)
	}
	t.form = forms[t.name]
	return t, inside.inner(t.name), err
}

// The members of a FieldDescriptorProto that are read, and of FieldOptions.
const (
	fieldName     = 1
	fieldNumber   = 3
	fieldLabel    = 4
	fieldKind     = 5
	fieldTypeName = 6
	fieldOptions  = 8
	fieldOneof    = 9
	fieldJSONName = 10
	fieldOptional = 17
	fieldFeatures = 21

	labelRepeated = 3
)

// readField reads a field of a message.
func readField(in scope, b []byte) (f field, err error) {
	f.present = !in.implied
	err = each(b, func(v value) (err error) {
		switch v.number {
		case fieldName:
			f.name, err = scope{}.full(v.body)
		case fieldNumber:
			f.number = int32(v.bits)
		case fieldLabel:
			f.repeated = v.bits == labelRepeated
		case fieldKind:
			f.kind = kind(min(v.bits, uint64(kinds)))
		case fieldTypeName:
			f.typeName = strings.TrimPrefix(string(v.body), ".")
		case fieldOneof:
			f.oneof = int(uint16(v.bits)) + 1
		case fieldJSONName:
			f.key = string(v.body)
		case fieldOptional:
			f.present = f.present || v.bits != 0
		case fieldOptions:
			var zeros bool
			zeros, err = implied(v.body, fieldFeatures, !f.present)
			f.present = !zeros
		}
		return err
	})
	switch {
	case err != nil:
		return f, err
	case f.kind == 0 || f.kind >= kinds || f.number <= 0:
		return f, fmt.Errorf("field %q has kind %d, number %d", f.name, f.kind, f.number)
	case f.key == "":
		f.key = camel(f.name)
	}
	f.present = f.present || f.oneof > 0
	key, _ := jsontext.AppendString(nil, f.key)
	f.key = string(key[1 : len(key)-1])
	return f, nil
}

// camel returns the JSON name of a field that has none of its own.
func camel(name string) string {
	var b strings.Builder
	for i := range len(name) {
		switch c := name[i]; {
		case c == '_':
		case i > 0 && name[i-1] == '_' && 'a' <= c && c <= 'z':
			b.WriteByte(c - 'a' + 'A')
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}
