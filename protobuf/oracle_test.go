package protobuf

import (
	"encoding/json"
	"math/rand/v2"
	"reflect"
	"slices"
	"sync"
	"testing"

	"github.com/klauspost/compress/zstd"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/dynamicpb"
)

// oracle is the embedded descriptors, as the library for Go reads them.
var oracle = sync.OnceValue(func() *protoregistry.Files {
	z, err := zstd.NewReader(nil)
	if err != nil {
		panic(err)
	}
	defer z.Close()
	b, err := z.DecodeAll(embedded, nil)
	if err != nil {
		panic(err)
	}
	return filesOf(b)
})

// filesOf returns the files of a set.
func filesOf(set []byte) *protoregistry.Files {
	var s descriptorpb.FileDescriptorSet
	if err := proto.Unmarshal(set, &s); err != nil {
		panic(err)
	}
	files, err := protodesc.NewFiles(&s)
	if err != nil {
		panic(err)
	}
	return files
}

// messagesOf returns all types of messages in files, by name, but those that are not
// valid without more, and entries of maps.
func messagesOf(files *protoregistry.Files) (all []protoreflect.MessageDescriptor) {
	var add func(protoreflect.MessageDescriptors)
	add = func(ms protoreflect.MessageDescriptors) {
		for i := range ms.Len() {
			m := ms.Get(i)
			add(m.Messages())
			if !m.IsMapEntry() && m.FullName() != "google.protobuf.Any" && m.FullName() != "google.protobuf.Value" {
				all = append(all, m)
			}
		}
	}
	files.RangeFiles(func(f protoreflect.FileDescriptor) bool {
		add(f.Messages())
		return true
	})
	slices.SortFunc(all, func(a, b protoreflect.MessageDescriptor) int {
		if a.FullName() < b.FullName() {
			return -1
		}
		return 1
	})
	return all
}

// TestOracle compares with protojson, for messages of all types.
func TestOracle(t *testing.T) {
	all := messagesOf(oracle())
	if len(all) < 700 {
		t.Fatalf("there are only %d types", len(all))
	}
	types := dynamicpb.NewTypes(oracle())
	r := filler{rand.New(rand.NewPCG(1, 2)), all}
	for _, d := range all {
		for range 20 {
			m := dynamicpb.NewMessage(d)
			r.fill(m, 3)
			plain(m)
			compare(t, Embedded(), types, m)
		}
	}
}

// compare has a message as JSON by both.
func compare(t *testing.T, s *Schema, types *dynamicpb.Types, m *dynamicpb.Message) {
	t.Helper()
	name := string(m.Descriptor().FullName())
	b, err := proto.MarshalOptions{Deterministic: true}.Marshal(m)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	want, err := protojson.MarshalOptions{Resolver: types}.Marshal(m)
	if err != nil {
		t.Fatalf("%s: %v\n%x", name, err, b)
	}
	got, info := s.AppendJSON(nil, s.Named(name), b, Limits{})
	var x, y any
	if err := json.Unmarshal(got, &x); err != nil {
		t.Fatalf("%s: %v\n%s", name, err, got)
	}
	if err := json.Unmarshal(want, &y); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(x, y) || info != (Info{}) {
		t.Fatalf("%s: %+v\n got %s\nwant %s\nof %x", name, info, got, want, b)
	}
}
