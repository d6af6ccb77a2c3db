package protobuf

import (
	_ "embed"
	"fmt"
	"sync"

	"github.com/klauspost/compress/zstd"
)

// embedded is a compressed FileDescriptorSet. The folder has the notices of those
// whose work it is; "make descriptors" makes both.
//
//go:embed data/descriptors.binpb.zst
var embedded []byte

// Embedded returns the schema of what the program knows by itself. It is made when it
// is first asked for.
var Embedded = sync.OnceValue(func() *Schema {
	s, err := With()
	if err != nil {
		panic(err) // a fault of the program
	}
	return s
})

// Set is a FileDescriptorSet, as protoc --descriptor_set_out writes it.
type Set struct {
	Name string // for errors
	Data []byte
}

// With returns the schema of what the program knows and of more. What is in several
// sets has the meaning of the last one, but for what is settled. Names that are in none are not an error: what
// has such a type is shown field by field.
func With(sets ...Set) (*Schema, error) {
	z, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1))
	if err != nil {
		return nil, fmt.Errorf("read the embedded descriptors: %w", err)
	}
	defer z.Close()
	own, err := z.DecodeAll(embedded, nil)
	if err != nil {
		return nil, fmt.Errorf("read the embedded descriptors: %w", err)
	}
	s := &Schema{types: make(map[string]*Type), enums: make(map[string]enum), methods: make(map[string]Method)}
	if err := s.readSet(own); err != nil {
		return nil, fmt.Errorf("the embedded descriptors: %w", err)
	}
	back := s.settle()
	for _, set := range sets {
		if err := s.readSet(set.Data); err != nil {
			return nil, fmt.Errorf("%s: %w", set.Name, err)
		}
	}
	back()
	s.resolve()
	return s, nil
}

// resolve puts types in the place of their names.
func (s *Schema) resolve() {
	for _, t := range s.types {
		for i := range t.fields {
			f := &t.fields[i]
			f.message, f.enum = s.types[f.typeName], s.enums[f.typeName]
		}
	}
	for _, m := range s.declared {
		m.Input, m.Output, m.other = s.types[m.input], s.types[m.output], s.types[others[m.Name]]
		s.methods[m.Name] = m.Method
	}
	s.declared = nil
}
