package protobuf

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"google.golang.org/protobuf/encoding/prototext"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/dynamicpb"
)

// setOf returns a set of the files, which are descriptors as text.
func setOf(t testing.TB, files ...string) Set {
	t.Helper()
	var s descriptorpb.FileDescriptorSet
	for _, text := range files {
		f := new(descriptorpb.FileDescriptorProto)
		if err := prototext.Unmarshal([]byte(text), f); err != nil {
			t.Fatal(err)
		}
		s.File = append(s.File, f)
	}
	b, err := proto.Marshal(&s)
	if err != nil {
		t.Fatal(err)
	}
	return Set{"set", b}
}

const proto2 = `name: "two.proto" package: "two"
message_type { name: "M"
  field { name: "required_number" number: 1 label: LABEL_REQUIRED type: TYPE_INT32 }
  field { name: "one" number: 20 label: LABEL_OPTIONAL type: TYPE_BOOL json_name: "x \"y\"" }
  field { name: "inner" number: 3 label: LABEL_REPEATED type: TYPE_GROUP type_name: ".two.M.Inner" }
  field { name: "numbers" number: 4 label: LABEL_REPEATED type: TYPE_SINT64 options { packed: true } }
  field { name: "color" number: 5 label: LABEL_OPTIONAL type: TYPE_ENUM type_name: ".two.Color" }
  field { name: "by_name" number: 6 label: LABEL_REPEATED type: TYPE_MESSAGE type_name: ".two.M.ByNameEntry" }
  field { name: "a" number: 7 label: LABEL_OPTIONAL type: TYPE_STRING oneof_index: 0 }
  field { name: "b" number: 8 label: LABEL_OPTIONAL type: TYPE_FLOAT oneof_index: 0 }
  nested_type { name: "Inner" field { name: "t" number: 1 label: LABEL_OPTIONAL type: TYPE_BYTES } }
  nested_type { name: "ByNameEntry" options { map_entry: true }
    field { name: "key" number: 1 label: LABEL_OPTIONAL type: TYPE_BOOL }
    field { name: "value" number: 2 label: LABEL_OPTIONAL type: TYPE_MESSAGE type_name: ".two.M.Inner" } }
  oneof_decl { name: "o" }
}
enum_type { name: "Color" value { name: "RED" number: 7 } value { name: "BLUE" number: -2 } value { name: "AZURE" number: -2 } options { allow_alias: true } }`

const editions = `name: "e.proto" package: "e" syntax: "editions" edition: EDITION_2023
options { features { field_presence: IMPLICIT } }
message_type { name: "M"
  field { name: "i" number: 1 label: LABEL_OPTIONAL type: TYPE_INT32 }
  field { name: "e" number: 2 label: LABEL_OPTIONAL type: TYPE_INT32 options { features { field_presence: EXPLICIT } } }
  field { name: "delimited" number: 3 label: LABEL_OPTIONAL type: TYPE_MESSAGE type_name: ".e.M" options { features { message_encoding: DELIMITED } } }
  field { name: "r" number: 4 label: LABEL_REPEATED type: TYPE_FIXED32 options { features { repeated_field_encoding: EXPANDED } } }
}`

const explicit = `name: "x.proto" package: "x" syntax: "editions" edition: EDITION_2023
message_type { name: "M"
  field { name: "e" number: 1 label: LABEL_OPTIONAL type: TYPE_INT32 }
  field { name: "i" number: 2 label: LABEL_OPTIONAL type: TYPE_STRING options { features { field_presence: IMPLICIT } } }
}`

const proto3 = `name: "three.proto" syntax: "proto3"
message_type { name: "M"
  field { name: "i" number: 1 label: LABEL_OPTIONAL type: TYPE_INT32 }
  field { name: "o" number: 2 label: LABEL_OPTIONAL type: TYPE_INT32 proto3_optional: true oneof_index: 0 }
  oneof_decl { name: "_o" }
}`

// TestOtherSyntaxes compares with protojson what proto2 and editions have and proto3
// has not: groups, presence, packing.
func TestOtherSyntaxes(t *testing.T) {
	set := setOf(t, proto2, editions, explicit, proto3)
	files := filesOf(set.Data)
	s, err := With(set)
	if err != nil {
		t.Fatal(err)
	}
	all := messagesOf(files)
	r := filler{rand.New(rand.NewPCG(3, 4)), all}
	for _, d := range all {
		for range 300 {
			m := dynamicpb.NewMessage(d)
			r.fill(m, 3)
			if f := d.Fields().ByName("required_number"); f != nil {
				m.Set(f, r.scalar(f))
			}
			compare(t, s, dynamicpb.NewTypes(files), m)
		}
	}
}

// TestMapsThatAreNone shows what is called a map and has no keys, or no values.
func TestMapsThatAreNone(t *testing.T) {
	for number, want := range map[int]string{1: `{"m":[{"f":"a"},{"f":"b"}]}`, 2: `{"m":[{"1:len":"a"},{"1:len":"b"}]}`} {
		s, err := With(setOf(t, fmt.Sprintf(`name: "m.proto" message_type { name: "M"
			field { name: "m" number: 1 label: LABEL_REPEATED type: TYPE_MESSAGE type_name: ".M.MEntry" }
			nested_type { name: "MEntry" options { map_entry: true } field { name: "f" number: %d label: LABEL_OPTIONAL type: TYPE_STRING } } }`, number)))
		if err != nil {
			t.Fatal(err)
		}
		got, _ := s.AppendJSON(nil, s.Named("M"), w{}.len(1, string(w{}.len(1, "a"))).len(1, string(w{}.len(1, "b"))), Limits{})
		if string(got) != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

// TestZeros shows zeros that were sent where that means something.
func TestZeros(t *testing.T) {
	s, err := With(setOf(t, proto2, editions, explicit, proto3, `name: "m.proto" package: "m" syntax: "editions" edition: EDITION_2023
		message_type { name: "M" options { deprecated: true features { enum_type: CLOSED field_presence: IMPLICIT } }
			field { name: "i" number: 1 label: LABEL_OPTIONAL type: TYPE_INT32 }
			field { name: "l" number: 2 label: LABEL_REPEATED type: TYPE_MESSAGE type_name: ".m.M" } }`))
	if err != nil {
		t.Fatal(err)
	}
	zeros := w{}.varint(1, 0).varint(2, 0)
	for _, c := range []struct {
		typ  string
		msg  w
		want string
	}{
		{"two.M", w{}.varint(1, 0).varint(20, 0).varint(5, 0).len(7, ""), `{"requiredNumber":0,"x \"y\"":false,"color":0,"a":""}`},
		{"e.M", zeros, `{"e":0}`},
		{"x.M", w{}.varint(1, 0).len(2, ""), `{"e":0}`},
		{"M", zeros, `{"o":0}`},
		{"m.M", w{}.varint(1, 0).len(2, "").len(2, string(w{}.varint(1, 5))), `{"l":[{},{"i":5}]}`},
	} {
		if got, info := s.AppendJSON(nil, s.Named(c.typ), c.msg, Limits{}); string(got) != c.want || info != (Info{}) {
			t.Errorf("%s: %s %+v, want %s", c.typ, got, info, c.want)
		}
	}
}

// TestWith reads sets: what is in several is what the last one says, and what nobody
// says is no error.
func TestWith(t *testing.T) {
	s, err := With(setOf(t, `name: "a" package: "containerd.types" message_type { name: "Mount" field { name: "x" number: 1 label: LABEL_OPTIONAL type: TYPE_BOOL } }
		service { name: "S" method { name: "Do" input_type: ".containerd.types.Mount" output_type: ".nobody.Knows" server_streaming: true } }`),
		setOf(t, `name: "b" message_type { name: "M" field { name: "m" number: 1 label: LABEL_OPTIONAL type: TYPE_MESSAGE type_name: ".nobody.Knows" }
		field { name: "e" number: 2 label: LABEL_OPTIONAL type: TYPE_ENUM type_name: ".nobody.Knows" } }`))
	if err != nil {
		t.Fatal(err)
	}
	if got, _ := s.AppendJSON(nil, s.Named("containerd.types.Mount"), w{}.varint(1, 1), Limits{}); string(got) != `{"x":true}` {
		t.Errorf("%s", got)
	}
	if got, _ := s.AppendJSON(nil, s.Named("M"), w{}.len(1, string(w{}.varint(2, 3))).varint(2, 4), Limits{}); string(got) != `{"m":{"2:varint":3},"e":4}` {
		t.Errorf("%s", got)
	}
	m, known := s.Method("/containerd.types.S/Do")
	if !known || m.Input != s.Named("containerd.types.Mount") || m.Output != nil || m.ClientStreams || !m.ServerStreams || m.TypeOf(true, []byte{8, 1}) != nil {
		t.Errorf("%t %+v", known, m)
	}
	if m, known := s.Method("/moby.buildkit.v1.Control/Solve"); !known || m.Input.Name() != "moby.buildkit.v1.SolveRequest" {
		t.Errorf("%t %+v", known, m)
	}
}

// TestWithErrors says what is wrong with sets that are none.
func TestWithErrors(t *testing.T) {
	inner := func(field int, file []byte) []byte { return w{}.len(1, string(w{}.len(4, string(file)))) }
	message := func(text string) []byte { return setOf(t, `name: "a" message_type { `+text+` }`).Data }
	for _, c := range []struct {
		set  []byte
		want string
	}{
		{nil, "not a set of descriptors: there is nothing in it"},
		{[]byte("syntax = \"proto3\";\n"), "not a set of descriptors: it is text; protoc --descriptor_set_out=FILE --include_imports makes one of it"},
		{[]byte("\x7fELF\xff\xff"), "not a set of descriptors: a field of it is malformed"},
		{w{}.varint(1, 200), "not a set of descriptors: field 1 is unknown"},
		{w{}.len(2, "\xff"), "not a set of descriptors: field 2 is unknown"},
		{w{}.len(1, "\xff\xff"), "not a set of descriptors: it ends within a field"},
		{append(message(`name: "M"`), 0x80), "not a set of descriptors: it ends within a field"},
		{inner(4, w{}.len(1, "a b\xff")), `not a set of descriptors: "a b\xff" is no name`},
		{inner(4, w{}.len(9, "\xff")), "not a set of descriptors: something in it has no name"},
		{w{}.len(1, string(w{}.len(5, "\x92\x01\x02\xff\xff"))), "not a set of descriptors: something in it has no name"},
		{w{}.len(1, string(w{}.len(6, "\x92\x01\x02\xff\xff"))), "not a set of descriptors: something in it has no name"},
		{append(setOf(t, `name: "a" service { name: "S" method { input_type: ".M" } }`).Data, w{}.len(1, "\xff")...), "not a set of descriptors: a method has no name"},
		{append(setOf(t, `name: "a" enum_type { value { name: "V" number: 1 } }`).Data, w{}.len(1, "\xff")...), "not a set of descriptors: something in it has no name"},
		{append(setOf(t, `name: "a" service { method { name: "M" } }`).Data, w{}.len(1, "\xff")...), "not a set of descriptors: something in it has no name"},
		{append(message(`field { name: "f" number: 1 type: TYPE_BOOL }`), w{}.len(1, "\xff")...), "not a set of descriptors: something in it has no name"},
		{append(message(`name: "M" enum_type { name: "E" value { name: "a b" number: 1 } }`), w{}.len(1, "\xff")...), `not a set of descriptors: "a b" is no name`},
		{append(message(`name: "M" field { name: "f" number: 1 }`), w{}.len(1, "\xff")...), `not a set of descriptors: M: field "f" has kind 0, number 1`},
		{append(message(`name: "M" field { name: "f" number: 0 type: TYPE_BOOL }`), w{}.len(1, "\xff")...), `not a set of descriptors: M: field "f" has kind 8, number 0`},
		{append(inner(4, w{}.len(1, "M").len(2, string(w{}.len(1, "f").varint(3, 1).varint(5, 19)))), w{}.len(1, "\xff")...), `not a set of descriptors: M: field "f" has kind 19, number 1`},
		{append(inner(4, w{}.len(1, "M").len(2, string(w{}.len(1, "f").varint(3, 1).varint(5, 1<<40)))), w{}.len(1, "\xff")...), `not a set of descriptors: M: field "f" has kind 19, number 1`},
		{append(message(`name: "M" field { name: "f" number: 1 type: TYPE_BOOL oneof_index: 3 }`), w{}.len(1, "\xff")...), `not a set of descriptors: M: field 1 is not as it should be`},
		{append(message(`name: "M" field { name: "f" number: 1 type: TYPE_BOOL } field { name: "g" number: 1 type: TYPE_BOOL }`), w{}.len(1, "\xff")...), `not a set of descriptors: M: field 1 is not as it should be`},
	} {
		if _, err := With(Set{"f.pb", c.set}); err == nil || err.Error() != "f.pb: "+c.want {
			t.Errorf("%.40q: %v, want %s", c.set, err, c.want)
		}
	}
}

// TestMethods has the services that are asked for, and all of their types.
func TestMethods(t *testing.T) {
	s := Embedded()
	for _, path := range []string{
		"/moby.buildkit.v1.Control/Session", "/moby.buildkit.v1.frontend.LLBBridge/Return", "/moby.filesync.v1.FileSync/DiffCopy",
		"/moby.filesync.v1.FileSend/DiffCopy", "/moby.filesync.v1.Auth/FetchToken", "/moby.buildkit.secrets.v1.Secrets/GetSecret",
		"/moby.sshforward.v1.SSH/ForwardAgent", "/moby.upload.v1.Upload/Pull", "/moby.exporter.v1.Exporter/FindExporters",
		"/moby.buildkit.v1.sourcepolicy.policysession.PolicyVerifier/CheckPolicy", "/grpc.health.v1.Health/Watch",
		"/grpc.reflection.v1.ServerReflection/ServerReflectionInfo", "/containerd.services.content.v1.Content/Write",
		"/containerd.services.images.v1.Images/List", "/containerd.services.containers.v1.Containers/Get",
		"/containerd.services.tasks.v1.Tasks/Start", "/containerd.services.events.v1.Events/Subscribe",
		"/containerd.services.leases.v1.Leases/Create", "/containerd.services.transfer.v1.Transfer/Transfer",
		"/containerd.services.namespaces.v1.Namespaces/List", "/runtime.v1.RuntimeService/RunPodSandbox",
		"/runtime.v1.ImageService/PullImage", "/opentelemetry.proto.collector.trace.v1.TraceService/Export",
	} {
		if _, known := s.Method(path); !known {
			t.Errorf("%s is not known", path)
		}
	}
	for name, m := range s.methods {
		if m.Input == nil || m.Output == nil || m.Name != name || strings.Count(name, "/") != 1 {
			t.Errorf("%s: %+v", name, m)
		}
	}
	for _, path := range []string{"", "/", "moby.buildkit.v1.Control/Session", "/moby.buildkit.v1.Control", "//"} {
		if m, known := s.Method(path); known {
			t.Errorf("%q is %+v", path, m)
		}
	}
	if s.Named("") != nil || s.Named("moby.buildkit.v1.Control") != nil {
		t.Error("there is a type that is none")
	}
}

// TestResolved has no name in the embedded descriptors that nobody knows.
func TestResolved(t *testing.T) {
	s := Embedded()
	for name, typ := range s.types {
		for _, f := range typ.fields {
			if f.typeName != "" && f.message == nil && f.enum == nil {
				t.Errorf("%s.%s: %s is not known", name, f.name, f.typeName)
			}
		}
	}
}

// TestTypeOf tells packets of files from bytes, where BuildKit says bytes of both.
func TestTypeOf(t *testing.T) {
	m, _ := Embedded().Method("/moby.filesync.v1.FileSend/DiffCopy")
	for _, c := range []struct {
		msg        w
		fromServer bool
		want       string
	}{
		{nil, true, "moby.filesync.v1.BytesMessage"},
		{w{}.len(1, "tar"), false, "moby.filesync.v1.BytesMessage"},
		{w{}.len(2, ""), false, "fsutil.types.Packet"},
		{w{}.varint(1, 3), true, "fsutil.types.Packet"},
		{w{}.varint(1, 2).len(4, "abc")[:5], true, "fsutil.types.Packet"}, // cut
		{w{}.len(1, "tar").varint(9, 9), true, "moby.filesync.v1.BytesMessage"},
	} {
		if got := m.TypeOf(c.fromServer, c.msg).Name(); got != c.want {
			t.Errorf("%x: %s, want %s", c.msg, got, c.want)
		}
	}
	m, _ = Embedded().Method("/moby.buildkit.v1.Control/Solve")
	if in, out := m.TypeOf(false, nil), m.TypeOf(true, nil); in != m.Input || out != m.Output || in == out {
		t.Errorf("%v %v", in, out)
	}
}

// TestEmbeddedTogether asks for it from many sides at once.
func TestEmbeddedTogether(t *testing.T) {
	var g sync.WaitGroup
	for i := range 8 {
		g.Go(func() {
			for range 50 {
				got, _ := Embedded().AppendJSON(nil, Embedded().Named("pb.Op"), w{}.len(3, string(w{}.len(1, fmt.Sprint(i)))), Limits{})
				if want := fmt.Sprintf(`{"source":{"identifier":"%d"}}`, i); string(got) != want {
					t.Errorf("%s, want %s", got, want)
				}
			}
		})
	}
	g.Wait()
}
