package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/klauspost/compress/zstd"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/descriptorpb"
)

// leftOut are the files that the imports bring along and no message on the wire
// needs: options for compilers, and what is logged or framed otherwise.
var leftOut = []string{"github.com/planetscale/", "google/protobuf/descriptor.proto", "google/api/", "grpc/binlog/", "request.proto"}

// packed returns all descriptors as a compressed FileDescriptorSet.
func packed() ([]byte, error) {
	b, err := proto.MarshalOptions{Deterministic: true}.Marshal(&descriptorpb.FileDescriptorSet{File: files()})
	if err != nil {
		return nil, fmt.Errorf("encode the descriptors: %w", err)
	}
	z, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedBestCompression), zstd.WithEncoderConcurrency(1))
	if err != nil {
		return nil, fmt.Errorf("compress the descriptors: %w", err)
	}
	return z.EncodeAll(b, nil), nil
}

// files returns the files that are linked into this program, without what is not
// needed, each behind those that it imports.
func files() []*descriptorpb.FileDescriptorProto {
	linked := make(map[string]protoreflect.FileDescriptor)
	var paths []string
	protoregistry.GlobalFiles.RangeFiles(func(f protoreflect.FileDescriptor) bool {
		if !isLeftOut(f.Path()) {
			linked[f.Path()] = f
			paths = append(paths, f.Path())
		}
		return true
	})
	slices.Sort(paths)
	var all []*descriptorpb.FileDescriptorProto
	var add func(path string)
	add = func(path string) {
		f := linked[path]
		if f == nil {
			return
		}
		delete(linked, path)
		p := stripped(f)
		for _, d := range p.Dependency {
			add(d)
		}
		all = append(all, p)
	}
	for _, path := range paths {
		add(path)
	}
	return all
}

func isLeftOut(path string) bool {
	return slices.ContainsFunc(leftOut, func(s string) bool { return strings.HasPrefix(path, s) })
}

// stripped returns the descriptor of a file without what decoding does not need.
func stripped(f protoreflect.FileDescriptor) *descriptorpb.FileDescriptorProto {
	p := protodesc.ToFileDescriptorProto(f)
	p.SourceCodeInfo, p.Options, p.PublicDependency, p.WeakDependency = nil, nil, nil, nil
	p.Dependency = slices.DeleteFunc(p.Dependency, isLeftOut)
	p.Extension = nil
	for _, m := range p.MessageType {
		stripMessage(m)
	}
	for _, e := range p.EnumType {
		stripEnum(e)
	}
	for _, s := range p.Service {
		s.Options = nil
		for _, m := range s.Method {
			m.Options = nil
		}
	}
	return p
}

func stripMessage(m *descriptorpb.DescriptorProto) {
	if m.GetOptions().GetMapEntry() {
		m.Options = &descriptorpb.MessageOptions{MapEntry: proto.Bool(true)}
	} else {
		m.Options = nil
	}
	m.ReservedRange, m.ReservedName, m.Extension, m.ExtensionRange = nil, nil, nil, nil
	for _, f := range m.Field {
		f.Options = nil
		if f.GetJsonName() == camel(f.GetName()) {
			f.JsonName = nil
		}
	}
	for _, o := range m.OneofDecl {
		o.Options = nil
	}
	for _, n := range m.NestedType {
		stripMessage(n)
	}
	for _, e := range m.EnumType {
		stripEnum(e)
	}
}

func stripEnum(e *descriptorpb.EnumDescriptorProto) {
	e.Options, e.ReservedRange, e.ReservedName = nil, nil, nil
	for _, v := range e.Value {
		v.Options = nil
	}
}

// camel returns the JSON name that a field has unless its file says otherwise
// (ProtoJSON Format, "Field names as JSON keys").
func camel(name string) string {
	var b strings.Builder
	for i := 0; i < len(name); i++ {
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
