package protobuf

import (
	"math/rand/v2"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/dynamicpb"
)

// TestAppendMessage makes messages of all types of their JSON: the library for Go reads the
// same in them.
func TestAppendMessage(t *testing.T) {
	all := messagesOf(oracle())
	r := filler{rand.New(rand.NewPCG(3, 4)), all}
	s := Embedded()
	for _, d := range all {
		typ := s.Named(string(d.FullName()))
		for range 10 {
			m := dynamicpb.NewMessage(d)
			r.fill(m, 3)
			plain(m)
			b, err := proto.MarshalOptions{Deterministic: true}.Marshal(m)
			if err != nil {
				t.Fatal(err)
			}
			doc, _ := s.AppendJSON(nil, typ, b, Limits{})
			back, err := s.AppendMessage(nil, typ, doc)
			if err != nil {
				t.Fatalf("%s: %v\n%s", typ.name, err, doc)
			}
			again, _ := s.AppendJSON(nil, typ, back, Limits{})
			if string(again) != string(doc) {
				t.Fatalf("%s:\n got %s\nwant %s", typ.name, again, doc)
			}
			got := dynamicpb.NewMessage(d)
			if err := proto.Unmarshal(back, got); err != nil {
				t.Fatalf("%s: %v\n%s", typ.name, err, doc)
			}
		}
	}
}

// TestAppendMessageForms has what only our JSON has.
func TestAppendMessageForms(t *testing.T) {
	x := strings.Repeat("x", 300)
	for _, c := range []struct {
		name, typ string
		msg       w
	}{
		{"nothing", "", nil},
		{"fields without names", "", w{}.varint(1, 5).varint(1, 6).i32(2, 7).i64(3, 1<<60).len(4, "text").len(5, string(w{}.varint(1, 2)))},
		{"bytes without a name", "", w{}.len(1, "\x01\xff")},
		{"a field that is not known", "fsutil.types.Packet", w{}.varint(3, 9).varint(99, 9)},
		{"a file", "fsutil.types.Packet", w{}.varint(1, 2).len(4, "hello\n")},
		{"a file that is no text", "fsutil.types.Packet", w{}.len(4, "\x00ab")},
		{"a line", "moby.buildkit.v1.VertexLog", w{}.len(4, x)},
		{"digits", "opentelemetry.proto.trace.v1.Span", w{}.len(1, "\x01\xab")},
		{"a document", "moby.buildkit.v1.frontend.ResolveImageConfigResponse", w{}.len(2, `{"os":"linux"}`)},
		{"an operation", "pb.Definition", w{}.len(1, string(w{}.len(3, string(w{}.len(1, "local://context"))))).len(1, "")},
		{"a time long ago", "google.protobuf.Timestamp", w{}.varint(1, 1<<64-62135596801)},
		{"back", "google.protobuf.Duration", w{}.varint(2, 1<<64-5e8)},
		{"any with text", "google.protobuf.Any", w{}.len(1, "x/errdefs.Source+json").len(2, `{"info":{"data":"RlJPTSAiYSIK"},"b":1}`)},
		{"any that is a document", "google.protobuf.Any", w{}.len(1, "a/b").len(2, `{"a":[1]}`)},
		{"any that is a message", "google.protobuf.Any", w{}.len(1, "a/b").len(2, string(w{}.varint(1, 2)))},
		{"any that is bytes", "google.protobuf.Any", w{}.len(1, "a/b").len(2, "\x01")},
		{"an empty key", "fsutil.types.Stat", w{}.len(10, string(w{}.len(1, "k").len(2, "\x01"))).len(10, string(w{}.len(1, "").len(2, "")))},
	} {
		typ := Embedded().Named(c.typ)
		doc, _ := Embedded().AppendJSON(nil, typ, c.msg, Limits{})
		got, err := Embedded().AppendMessage([]byte("before"), typ, doc)
		if want := "before" + string(c.msg); err != nil || string(got) != want {
			t.Errorf("%s: %v\n got %q\nwant %q\nof %s", c.name, err, got, want, doc)
		}
	}
}

// TestAppendMessageNot has what does not tell all of a message, or is none.
func TestAppendMessageNot(t *testing.T) {
	deep := strings.Repeat(`{"1:len":`, 100) + "{}" + strings.Repeat("}", 100)
	for doc, want := range map[string]string{
		`{"type":2`:                             "no JSON",
		`[]`:                                    "not all of it is there",
		`{"data":{"size":300,"begins":"eHh4"}}`: "data: not all of it is there",
		`{"data":{"size":3,"begins":"!"}}`:      "data: illegal base64 data at input byte 0",
		`{"type":2,"!":"truncated"}`:            "!: not all of it is there",
		`{"stat":5}`:                            "stat: not all of it is there",
		`{"type":"NO_SUCH"}`:                    `type: there is no "NO_SUCH"`,
		`{"ID":"x"}`:                            `ID: strconv.ParseUint: parsing "x": invalid syntax`,
		`{"nothing":1}`:                         "nothing: there is no such field",
		`{"5:group":{}}`:                        "5:group: groups are not written",
		`{"5:huge":1}`:                          "5:huge: there is no such field",
		deep:                                    "too deep",
	} {
		_, err := Embedded().AppendMessage(nil, Embedded().Named("fsutil.types.Packet"), []byte(doc))
		if err == nil || !strings.HasSuffix(err.Error(), want) {
			t.Errorf("%.60s: %v, want %s", doc, err, want)
		}
	}
	masked, err := Embedded().AppendMessage(nil, Embedded().Named("moby.buildkit.secrets.v1.GetSecretResponse"), []byte(`{"data":"[masked 6 bytes]"}`))
	if want := string(w{}.len(1, "[masked 6 bytes]")); err != nil || string(masked) != want {
		t.Errorf("%q, %v", masked, err)
	}
}

// TestAppendMessageBytes makes messages of which all bytes are shown, to the byte.
func TestAppendMessageBytes(t *testing.T) {
	x := strings.Repeat("x", 300)
	s := Embedded().WithBytes()
	for _, c := range []struct {
		typ string
		msg w
	}{
		{"fsutil.types.Packet", w{}.varint(1, 2).len(4, x)},
		{"fsutil.types.Packet", w{}.varint(1, 2).len(4, "\x00"+x)},
		{"fsutil.types.Packet", w{}.varint(1, 2).len(4, "a\xe2\x82")},
		{"moby.buildkit.v1.VertexLog", w{}.len(4, "\xff"+x)},
		{"moby.buildkit.secrets.v1.GetSecretResponse", w{}.len(1, x)},
		{"opentelemetry.proto.trace.v1.Span", w{}.len(1, x)},
		{"moby.buildkit.v1.frontend.ResolveImageConfigResponse", w{}.len(2, "{\"os\" : \"linux\"}\n")},
		{"google.protobuf.Any", w{}.len(1, "a/b").len(2, `{"a" :1}`)},
		{"google.protobuf.Any", w{}.len(1, "a/b").len(2, string(w{}.len(1, "QUJD")))},
		{"", w{}.len(1, "QUI=").len(2, x).len(3, "\x00"+x)},
	} {
		doc, _ := s.AppendJSON(nil, s.Named(c.typ), c.msg, Limits{})
		got, err := s.AppendMessage(nil, s.Named(c.typ), doc)
		if err != nil || string(got) != string(c.msg) {
			t.Errorf("%s: %v\n got %q\nwant %q\nof %s", c.typ, err, got, c.msg, doc)
		}
	}
}

// FuzzAppendMessage has any text as messages: none has it panic, and what it writes is a message.
func FuzzAppendMessage(f *testing.F) {
	names := []string{"", "fsutil.types.Packet", "pb.Definition", "google.protobuf.Any", "google.protobuf.Struct", "google.protobuf.Duration", "google.protobuf.Timestamp"}
	for i, doc := range []string{`{"1:len":"a","2:varint":[1,2]}`, `{"stat":{"path":"a"}}`, `{"def":[{"digest":"x"}]}`, `{"@type":"a/b","value":{}}`, `{"a":null}`, `"-1.5s"`, `"2020-01-01T00:00:00Z"`} {
		f.Add(i, []byte(doc))
	}
	f.Fuzz(func(t *testing.T, i int, doc []byte) {
		got, err := Embedded().AppendMessage(nil, Embedded().Named(names[uint(i)%uint(len(names))]), doc)
		if err == nil {
			_, info := Embedded().AppendJSON(nil, nil, got, Limits{})
			if info.Fault == Malformed || info.Fault == Truncated {
				t.Errorf("%s is %q: %s", doc, got, info.Fault)
			}
		}
	})
}
