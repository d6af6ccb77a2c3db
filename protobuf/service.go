package protobuf

import (
	"errors"
	"strings"
)

// The members of a ServiceDescriptorProto that are read, of a MethodDescriptorProto
// and of an EnumDescriptorProto.
const (
	serviceName   = 1
	serviceMethod = 2

	methodName    = 1
	methodInput   = 2
	methodOutput  = 3
	methodClients = 5
	methodServers = 6

	enumName    = 1
	enumValue   = 2
	valueName   = 1
	valueNumber = 2
)

// readService reads a service.
func (s *Schema) readService(in scope, b []byte) error {
	name := ""
	err := each(b, func(v value) (err error) {
		if v.number == serviceName {
			name, err = in.full(v.body)
		}
		return err
	})
	if err == nil && name == "" {
		_, err = in.full(nil)
	}
	if err != nil {
		return err
	}
	return each(b, func(v value) error {
		if v.number != serviceMethod {
			return nil
		}
		m, err := readMethod(v.body)
		if err != nil {
			return err
		}
		m.Name = name + "/" + m.Name
		s.declared = append(s.declared, m)
		return nil
	})
}

// readMethod reads a method, whose name is not full yet.
func readMethod(b []byte) (m declared, err error) {
	err = each(b, func(v value) (err error) {
		switch v.number {
		case methodName:
			m.Name, err = scope{}.full(v.body)
		case methodInput:
			m.input = strings.TrimPrefix(string(v.body), ".")
		case methodOutput:
			m.output = strings.TrimPrefix(string(v.body), ".")
		case methodClients:
			m.ClientStreams = v.bits != 0
		case methodServers:
			m.ServerStreams = v.bits != 0
		}
		return err
	})
	if err == nil && m.Name == "" {
		err = errors.New("a method has no name")
	}
	return m, err
}

// readEnum reads an enumeration. Of several names for one number the first is its own.
func (s *Schema) readEnum(in scope, b []byte) error {
	e, name := make(enum), ""
	err := each(b, func(v value) (err error) {
		switch v.number {
		case enumName:
			name, err = in.full(v.body)
		case enumValue:
			err = e.read(v.body)
		}
		return err
	})
	if err == nil && name == "" {
		_, err = in.full(nil)
	}
	s.enums[name] = e
	return err
}

// read reads a value of an enumeration.
func (e enum) read(b []byte) error {
	var number int32
	name := ""
	err := each(b, func(v value) (err error) {
		switch v.number {
		case valueName:
			name, err = scope{}.full(v.body)
		case valueNumber:
			number = int32(v.bits)
		}
		return err
	})
	if _, known := e[number]; !known {
		e[number] = name
	}
	return err
}
