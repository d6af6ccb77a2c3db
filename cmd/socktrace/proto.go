package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/socktrace/socktrace/internal/openfile"
	"github.com/socktrace/socktrace/protobuf"
)

// maxProto bounds a set of descriptors in memory: the largest that are published have
// half of it.
const maxProto = 64 << 20

// loadProtos returns the schema of what the program knows and of the sets of
// descriptors in files; nil if there are none.
func loadProtos(ctx context.Context, names []string) (*protobuf.Schema, error) {
	if len(names) == 0 {
		return nil, nil
	}
	var sets []protobuf.Set
	for _, name := range names {
		b, err := openfile.Interruptibly(ctx, func() (content, error) { return readProto(name) })
		if err != nil {
			return nil, fmt.Errorf("--proto: %w", err)
		}
		sets = append(sets, protobuf.Set{Name: name, Data: b})
	}
	s, err := protobuf.With(sets...)
	if err != nil {
		return nil, fmt.Errorf("--proto %w", err)
	}
	return s, nil
}

// content is all of a file.
type content []byte

// Close does nothing: the file is closed already.
func (content) Close() error { return nil }

// readProto reads a set of descriptors.
func readProto(name string) (content, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxProto+1))
	if err == nil && len(b) > maxProto {
		most := size(maxProto)
		err = fmt.Errorf("%s: more than %s: no set of descriptors", name, &most)
	}
	return b, err
}
