package protobuf

import (
	"errors"
	"fmt"
	"unicode/utf8"

	"github.com/socktrace/socktrace/internal/protowire"
)

// errSource is told of what may be the text that a set is made of.
var errSource = errors.New("not a set of descriptors: it is text; protoc --descriptor_set_out=FILE --include_imports makes one of it")

// readSet reads a FileDescriptorSet (descriptor.proto).
func (s *Schema) readSet(set []byte) error {
	files := 0
	err := each(set, func(v value) error {
		if v.number != 1 || v.typ != protowire.BytesType {
			return fmt.Errorf("field %d is unknown", v.number)
		}
		files++
		return s.readFile(v.body)
	})
	switch {
	case err != nil && utf8.Valid(set):
		return errSource
	case err != nil:
		return fmt.Errorf("not a set of descriptors: %w", err)
	case files == 0:
		return errors.New("not a set of descriptors: there is nothing in it")
	}
	return nil
}

// The members of a FileDescriptorProto that are read, and of FileOptions.
const (
	filePackage  = 2
	fileMessage  = 4
	fileEnum     = 5
	fileService  = 6
	fileOptions  = 8
	fileSyntax   = 12
	fileFeatures = 50
)

// readFile reads a file: what is said of all of it first.
func (s *Schema) readFile(b []byte) error {
	var in scope
	err := each(b, func(v value) (err error) {
		switch v.number {
		case filePackage:
			if in.name, err = in.full(v.body); err == nil {
				in.name += "."
			}
		case fileSyntax:
			in.implied = in.implied || string(v.body) == "proto3"
		case fileOptions:
			in.implied, err = implied(v.body, fileFeatures, in.implied)
		}
		return err
	})
	if err != nil {
		return err
	}
	return each(b, func(v value) error {
		switch v.number {
		case fileMessage:
			return s.readMessage(in, v.body)
		case fileEnum:
			return s.readEnum(in, v.body)
		case fileService:
			return s.readService(in, v.body)
		}
		return nil
	})
}
