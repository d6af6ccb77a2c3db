package render

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"
)

// shown returns JSON as text shows it, without prefix and colours.
func shown(in []byte, width int) []byte {
	p := page{colors: newPalette(false)}
	p.begin(width)
	p.value(in)
	p.end()
	return p.out
}

func TestJSON(t *testing.T) {
	long := strings.Repeat("x", 95)
	for _, test := range []struct{ in, want string }{
		{``, "\n"},
		{` null `, "null\n"},
		{`{}`, "{}\n"},
		{` [ ] `, "[]\n"},
		{`{"a":1,"a":-2.50e+3,"b":[true,false,null,{}]}`, `{"a": 1, "a": -2.50e+3, "b": [true, false, null, {}]}` + "\n"},
		{`{"escapes":"\u003e\"\\"}`, `{"escapes": "\u003e\"\\"}` + "\n"},
		{`{"` + long + `":[],"o":{},"n":{"a":[1,2]}}`, "{\n  \"" + long + "\": [],\n  \"o\": {},\n  \"n\": {\"a\": [1, 2]}\n}\n"},
		{`["` + long + `",["` + long + `"]]`, "[\n  \"" + long + "\",\n  [\n    \"" + long + "\"\n  ]\n]\n"},
		{"\"\x1b\u202e\"", `"\e\u202e"` + "\n"},
		// Cut, or not JSON: as far as it goes, then as text.
		{`{"a":[1,"b`, "{\n  \"a\": [\n    1,\n    \"b\n"},
		{`{"a":1,}`, `{"a": 1,}` + "\n"},
		{`{"a" 1}`, `{"a" 1}` + "\n"},
		{`{a:1}`, "{\n  a:1}\n"},
		{`[1 2]`, "[1 2]\n"},
		{`[1]x`, "[1]x\n"},
		{`{]`, "{]\n"},
		{`}`, "}\n"},
		{`:`, ":\n"},
		{`nul`, "nul\n"},
		{"{}\nHTTP/1.1\x00", "{}\nHTTP/1.1\\x00\n"},
	} {
		if got := string(shown([]byte(test.in), 0)); got != test.want {
			t.Errorf("%s: got\n%swant\n%s", test.in, got, test.want)
		}
	}
}

func TestJSONDepth(t *testing.T) {
	const depth = 100_000
	out := shown([]byte(strings.Repeat("[", depth)), 0)
	if len(out) > 4*depth {
		t.Errorf("%d bytes for %d brackets: the indentation is not bounded", len(out), depth)
	}
	if n := bytes.Count(out, []byte{'['}); n != depth {
		t.Errorf("%d of %d brackets are shown", n, depth)
	}
}

// FuzzJSON demands that nothing is lost: without white space, and after
// escaping, output is input, be it JSON or not; and that JSON stays the same
// value.
func FuzzJSON(f *testing.F) {
	for _, s := range []string{createBody, `{"a":[1,"b`, `[[[]],{"a":{}}]`, `{"a" 1,}x`, "\"\x1b\"", `["` + strings.Repeat("\U00010000", 90) + `"]`} {
		f.Add([]byte(s), uint8(0))
		f.Add([]byte(s), uint8(50))
	}
	f.Fuzz(func(t *testing.T, in []byte, width uint8) {
		in = in[:min(len(in), maxFuzz)]
		out := shown(in, int(width))
		checkTerminal(t, out)
		if width != 0 || !utf8.Valid(in) {
			return // without white space, bytes may join to characters
		}
		dense := func(b []byte) string {
			return strings.Join(strings.FieldsFunc(string(b), func(r rune) bool { return strings.ContainsRune(" \n\r\t", r) }), "")
		}
		unescape := strings.NewReplacer(`\n`, "", `\r`, "", `\t`, "", `\ufe0e`, "\ufe0e", `\ufe0f`, "\ufe0f") // tokens are seen each alone
		escaped := string(appendEscaped(nil, []byte(strings.NewReplacer("\n", "", "\r", "", "\t", "").Replace(string(in))), "", ""))
		got := unescape.Replace(dense(out))
		want := unescape.Replace(dense([]byte(escaped)))
		if got != want {
			t.Errorf("lost something:\n got %q\nwant %q", got, want)
		}
		if json.Valid(in) && bytes.IndexFunc(in, func(r rune) bool { return !safe(r) && r != '\n' && r != '\r' && r != '\t' }) < 0 {
			var a, b bytes.Buffer
			if err := json.Compact(&b, out); err != nil {
				t.Fatalf("valid JSON is shown as %q: %v", out, err)
			}
			json.Compact(&a, in)
			if a.String() != b.String() && !strings.ContainsRune(a.String(), '\ufffd') {
				t.Errorf("got %s, want %s", &b, &a)
			}
		}
	})
}

// containers is a list such as GET /containers/json answers.
func containers(n int) []byte {
	var b bytes.Buffer
	b.WriteByte('[')
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"Id":"%s","Names":["/c%d"],"Image":"busybox:local","Command":"sh -c 'sleep 10'","Created":%d,"Ports":[],`+
			`"Labels":{"com.example.a":"1","com.example.b":"x y"},"State":"running","Status":"Up 2 minutes","HostConfig":{"NetworkMode":"default"},`+
			`"NetworkSettings":{"Networks":{"bridge":{"IPAMConfig":null,"Links":null,"NetworkID":"%s","IPPrefixLen":16}}},"Mounts":[]}`, id, i, 1700000000+i, id)
	}
	b.WriteByte(']')
	return b.Bytes()
}

func BenchmarkJSON(b *testing.B) {
	in := containers(1000)
	for name, color := range map[string]bool{"plain": false, "color": true} {
		b.Run(name, func(b *testing.B) {
			p := page{colors: newPalette(color)}
			b.SetBytes(int64(len(in)))
			b.ReportAllocs()
			for b.Loop() {
				p.out, p.line = p.out[:0], p.line[:0]
				p.value(in)
				p.end()
			}
		})
	}
}
