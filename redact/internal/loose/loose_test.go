package loose

import (
	"encoding/binary"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/socktrace/socktrace/redact/internal/mask"
	"github.com/socktrace/socktrace/redact/internal/masktest"
	"github.com/socktrace/socktrace/redact/internal/name"
	"github.com/socktrace/socktrace/redact/internal/text"
)

func newFinder(ended bool) Finder {
	r := text.NewRules(name.NewGiven([]string{"wobble"}), mask.NewMarks([]byte("test")))
	return Finder{Rules: &r, Label: "b", Ended: ended}
}

// masked returns s with what is found in it as "*", and the names of that.
func masked(s string) (string, []string) {
	out, names := newFinder(true).Find(nil, []byte(s)).Mask([]byte(s))
	return masktest.Encoded.ReplaceAllString(masktest.Bare(string(out)), "*"), names
}

// wide returns s in UTF-16, behind what comes before it.
func wide(order binary.AppendByteOrder, mark, s string) string {
	b := []byte(mark)
	for _, u := range utf16.Encode([]rune(s)) {
		b = order.AppendUint16(b, u)
	}
	return string(b)
}

func enveloped(flags byte, s string) string {
	return string(binary.BigEndian.AppendUint32([]byte{flags}, uint32(len(s)))) + s
}

// TestFind: "q" is a secret, "*" what stands in its place.
func TestFind(t *testing.T) {
	const doc, want = `{"a":"b","password":"q"}`, `{"a":"b","password":"*"}`
	const part = "--B\r\nContent-Disposition: form-data; name="
	for in, out := range map[string]string{
		doc: want, "\xef\xbb\xbf" + doc: "\xef\xbb\xbf" + want, ")]}',\n" + doc: ")]}',\n" + want, "for(;;);" + doc: "for(;;);" + want,
		"/* a */ // b\n" + doc: "/* a */ // b\n" + want, "x.y_1(" + doc + ");": "x.y_1(" + want + ");", "\x1e" + doc: "\x1e" + want,
		"{}&&" + doc: "{}&&" + want, "while(1);" + doc: "while(1);" + want, "&&&START&&&" + doc: "&&&START&&&" + want, ")]}'" + doc: ")]}'" + want, "//" + doc: "//" + want, "//\n" + doc: "//\n" + want, "/**/" + doc: "/**/" + want,
		enveloped(3, doc): "\x03\x00\x00\x00\x18" + want, enveloped(0x81, doc): "\x81\x00\x00\x00\x18" + want, enveloped(0, "{") + enveloped(0, doc): enveloped(0, "{") + "\x00\x00\x00\x00\x18" + want,
		"x(" + doc: "x(" + want, "(" + doc + ")": "(" + want + ")", "x[1].y('a')(": "x[1].y('a')(",
		"// a":                                     "// a",
		"x(y)":                                     "x(y)",
		"text\n" + doc + "\n" + doc:                "text\n" + want + "\n" + want,
		"event: a\ndata:" + doc + "\n\n":           "event: a\ndata:" + want + "\n\n",
		`data: {"Cmd":["mysql","-pq"]}`:            `data: {"Cmd":["mysql","-p*"]}`,
		enveloped(0, doc) + enveloped(0x80, "x"):   enveloped(0, want)[:0] + "\x00\x00\x00\x00\x18" + want + enveloped(0x80, "x"),
		enveloped(0, "{}") + enveloped(2, doc):     enveloped(0, "{}") + "\x02\x00\x00\x00\x18" + want,
		wide(binary.LittleEndian, "\xff\xfe", doc): "*",
		wide(binary.BigEndian, "\xfe\xff", doc):    "*",
		wide(binary.LittleEndian, "", doc):         "*",
		wide(binary.BigEndian, "", doc):            "*",
		wide(binary.BigEndian, "", `{"a":"b"}`):    wide(binary.BigEndian, "", `{"a":"b"}`),
		"a=b&token=q&c":                            "a=b&token=*&c",
		"a=b&%74oken=q":                            "a=b&%74oken=*",
		"A=b\nTOKEN=q x":                           "A=b\nTOKEN=* x",
		"a: b\npassword: q\n- secret: q\n":         "a: b\npassword: *\n- secret: *\n",
		"it says password: no":                     "it says password: no",
		part + "\"a\"\r\n\r\nb\r\n" + part + "\"password\"; x=y\r\nX: y\r\n\r\nq\r\nq\r\n--B--\r\n": part + "\"a\"\r\n\r\nb\r\n" + part + "\"password\"; x=y\r\nX: y\r\n\r\n*\r\n--B--\r\n",
		part + "token\n\nq":                                               part + "token\n\n*",
		part + "\"token\"\r\n\r\ntrue\r\n--B--":                           part + "\"token\"\r\n\r\ntrue\r\n--B--",
		part + "\"wobble\"\r\n\r\nq\r\n--B--":                             part + "\"wobble\"\r\n\r\n*\r\n--B--",
		part + "\"x\"; filename=\"password\"\r\n\r\n" + doc + "\r\n--B--": part + "\"x\"; filename=\"password\"\r\n\r\n" + want + "\r\n--B--",
		"--B\r\nContent-Type: application/http\r\n\r\nGET /x HTTP/1.1\r\nX-Api-Key: q\r\n\r\n\r\n--B--": "--B\r\nContent-Type: application/http\r\n\r\nGET /x HTTP/1.1\r\nX-Api-Key: *\r\n\r\n\r\n--B--",
		"--B\r\nX-Api-Key: q\r\n\r\nb\r\n--B--":                                                         "--B\r\nX-Api-Key: *\r\n\r\nb\r\n--B--",
		"--":                                                                                            "--", "": "", "ab": "ab", "\x00\x00\x00\x00": "\x00\x00\x00\x00", "\x00\x00\x00\x00\x02{}": "\x00\x00\x00\x00\x02{}",
		"see https://u:q@h/?token=q": "see https://u:*@h/?token=*",
	} {
		got, names := masked(in)
		if got != out {
			t.Errorf("%q\n got %q\nwant %q", in, got, out)
		}
		if (names == nil) != (in == out) {
			t.Errorf("%q: names %q", in, names)
		}
	}
}

// TestFindCut: of a text that goes on, nothing of a secret is seen, wherever it is cut.
func TestFindCut(t *testing.T) {
	for _, in := range []string{
		`)]}',{"a":"b","password":"QQ"}`, "--B\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\nQQ\r\n--B--", enveloped(0, `{"password":"QQ"}`),
		"a=b&token=QQ", "data: {\"token\":\"QQ\"}\n", "password: QQ\n", wide(binary.LittleEndian, "\xff\xfe", `{"password":"QQ"}`),
	} {
		for n := range len(in) {
			out, _ := newFinder(false).Find(nil, []byte(in[:n])).Mask([]byte(in[:n]))
			if strings.Contains(string(out), "Q") {
				t.Errorf("cut at %d: %q", n, out)
			}
		}
	}
}

// TestNames: what is masked goes by the name of the field, or by the key.
func TestNames(t *testing.T) {
	for in, want := range map[string]string{
		`{"password":"q"}`: "b.password", "a=b&token=q": "b.token", "x\nTOKEN=q": "b.TOKEN",
		"--B\r\nContent-Disposition: form-data; name=\"pin\"\r\n\r\nq": "b.pin",
	} {
		if _, names := masked(in); len(names) != 1 || names[0] != want {
			t.Errorf("%q: got %q, want %s", in, names, want)
		}
	}
}

// TestDepth: parts in parts are looked into, but not without end.
func TestDepth(t *testing.T) {
	s := "--B0\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\nQQ\r\n--B0--"
	for i := range 2 {
		b := "--B" + string(rune('1'+i))
		s = b + "\r\nContent-Type: multipart/mixed\r\n\r\n" + s + "\r\n" + b + "--"
	}
	if got, _ := masked(s); strings.Contains(got, "Q") {
		t.Errorf("got %q", got)
	}
}

// TestLinear: texts that are almost secrets take time in proportion.
func TestLinear(t *testing.T) {
	f := newFinder(true)
	masktest.Linear(t, func(b []byte) { f.Find(nil, b) })
	masktest.Linear(t, func(b []byte) { f.Find(nil, append([]byte("--B\n"), b...)) })
}

// TestNarrow: what is UTF-16, and what only has zeros.
func TestNarrow(t *testing.T) {
	for in, want := range map[string]string{
		"\xff\xfea\x00": "\ufeffa", "\xfe\xff\x00a": "\ufeffa", "a\x00b\x00": "ab", "\x00a\x00b": "ab", "a\x00b\x00c": "abc",
		"a\x00b": "", "\x00\x00\x00a": "", "a\x00\x00b": "", "abcd": "", "a\x00b\x01": "", "\xff\xff\xff\xff": "",
	} {
		got, ok := narrow([]byte(in))
		if string(got) != want || ok != (want != "") {
			t.Errorf("%q: got %q, %t", in, got, ok)
		}
	}
}
