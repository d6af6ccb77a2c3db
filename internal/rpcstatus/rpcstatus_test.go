package rpcstatus

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"
)

// field returns a field of a message that is bytes.
func field(n protowire.Number, s string) string {
	return string(protowire.AppendString(protowire.AppendTag(nil, n, protowire.BytesType), s))
}

// status returns a google.rpc.Status with a code of 2, and details as pairs of a URL and
// a value.
func status(message string, details ...string) string {
	s := "\x08\x02" + field(2, message)
	for i := 0; i < len(details); i += 2 {
		s += field(3, field(1, details[i])+field(2, details[i+1]))
	}
	return s
}

func TestJSON(t *testing.T) {
	const google = "type.googleapis.com/google.rpc."
	violation := field(1, field(1, "name")+field(2, "is empty"))
	for _, c := range []struct{ name, msg, want string }{
		{"a text", status("no"), `{"code":2,"message":"no"}`},
		{"by name", status("no", google+"BadRequest", violation), `{"code":2,"message":"no","details":[{"@type":"` + google + `BadRequest","fieldViolations":[{"field":"name","description":"is empty"}]}]}`},
		{"a document", status("no", "github.com/moby/buildkit/errdefs.Vertex+json", `{"digest":"sha256:ab"}`), `{"code":2,"message":"no","details":[{"@type":"github.com/moby/buildkit/errdefs.Vertex+json","value":{"digest":"sha256:ab"}}]}`},
		{"of a type that is not known", status("no", "a/b.C", field(1, "x")), `{"code":2,"message":"no","details":[{"@type":"a/b.C","value":{"1:len":"x"}}]}`},
		{"half", status("no")[:4], ""},
		{"half within", status("no", google+"BadRequest", "\x0a\x05a"), ""},
		{"none", "\xff", ""},
		{"a field too many", status("no") + field(9, "x"), ""},
		{"nothing", "", ""},
	} {
		for _, coded := range []string{base64.StdEncoding.EncodeToString([]byte(c.msg)), base64.RawStdEncoding.EncodeToString([]byte(c.msg))} {
			doc, ok := JSON(coded)
			if ok != (c.want != "") || ok && string(doc) != c.want {
				t.Errorf("%s: got %s, %t\nwant %s", c.name, doc, ok, c.want)
			}
		}
	}
	for value, want := range map[string]bool{`{"code":2}`: true, `{"code":`: false, "CAI,CAI": false, "CAI~": false, "=CAI": false, "CA!": false, "[]": false} {
		if doc, ok := JSON(value); ok != want || ok && string(doc) != value {
			t.Errorf("%s: got %s, %t", value, doc, ok)
		}
	}
}

// TestJSONIsBounded: of what is too long there is a beginning.
func TestJSONIsBounded(t *testing.T) {
	var many []string
	for range 4000 {
		many = append(many, "a/b.C", field(1, strings.Repeat("x", 20)))
	}
	doc, ok := JSON(base64.StdEncoding.EncodeToString([]byte(status("no", many...))))
	if !ok || !json.Valid(doc) || len(doc) > 64<<10+100 || len(doc) < 64<<10-100 || !strings.Contains(string(doc), `"!":"too long"`) {
		t.Errorf("%d bytes, %t: %.100s", len(doc), ok, doc)
	}
}

func TestIsBinary(t *testing.T) {
	for name, want := range map[string]bool{"a-bin": true, "A-BIN": true, "-bin": false, "bin": false, "a-bins": false, "": false, "abin": false} {
		if IsBinary(name) != want {
			t.Errorf("%s: want %t", name, want)
		}
	}
}

func TestIsText(t *testing.T) {
	for s, want := range map[string]bool{"a b": true, "a": true, "\u00fc": true, "\ufffd": true, "": false, "a\n": false, "\xff": false, "\x00": false, "a\u202e": false} {
		if IsText([]byte(s)) != want {
			t.Errorf("%q: want %t", s, want)
		}
	}
}

// FuzzJSON: whatever is sent, what is told of it is JSON.
func FuzzJSON(f *testing.F) {
	f.Add([]byte(status("no", "a/b.C", field(1, "x"), "errdefs.Source+json", `{"data":"YQ=="}`)))
	f.Add([]byte(status("no", "type.googleapis.com/google.rpc.DebugInfo", field(2, "x"))))
	f.Fuzz(func(t *testing.T, msg []byte) {
		if doc, ok := JSON(base64.RawStdEncoding.EncodeToString(msg)); ok && !json.Valid(doc) {
			t.Errorf("%q: %s", msg, doc)
		}
	})
}

// TestValue has values as they are sent again.
func TestValue(t *testing.T) {
	sent := base64.RawStdEncoding.EncodeToString([]byte(status("bad!", "a/b", `{"x":1}`)))
	doc, ok := JSON(sent)
	if !ok {
		t.Fatal("no status")
	}
	for value, want := range map[string]string{sent: sent, string(doc): sent, "[masked 7 bytes]": "", `{"code":"x"}`: "", `{"code":2,"!":"truncated"}`: ""} {
		if got, ok := Value(value); ok != (want != "") || ok && got != want {
			t.Errorf("%s: %s %t, want %s", value, got, ok, want)
		}
	}
}
