package protobuf

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"
)

// TestBytes tells bytes in every form, at the lengths where that changes.
func TestBytes(t *testing.T) {
	at, beyond := strings.Repeat("x", 256), strings.Repeat("x", 257)
	b64 := func(s string) string { return `"` + base64.StdEncoding.EncodeToString([]byte(s)) + `"` }
	begins := func(s string) string { return fmt.Sprintf(`{"size":%d,"begins":%s}`, len(s), b64(s[:min(len(s), 48)])) }
	for _, c := range []struct {
		name  string
		of    content
		files bool
		b     string
		want  string
	}{
		{"short", contentUnknown, false, at, b64(at)},
		{"long", contentUnknown, false, beyond, begins(beyond)},
		{"nothing", contentUnknown, false, "", `""`},
		{"JSON", contentUnknown, false, `{"a":[1]}`, `{"a":[1]}`},
		{"a list", contentUnknown, false, "[] \r\n", `[]`},
		{"JSON that is not closed", contentUnknown, false, `{"a":1]`, b64(`{"a":1]`)},
		{"a brace", contentUnknown, false, `{`, b64(`{`)},
		{"in braces", contentUnknown, false, `{a}`, b64(`{a}`)},
		{"secret JSON", contentSecret, false, `{"a":1}`, b64(`{"a":1}`)},
		{"short digits", contentHex, false, at, `"` + hex.EncodeToString([]byte(at)) + `"`},
		{"long digits", contentHex, false, beyond, begins(beyond)},
		{"a short file", contentFile, false, at, `"` + at + `"`},
		{"a long file", contentFile, false, beyond, begins(beyond)},
		{"a long file that is wanted", contentFile, true, beyond, `"` + beyond + `"`},
		{"text", contentText, false, beyond, `"` + beyond + `"`},
		{"half a character", contentText, false, "a\xe2\x82", `"a` + "\ufffd" + `"`},
		{"no text", contentText, false, "a\xff", begins("a\xff")},
		{"no text in C", contentText, false, "a\x00b", begins("a\x00b")},
		{"nothing in C", contentText, false, "\x00", begins("\x00")},
	} {
		w := walker{limits: Limits{Files: c.files, Size: 1 << 20, Depth: 9, Fields: 9}}
		w.bytes(c.of, []byte(c.b))
		if got := string(w.out.B); got != c.want {
			t.Errorf("%s: got %.400s\nwant %.400s", c.name, got, c.want)
		}
	}
}

// TestIsText: what drives terminals in ASCII is no text.
func TestIsText(t *testing.T) {
	for s, want := range map[string]bool{
		"": false, " ": true, "\n": true, "\r": true, "\t": true, "\v": false, "\x1f": false, "\x1b": false, "~": true, "\x7f": false, "\u00e9": true, "\xe9": false, "a\x00": false,
	} {
		if isText([]byte(s)) != want {
			t.Errorf("%q: want %t", s, want)
		}
	}
}

// TestIsMessage: the numbers of fields are those that people give.
func TestIsMessage(t *testing.T) {
	for _, c := range []struct {
		msg  w
		want bool
	}{
		{nil, true}, {w{}.varint(1, 1), true}, {w{}.varint(1<<15, 1), true}, {w{}.varint(1<<15+1, 1), false}, {w{}.len(1, "x")[:2], false},
		{w{}.varint(1, 1).varint(1<<16, 1), false}, {w{0}, false}, {w{}.group(2, w{}.varint(1, 1)), true},
	} {
		if IsMessage(c.msg) != c.want {
			t.Errorf("%x: want %t", []byte(c.msg), c.want)
		}
	}
}

// TestBytesCut: of bytes that are cut there is what has come, or their size where no
// more would be shown of them.
func TestBytesCut(t *testing.T) {
	s := Embedded()
	typ := s.Named("moby.filesync.v1.BytesMessage")
	whole := w{}.len(1, strings.Repeat("x", 300))
	for _, c := range []struct {
		have int
		want string
		info Info
	}{
		{6, `{"data":"eHh4","!":"truncated"}`, Info{Fault: Truncated}},
		{3 + 47, `{"data":"` + base64.StdEncoding.EncodeToString(whole[3:3+47]) + `","!":"truncated"}`, Info{Fault: Truncated}},
		{3 + 48, `{"data":{"size":300,"begins":"` + base64.StdEncoding.EncodeToString(whole[3:3+48]) + `"}}`, Info{Elided: true}},
		{3 + 300, `{"data":{"size":300,"begins":"` + base64.StdEncoding.EncodeToString(whole[3:3+48]) + `"}}`, Info{}},
	} {
		got, info := s.AppendJSON(nil, typ, whole[:c.have], Limits{Missing: int64(len(whole) - c.have)})
		if string(got) != c.want || info != c.info {
			t.Errorf("%d bytes: got %s, %+v\nwant %s, %+v", c.have, got, info, c.want, c.info)
		}
	}
}
