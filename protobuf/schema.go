package protobuf

import (
	"maps"
	"slices"
)

// Schema is types and methods by name. Its methods may be called concurrently.
type Schema struct {
	types    map[string]*Type
	enums    map[string]enum
	methods  map[string]Method
	declared []declared // methods while it is made
	bytes    bool       // all of them are shown: see WithBytes
}

// WithBytes returns s as one that shows all bytes, whatever they are and however long: in the form that
// else has the beginning of them, or in base64, but for what is text by its name. AppendMessage makes
// of that what was there, to the byte.
func (s *Schema) WithBytes() *Schema {
	all := *s
	all.bytes = true
	return &all
}

// HasBytes reports whether s, which may be nil, shows all bytes.
func (s *Schema) HasBytes() bool { return s != nil && s.bytes }

// Method is a method of a service.
type Method struct {
	Name          string // "moby.buildkit.v1.Control/Solve"
	Input, Output *Type  // nil: not known
	ClientStreams bool
	ServerStreams bool
	other         *Type // what the messages may be as well, both ways
}

// declared is a Method whose types are names yet.
type declared struct {
	Method
	input, output string
}

// Method returns the method that a path names, such as
// "/moby.buildkit.v1.Control/Solve".
func (s *Schema) Method(path string) (m Method, known bool) {
	if len(path) > 0 && path[0] == '/' {
		m, known = s.methods[path[1:]]
	}
	return m, known
}

// Methods returns the full names of all methods, in order.
func (s *Schema) Methods() []string { return slices.Sorted(maps.Keys(s.methods)) }

// Named returns the type of messages of a full name; nil if there is none.
func (s *Schema) Named(name string) *Type { return s.types[name] }
