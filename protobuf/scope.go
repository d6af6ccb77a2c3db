package protobuf

import (
	"errors"
	"fmt"

	"github.com/socktrace/socktrace/internal/protowire"
)

// each calls take for each field of a message. It reads descriptors, of which it
// wants all or nothing.
func each(b []byte, take func(v value) error) error {
	for len(b) > 0 {
		v, n := next(b)
		switch faultOf(n) {
		case Truncated:
			return errors.New("it ends within a field")
		case Malformed:
			return errors.New("a field of it is malformed")
		}
		if err := take(v); err != nil {
			return err
		}
		b = b[n:]
	}
	return nil
}

// scope is what surrounds a descriptor.
type scope struct {
	name    string // before the names in it, with a dot; empty in no package
	implied bool   // zeros of numbers and texts are not told from what is missing
}

// inner returns the scope within name.
func (s scope) inner(name string) scope {
	s.name = name + "."
	return s
}

// full returns the full name of what is in the scope.
func (s scope) full(name []byte) (string, error) {
	if len(name) == 0 {
		return "", errors.New("something in it has no name")
	}
	for _, c := range name {
		if c != '_' && c != '.' && (c|0x20 < 'a' || c|0x20 > 'z') && (c < '0' || c > '9') {
			return "", fmt.Errorf("%q is no name", name)
		}
	}
	return s.name + string(name), nil
}

// implied reads from options, whose features have a number, whether zeros are not
// told from what is missing (FeatureSet.field_presence); or it is as before.
func implied(options []byte, features protowire.Number, before bool) (is bool, err error) {
	is = before
	err = each(options, func(v value) error {
		if v.number != features {
			return nil
		}
		return each(v.body, func(v value) error {
			if v.number == 1 {
				is = v.bits == 2
			}
			return nil
		})
	})
	return is, err
}
