package protobuf

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"
)

// w writes messages field by field, for tests.
type w []byte

func (b w) tag(n protowire.Number, typ protowire.Type) w { return protowire.AppendTag(b, n, typ) }

func (b w) varint(n protowire.Number, v uint64) w {
	return protowire.AppendVarint(b.tag(n, protowire.VarintType), v)
}

func (b w) i32(n protowire.Number, v uint32) w {
	return protowire.AppendFixed32(b.tag(n, protowire.Fixed32Type), v)
}

func (b w) i64(n protowire.Number, v uint64) w {
	return protowire.AppendFixed64(b.tag(n, protowire.Fixed64Type), v)
}

func (b w) len(n protowire.Number, v string) w {
	return protowire.AppendString(b.tag(n, protowire.BytesType), v)
}

func (b w) group(n protowire.Number, v w) w {
	return append(b.tag(n, protowire.StartGroupType), v...).tag(n, protowire.EndGroupType)
}

var long = strings.Repeat("x", 257)

// TestJSON has messages as JSON that no library writes, or other than ours.
func TestJSON(t *testing.T) {
	const digits = "eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4" // 48 times x
	for _, c := range []struct {
		name, typ string
		msg       w
		want      string
		info      Info
	}{
		{"nothing", "", nil, `{}`, Info{}},
		{"numbers", "", w{}.varint(1, 5).i32(2, 6).i64(3, 7), `{"1:varint":5,"2:i32":6,"3:i64":7}`, Info{Unknown: 3}},
		{"numbers that readers may round", "", w{}.varint(1, 1<<53-1).varint(2, 1<<53), `{"1:varint":9007199254740991,"2:varint":"9007199254740992"}`, Info{Unknown: 2}},
		{"a field twice, apart", "", w{}.varint(1, 5).varint(2, 6).varint(1, 7), `{"1:varint":[5,7],"2:varint":6}`, Info{Unknown: 2}},
		{"wire types apart", "", w{}.varint(1, 5).len(1, "a"), `{"1:varint":5,"1:len":"a"}`, Info{Unknown: 2}},
		{"text", "", w{}.len(1, "two\nlines\t\x7e"), `{"1:len":"two\nlines\t~"}`, Info{Unknown: 1}},
		{"words", "", w{}.len(1, "two words"), `{"1:len":"two words"}`, Info{Unknown: 1}},
		{"text that drives terminals", "", w{}.len(1, "a\u202eb"), `{"1:len":"a\u202eb"}`, Info{Unknown: 1}},
		{"empty", "", w{}.len(1, ""), `{"1:len":""}`, Info{Unknown: 1}},
		{"a message", "", w{}.len(1, string(w{}.varint(3, 4))), `{"1:len":{"3:varint":4}}`, Info{Unknown: 1}},
		{"a message that might be text", "", w{}.len(1, string(w{}.len(1, strings.Repeat("a", 64)))), `{"1:len":{"1:len":"` + strings.Repeat("a", 64) + `"}}`, Info{Unknown: 1}},
		{"text that begins with a line end", "", w{}.len(1, "\nhello"), `{"1:len":"\nhello"}`, Info{Unknown: 1}},
		{"text that might be a message", "", w{}.len(1, "(a"), `{"1:len":"(a"}`, Info{Unknown: 1}},
		{"a control character is no text", "", w{}.len(1, "\x7f\x1b"), `{"1:len":"fxs="}`, Info{Unknown: 1}},
		{"bytes", "", w{}.len(1, "\x01\xff"), `{"1:len":"Af8="}`, Info{Unknown: 1}},
		{"a number of a field that nobody uses", "", w{}.len(1, string(w{}.varint(1<<15, 1))), `{"1:len":{"32768:varint":1}}`, Info{Unknown: 1}},
		{"and one beyond", "", w{}.len(1, string(w{}.varint(1<<15+1, 1))), `{"1:len":"iIAQAQ=="}`, Info{Unknown: 1}},
		{"many bytes", "", w{}.len(1, "\x00"+long), `{"1:len":{"size":258,"begins":"AHh4` + digits[:60] + `"}}`, Info{Unknown: 1}},
		{"a group", "", w{}.group(4, w{}.varint(1, 2)), `{"4:group":{"1:varint":2}}`, Info{Unknown: 1}},

		{"by name", "fsutil.types.Packet", w{}.varint(1, 2).varint(3, 9).len(4, "hello"), `{"type":"PACKET_DATA","ID":9,"data":"hello"}`, Info{}},
		{"a zero is not shown", "fsutil.types.Packet", w{}.varint(1, 0).varint(3, 0).len(4, ""), `{}`, Info{}},
		{"an enumeration without the name", "fsutil.types.Packet", w{}.varint(1, 77), `{"type":77}`, Info{}},
		{"the last of a scalar", "fsutil.types.Packet", w{}.varint(3, 9).varint(1, 2).varint(3, 8), `{"ID":8,"type":"PACKET_DATA"}`, Info{}},
		{"a message in two pieces", "fsutil.types.Packet", w{}.len(2, string(w{}.len(1, "a"))).len(2, string(w{}.varint(2, 3))), `{"stat":{"path":"a","mode":3}}`, Info{}},
		{"a field of another type", "fsutil.types.Packet", w{}.len(1, "a").i64(3, 1), `{"1:len":"a","3:i64":1}`, Info{Unknown: 2}},
		{"a field that is not known", "fsutil.types.Packet", w{}.varint(3, 9).varint(99, 9), `{"ID":9,"99:varint":9}`, Info{Unknown: 1}},
		{"a group in the place of a message", "fsutil.types.Packet", w{}.group(2, w{}.len(1, "a")), `{"stat":{"path":"a"}}`, Info{}},
		{"bytes of a file that are no text", "fsutil.types.Packet", w{}.len(4, "\x00ab"), `{"data":{"size":3,"begins":"AGFi"}}`, Info{}},
		{"many bytes of a file", "fsutil.types.Packet", w{}.len(4, long), `{"data":{"size":257,"begins":"` + digits + `"}}`, Info{}},
		{"a document in a file is a piece of it", "fsutil.types.Packet", w{}.len(4, `{"a": 1}`), `{"data":"{\"a\": 1}"}`, Info{}},
		{"half a character", "fsutil.types.Packet", w{}.len(4, "a\xe2\x82"), `{"data":"a�"}`, Info{}},
		{"less of a character", "fsutil.types.Packet", w{}.len(4, "a\xe2"), `{"data":"a�"}`, Info{}},
		{"a map whose keys come again", "fsutil.types.Stat", w{}.len(10, string(w{}.len(1, "k").len(2, "\x01"))).len(10, string(w{}.len(1, "l"))).len(10, string(w{}.len(1, "k").len(2, "\x02"))), `{"xattrs":{"l":"","k":"Ag=="}}`, Info{}},
		{"a map with an empty key", "fsutil.types.Stat", w{}.len(10, "").len(10, string(w{}.len(1, "l"))), `{"xattrs":{"":"","l":""}}`, Info{}},
		{"a map that is broken", "fsutil.types.Stat", w{}.len(10, "\x0f"), `{"xattrs":{"":"","!":"malformed"}}`, Info{Fault: Malformed}},
		{"a map that is cut", "fsutil.types.Stat", w{}.len(10, "\x0a\x05ab"), `{"xattrs":{"ab":"","!":"truncated"}}`, Info{Fault: Truncated}},
		{"a map that is cut in a length", "fsutil.types.Stat", w{}.len(10, "\x0a"), `{"xattrs":{"":"","!":"truncated"}}`, Info{Fault: Truncated}},
		{"packed, and not", "opentelemetry.proto.metrics.v1.HistogramDataPoint", w{}.len(6, string(protowire.AppendFixed64(nil, 1))).i64(6, 2), `{"bucketCounts":["1","2"]}`, Info{}},
		{"nothing packed", "opentelemetry.proto.metrics.v1.HistogramDataPoint", w{}.len(6, "").i64(4, 3), `{"count":"3"}`, Info{}},
		{"packed and broken", "opentelemetry.proto.metrics.v1.HistogramDataPoint", w{}.len(6, "\x01"), `{"bucketCounts":["AQ=="]}`, Info{Fault: Malformed}},
		{"a document", "moby.buildkit.v1.frontend.ResolveImageConfigResponse", w{}.len(2, "{\"os\" : \"linux\"}\n"), `{"Config":{"os":"linux"}}`, Info{}},
		{"an empty document", "moby.buildkit.v1.frontend.ResolveImageConfigResponse", w{}.len(2, "{}"), `{"Config":{}}`, Info{}},
		{"half of one", "moby.buildkit.v1.frontend.ResolveImageConfigResponse", w{}.len(2, "{"), `{"Config":"ew=="}`, Info{}},
		{"what only begins like one", "moby.buildkit.v1.frontend.ResolveImageConfigResponse", w{}.len(2, `{"os"}`), `{"Config":"eyJvcyJ9"}`, Info{}},
		{"a document as long as it likes", "moby.buildkit.v1.frontend.ResolveImageConfigResponse", w{}.len(2, `["`+long+`"]`), `{"Config":["` + long + `"]}`, Info{}},
		{"a secret is not looked into", "moby.buildkit.secrets.v1.GetSecretResponse", w{}.len(1, "{}"), `{"data":"e30="}`, Info{}},
		{"a line of a log", "moby.buildkit.v1.VertexLog", w{}.len(4, "\x1b[1mdone\n"), `{"msg":"\u001b[1mdone\n"}`, Info{}},
		{"a long one", "moby.buildkit.v1.VertexLog", w{}.len(4, long), `{"msg":"` + long + `"}`, Info{}},
		{"one that is no text", "moby.buildkit.v1.VertexLog", w{}.len(4, "\xffab"), `{"msg":{"size":3,"begins":"/2Fi"}}`, Info{}},
		{"an id in hexadecimal digits", "opentelemetry.proto.trace.v1.Span", w{}.len(1, "\x01\xab"), `{"traceId":"01ab"}`, Info{}},
		{"an operation and its digest", "pb.Definition", w{}.len(1, string(w{}.len(3, string(w{}.len(1, "local://context"))))).len(1, ""),
			`{"def":[{"digest":"sha256:a60212791641cbeaa3a49de4f7dff9e40ae50ec19d1be9607232037c1db16702","source":{"identifier":"local://context"}},{"digest":"sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}]}`, Info{}},

		{"a time", "google.protobuf.Timestamp", w{}.varint(1, 1).varint(2, 1000), `"1970-01-01T00:00:01.000001Z"`, Info{}},
		{"the first time", "google.protobuf.Timestamp", w{}.varint(1, 1<<64-62135596800), `"0001-01-01T00:00:00Z"`, Info{}},
		{"one before", "google.protobuf.Timestamp", w{}.varint(1, 1<<64-62135596801), `{"seconds":"-62135596801"}`, Info{}},
		{"the last time", "google.protobuf.Timestamp", w{}.varint(1, 253402300799).varint(2, 999999999), `"9999-12-31T23:59:59.999999999Z"`, Info{}},
		{"one behind", "google.protobuf.Timestamp", w{}.varint(1, 253402300800), `{"seconds":"253402300800"}`, Info{}},
		{"a negative part", "google.protobuf.Timestamp", w{}.varint(2, 1<<64-1), `{"nanos":-1}`, Info{}},
		{"a long duration", "google.protobuf.Duration", w{}.varint(1, 315576000000).varint(2, 999999999), `"315576000000.999999999s"`, Info{}},
		{"a longer one", "google.protobuf.Duration", w{}.varint(1, 315576000001), `{"seconds":"315576000001"}`, Info{}},
		{"back", "google.protobuf.Duration", w{}.varint(1, 1<<64-315576000000).varint(2, 1<<64-999999999), `"-315576000000.999999999s"`, Info{}},
		{"and further", "google.protobuf.Duration", w{}.varint(1, 1<<64-315576000001), `{"seconds":"-315576000001"}`, Info{}},
		{"too many nanoseconds", "google.protobuf.Duration", w{}.varint(2, 1e9), `{"nanos":1000000000}`, Info{}},
		{"too few", "google.protobuf.Duration", w{}.varint(2, 1<<64-1e9), `{"nanos":-1000000000}`, Info{}},
		{"of two minds", "google.protobuf.Duration", w{}.varint(1, 1<<64-1).varint(2, 5), `{"seconds":"-1","nanos":5}`, Info{}},
		{"a second", "google.protobuf.Duration", w{}.varint(1, 1).varint(2, 5e8), `"1.500s"`, Info{}},
		{"a time that is none", "google.protobuf.Timestamp", w{}.varint(2, 1e9), `{"nanos":1000000000}`, Info{}},
		{"a time with more in it", "google.protobuf.Timestamp", w{}.varint(1, 1).varint(5, 1), `{"seconds":"1","5:varint":1}`, Info{Unknown: 1}},
		{"a duration of no sense", "google.protobuf.Duration", w{}.varint(1, 1).varint(2, 1<<64-5), `{"seconds":"1","nanos":-5}`, Info{}},
		{"a negative duration", "google.protobuf.Duration", w{}.varint(2, 1<<64-5e8), `"-0.500s"`, Info{}},
		{"any of a type that is not known", "google.protobuf.Any", w{}.len(1, "a/b.C").len(2, string(w{}.varint(1, 2))), `{"@type":"a/b.C","value":{"1:varint":2}}`, Info{}},
		{"any that is a document", "google.protobuf.Any", w{}.len(1, "types.containerd.io/opencontainers/runtime-spec/1/Spec").len(2, `{"a":1}`), `{"@type":"types.containerd.io/opencontainers/runtime-spec/1/Spec","value":{"a":1}}`, Info{}},
		{"any that has text in base64", "google.protobuf.Any", w{}.len(1, "github.com/moby/buildkit/errdefs.Source+json").len(2, `{"info":{"filename":"a","data":"RlJPTSAiYSIK"},"b":1}`), `{"@type":"github.com/moby/buildkit/errdefs.Source+json","value":{"info":{"filename":"a","data":"FROM \"a\"\n"},"b":1}}`, Info{}},
		{"any that should have it", "google.protobuf.Any", w{}.len(1, "x/errdefs.Source+json").len(2, `{"info":{"data":"/w=="}}`), `{"@type":"x/errdefs.Source+json","value":{"info":{"data":"/w=="}}}`, Info{}},
		{"any that has none", "google.protobuf.Any", w{}.len(1, "errdefs.Source+json").len(2, `{"data":1,"b":"RlJPTQ=="}`), `{"@type":"errdefs.Source+json","value":{"data":1,"b":"RlJPTQ=="}}`, Info{}},
		{"any with text that only looks so", "google.protobuf.Any", w{}.len(1, "x/errdefs.Vertex+json").len(2, `{"data":"RlJPTQ=="}`), `{"@type":"x/errdefs.Vertex+json","value":{"data":"RlJPTQ=="}}`, Info{}},
		{"any that is nothing", "google.protobuf.Any", w{}.len(1, "a/b.C"), `{"@type":"a/b.C"}`, Info{}},
		{"any that is bytes", "google.protobuf.Any", w{}.len(1, "a/b.C").len(2, "\x01"), `{"@type":"a/b.C","value":"AQ=="}`, Info{}},
		{"any by a name alone", "google.protobuf.Any", w{}.len(1, "google.rpc.Status").len(2, string(w{}.varint(1, 2))), `{"@type":"google.rpc.Status","code":2}`, Info{}},
		{"a oneof that is set again", "google.protobuf.Value", w{}.len(3, "a").i64(2, 0x3ff0000000000000), `1`, Info{}},
		{"and back", "pb.Op", w{}.len(3, string(w{}.len(1, "a"))).len(2, "").len(3, string(w{}.len(2, string(w{}.len(1, "k"))))), `{"source":{"attrs":{"k":""}}}`, Info{}},

		{"cut in a number", "", w{}.varint(1, 5).i64(2, 9)[:6], `{"1:varint":5,"!":"truncated","!rest":"EQkAAA=="}`, Info{Unknown: 1, Fault: Truncated}},
		{"cut in a text", "fsutil.types.Stat", w{}.len(1, "hello")[:4], `{"path":"he","!":"truncated"}`, Info{Fault: Truncated}},
		{"cut in a tag", "", w{0x80}, `{"!":"truncated","!rest":"gA=="}`, Info{Fault: Truncated}},
		{"no message", "", w{}.varint(1, 5).tag(0, 0), `{"1:varint":5,"!":"malformed","!rest":"AA=="}`, Info{Unknown: 1, Fault: Malformed}},
		{"the end of a group", "", w{}.tag(1, protowire.EndGroupType), `{"!":"malformed","!rest":"DA=="}`, Info{Fault: Malformed}},
	} {
		t.Run(c.name, func(t *testing.T) {
			typ := Embedded().Named(c.typ)
			if (typ == nil) != (c.typ == "") {
				t.Fatalf("%s is not known", c.typ)
			}
			got, info := Embedded().AppendJSON([]byte("before"), typ, c.msg, Limits{})
			if want := "before" + c.want; string(got) != want || info != c.info {
				t.Errorf("%+v, want %+v\n got %s\nwant %s", info, c.info, got, want)
			}
			if !json.Valid(got[len("before"):]) {
				t.Error("that is not JSON")
			}
		})
	}
}

// TestLimits shows what is left out of messages that are too much.
func TestLimits(t *testing.T) {
	deep := w{}
	for range 5 {
		deep = w{}.len(1, string(deep.varint(2, 3)))
	}
	for _, c := range []struct {
		msg    w
		limits Limits
		want   string
		fault  Fault
	}{
		{deep, Limits{Depth: 2}, `{"1:len":{"1:len":{"!":"too deep","!rest":"CgoKBgoCEAMQAxADEAM="},"2:varint":3}}`, TooDeep},
		{w{}.varint(1, 1).varint(2, 2).varint(3, 3), Limits{Fields: 2}, `{"1:varint":1,"2:varint":2,"!":"too many fields"}`, TooMany},
		{w{}.varint(1, 1).varint(2, 2).varint(3, 3), Limits{Size: 20}, `{"1:varint":1,"2:varint":2,"!":"too long"}`, TooLong},
		{w{}.varint(1, 1).varint(1, 2).varint(1, 3), Limits{Size: 14}, `{"1:varint":[1,2],"!":"too long"}`, TooLong},
	} {
		got, info := Embedded().AppendJSON(nil, nil, c.msg, c.limits)
		if string(got) != c.want || info.Fault != c.fault || !json.Valid(got) {
			t.Errorf("%+v: %s %s, want %s %s", c.limits, got, info.Fault, c.want, c.fault)
		}
	}
	brothers := w{}
	for range 10 {
		brothers = brothers.len(2, string(w{}.len(1, "a")))
	}
	if got, info := Embedded().AppendJSON(nil, Embedded().Named("fsutil.types.Packet"), brothers, Limits{Fields: 20}); string(got) != `{"stat":{"path":"a"}}` || info != (Info{}) {
		t.Errorf("%s %+v", got, info) // the fields of one are no fields of the other
	}
	spans := w{}
	for range 10 {
		spans = spans.len(9, string(w{}.len(1, "key")))
	}
	if got, info := Embedded().AppendJSON(nil, Embedded().Named("opentelemetry.proto.trace.v1.Span"), spans, Limits{Fields: 11}); info != (Info{}) || strings.Count(string(got), "key") != 20 {
		t.Errorf("%s %+v", got, info)
	}
	for b, want := range map[string]string{"": `x{"!":"why \"not\""}`, "ab": `x{"!":"why \"not\"","!rest":"YWI="}`} {
		if got := AppendBytes([]byte("x"), `why "not"`, []byte(b)); string(got) != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
	text := w{}.len(4, long)
	got, _ := Embedded().AppendJSON(nil, Embedded().Named("fsutil.types.Packet"), text, Limits{Files: true})
	if want := `{"data":"` + long + `"}`; string(got) != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// TestManyFields has a message of many kinds of fields, and of each several.
func TestManyFields(t *testing.T) {
	var msg w
	var want strings.Builder
	for i := range 100 {
		msg = msg.varint(protowire.Number(i+1), uint64(i))
		fmt.Fprintf(&want, `,"%d:varint":[%d,%d]`, i+1, i, 100+i)
	}
	for i := range 100 {
		msg = msg.varint(protowire.Number(i+1), uint64(100+i))
	}
	got, info := Embedded().AppendJSON(nil, nil, msg, Limits{})
	if string(got) != "{"+want.String()[1:]+"}" || info.Unknown != 100 {
		t.Errorf("%+v: %s", info, got)
	}
}

// TestOverrides has only fields that there are, and that are bytes.
func TestOverrides(t *testing.T) {
	s := Embedded()
	for name := range overrides {
		i := strings.LastIndexByte(name, '.')
		typ := s.Named(name[:i])
		if typ == nil || !slices.ContainsFunc(typ.fields, func(f field) bool { return f.name == name[i+1:] && f.kind == kindBytes && f.bytes == overrides[name] }) {
			t.Errorf("%s: there is no such field", name)
		}
	}
	for name, typ := range others {
		m, known := s.Method("/" + name)
		if !known || m.other == nil || m.other.Name() != typ {
			t.Errorf("%s: %+v", name, m)
		}
	}
}

// TestAppends keeps what stands before, and the memory of one message from the next.
func TestAppends(t *testing.T) {
	var dst []byte
	one := w{}.len(1, "abc")
	for range 3 {
		dst, _ = Embedded().AppendJSON(dst, nil, one, Limits{})
	}
	if want := bytes.Repeat([]byte(`{"1:len":"abc"}`), 3); !bytes.Equal(dst, want) {
		t.Errorf("%s", dst)
	}
}

// TestElided leaves out what nobody would see: the JSON is that of the whole message.
func TestElided(t *testing.T) {
	x := strings.Repeat("x", 300)
	for _, c := range []struct {
		typ    string
		msg    w
		here   int
		files  bool
		elided bool
	}{
		{"fsutil.types.Packet", w{}.varint(1, 2).len(4, x), 60, false, true},
		{"fsutil.types.Packet", w{}.varint(1, 2).len(4, x), 5 + beginning, false, true},
		{"fsutil.types.Packet", w{}.varint(1, 2).len(4, x), 4 + beginning, false, false},
		{"fsutil.types.Packet", w{}.varint(1, 2).len(4, x), 60, true, false},
		{"fsutil.types.Packet", w{}.len(4, x).varint(1, 2), 60, false, false},
		{"fsutil.types.Packet", w{}.len(4, x[:256]), 60, false, false},
		{"fsutil.types.Packet", w{}.len(4, x[:257]), 60, false, true},
		{"fsutil.types.Stat", w{}.len(1, x), 60, false, false},
		{"moby.buildkit.v1.VertexLog", w{}.len(4, x), 60, false, false},
		{"moby.buildkit.secrets.v1.GetSecretResponse", w{}.len(1, x), 60, false, true},
		{"moby.upload.v1.BytesMessage", w{}.len(1, x), 60, false, true},
		{"moby.upload.v1.BytesMessage", w{}.len(1, "{"+x), 60, false, false},
		{"moby.upload.v1.BytesMessage", w{}.len(2, x), 60, false, false},
		{"opentelemetry.proto.trace.v1.Span", w{}.len(1, x), 60, false, true},
		{"fsutil.types.Stat", w{}.len(10, string(w{}.len(2, x))), 60, false, false}, // inside of another
	} {
		typ, missing := Embedded().Named(c.typ), int64(len(c.msg)-c.here)
		if got := typ.Elides(c.msg[:c.here], missing, c.files); got != c.elided {
			t.Errorf("%s %.20q: %t", c.typ, c.msg, got)
		}
		whole, _ := Embedded().AppendJSON(nil, typ, c.msg, Limits{Files: c.files})
		got, info := Embedded().AppendJSON(nil, typ, c.msg[:c.here], Limits{Files: c.files, Missing: missing})
		if info.Elided != c.elided || c.elided != (string(got) == string(whole)) || c.elided == (info.Fault == Truncated) {
			t.Errorf("%+v: %s, want %s", info, got, whole)
		}
		if !c.elided {
			continue
		}
		got, info = Embedded().AppendJSON(nil, typ, c.msg[:c.here], Limits{Missing: missing - 1})
		if info.Elided || info.Fault != Truncated || !strings.HasPrefix(string(got), string(whole[:len(whole)-1])) {
			t.Errorf("%+v: %s, want %s", info, got, whole)
		}
	}
	if (*Type)(nil).Elides(w{}.len(1, x)[:100], 203, false) || Embedded().Named("pb.Op").Elides(nil, 3, false) {
		t.Error("what is not known is not needed")
	}
}
