package media

import (
	"fmt"
	"strings"
	"testing"
)

// recorder writes down what a Splitter finds, and checks that it is every byte, in
// order.
type recorder struct {
	t     *testing.T
	body  string
	at    int64
	parts []string // each begins with its role and name
}

func (r *recorder) Part(p Part) {
	if p.More {
		r.parts = append(r.parts, "+")
		return
	}
	what := [...]string{"content", "head", "frame"}[p.Role]
	if p.Stream {
		what += " stream"
	}
	if p.Sized {
		what += " sized"
	}
	if p.Name != "" {
		what += " " + p.Name
	}
	if p.Type.Media != "" {
		what += " " + p.Type.Media
	}
	if p.Encoding != "" {
		what += " in " + p.Encoding
	}
	r.parts = append(r.parts, what+":")
}

func (r *recorder) Data(off int64, b []byte) {
	if off != r.at || !strings.HasPrefix(r.body[off:], string(b)) || len(b) == 0 {
		r.t.Fatalf("%q at %d, where %d is next, of %q", b, off, r.at, r.body)
	}
	r.at += int64(len(b))
	r.parts[len(r.parts)-1] += string(b)
}

// split returns the parts of body, which comes in pieces that end at cuts.
func split(t *testing.T, typ, body string, cuts ...int) string {
	t.Helper()
	r := &recorder{t: t, body: body}
	s := NewSplitter(TypeOf(typ))
	from := 0
	for _, to := range append(cuts, len(body)) {
		piece := []byte(body[from:to])
		s.Write(r, piece)
		if held := int64(to) - r.at; held != int64(s.Held()) {
			t.Fatalf("%d bytes of %q are missing, %d held", held, body[:to], s.Held())
		}
		for i := range piece {
			piece[i] = '!'
		}
		from = to
	}
	s.Close(r)
	if r.at != int64(len(body)) {
		t.Fatalf("%d of %d bytes came of %q", r.at, len(body), body)
	}
	var all []string
	for _, p := range r.parts {
		if _, data, _ := strings.Cut(p, ":"); data != "" || !strings.HasPrefix(p, "head") && !strings.HasPrefix(p, "frame") {
			all = append(all, p)
		}
	}
	return fmt.Sprintf("%q", all)
}

// TestSplit takes bodies apart, however they are cut.
func TestSplit(t *testing.T) {
	const form = "multipart/form-data; boundary=B"
	for _, c := range []struct{ name, typ, body, want string }{
		{"one part", form, "--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx\r\n--B--\r\n",
			`["frame:--B\r\n" "head:Content-Disposition: form-data; name=\"a\"\r\n" "frame:\r\n" "content a:x" "frame:\r\n--B--\r\n"]`},
		{"two parts, the second of no name and empty", form, "--B\r\ncontent-TYPE : Text/X\r\ncontent-transfer-encoding: BASE64\r\n\r\nx\r\n--B \r\n\r\n\r\n--B--",
			`["frame:--B\r\n" "head:content-TYPE : Text/X\r\ncontent-transfer-encoding: BASE64\r\n" "frame:\r\n" "content text/x in base64:x" "frame:\r\n--B \r\n" "frame:\r\n" "content:" "frame:\r\n--B--"]`},
		{"no line end before a boundary", form, "--B\n\n--B\n\na--B\n--B--", `["frame:--B\n" "frame:\n" "content:" "frame:--B\n" "frame:\n" "content:a--B" "frame:\n--B--"]`},
		{"longer boundaries", form, "--B\r\n\r\n\r\n--BB\r\n--B-\r\n--B-x\n--B--x", `["frame:--B\r\n" "frame:\r\n" "content:\r\n--BB\r\n--B-\r\n--B-x" "frame:\n--B--" "head:x"]`},
		{"text around", form, "\r\n--B\r\n\r\n1\r\n--B--\r\nbye \r\n", `["frame:\r\n--B\r\n" "frame:\r\n" "content:1" "frame:\r\n--B--\r\n" "head:bye \r\n"]`},
		{"cut in a head", form, "--B\r\nContent-Type: a/b\r\n", `["frame:--B\r\n" "head:Content-Type: a/b" "frame:\r\n" "content a/b:"]`},
		{"cut in a line of a head", form, "--B\r\nContent-Type: a/b", `["frame:--B\r\n" "head:Content-Type: a/b" "content a/b:"]`},
		{"a head of bare line ends", form, "--B\nx: y\n\nz\n--B--\n", `["frame:--B\n" "head:x: y\n" "frame:\n" "content:z" "frame:\n--B--\n"]`},
		{"a blank line is empty", form, "--B\r\n \t\r\nz", `["frame:--B\r\n" "head: \t" "frame:\r\n" "content:z"]`},
		{"text before", form, "a\n--\r\n--B\r\n\r\n1\r\n--B--", `["head:a\n--" "frame:\r\n--B\r\n" "frame:\r\n" "content:1" "frame:\r\n--B--"]`},
		{"less than a boundary", form, "-", `["head:-"]`},
		{"cut in a boundary", form, "--B\r\n\r\nx\r\n--", `["frame:--B\r\n" "frame:\r\n" "content:x\r\n--"]`},
		{"cut behind a boundary", form, "--B\r\n\r\nx\r\n--B", `["frame:--B\r\n" "frame:\r\n" "content:x" "frame:\r\n--B" "content:"]`},
		{"a boundary alone", form, "--B", `["frame:--B" "content:"]`},
		{"events", "text/event-stream", "event: a\ndata:{\"a\":1}\n\ndata: x\n\n", `["content text/x-event:event: a\n" "frame:data:" "content stream application/json:{\"a\":1}\n" "frame:\n" "content text/x-event:data: x\n\n"]`},
		{"an event over lines that end in two bytes", "text/event-stream", "data: {\r\ndata: }\r\n\r\ndata: [2]\r\n\rid: 1\revent: x\r\n\r\n", `["frame:data: " "content stream application/json:{\r\n" "frame:data: " "+}\r\n" "frame:\r\n" "frame:data: " "content stream application/json:[2]\r\n" "frame:\r" "content text/x-event:id: 1\revent: x\r\n\r\n"]`},
		{"lines of text", "text/event-stream", "event: a\nid: 1\n\ndata:\n{}\ndata: \n{}\n", `["content text/x-event:event: a\nid: 1\n\ndata:\n{}\ndata: \n{}\n"]`},
		{"a bracket alone", "text/event-stream", "data: [\ndata:\ndata: x\n\n", `["frame:data: " "content stream application/json:[\n" "frame:data:" "+\n" "frame:data: " "+x\n" "frame:\n"]`},
		{"an event over lines", "text/event-stream", "data: {\ndata: }\n\ndata: 1\r\n\r\n", `["frame:data: " "content stream application/json:{\n" "frame:data: " "+}\n" "frame:\n" "content text/x-event:data: 1\r\n\r\n"]`},
		{"lines of all ends", "text/event-stream", "\r\r\n\ndata: []\r\rdata:\r\n", `["content text/x-event:\r\r\n\n" "frame:data: " "content stream application/json:[]\r" "frame:\r" "content text/x-event:data:\r\n"]`},
		{"cut in a name", "text/event-stream", "data: {}\n\ndat", `["frame:data: " "content stream application/json:{}\n" "frame:\n" "content text/x-event:dat"]`},
		{"cut behind a bracket", "text/event-stream", "data: {", `["frame:data: " "content stream application/json:{"]`},
		{"cut before a value", "text/event-stream", "data: ", `["content text/x-event:data: "]`},
		{"a bracket and blanks", "text/event-stream", "data: [" + strings.Repeat(" ", 64) + "1]\n", `["content text/x-event:data: [` + strings.Repeat(" ", 64) + `1]\n"]`},
		{"messages", "application/connect+json", "\x00\x00\x00\x00\x02{}\x01\x00\x00\x00\x01z\x80\x00\x00\x00\x01t\x00\x00\x00\x00\x00\x02\x00\x00\x00\x02[]",
			`["frame sized:\x00\x00\x00\x00\x02" "content application/json:{}" "frame sized:\x01\x00\x00\x00\x01" "content application/octet-stream:z" "frame sized:\x80\x00\x00\x00\x01" "head:t" "frame sized:\x00\x00\x00\x00\x00" "content application/json:" "frame sized:\x02\x00\x00\x00\x02" "content application/json:[]"]`},
		{"a cut message", "application/grpc-web+json", "\x00\x00\x00\x01\x00{}", `["frame sized:\x00\x00\x00\x01\x00" "content application/json:{}"]`},
		{"a cut head", "application/grpc+json", "\x00\x00\x00\x00", `["frame:\x00\x00\x00\x00"]`},
		{"nothing", form, "", `[]`},
	} {
		got := split(t, c.typ, c.body)
		if got != c.want {
			t.Errorf("%s:\ngot  %s\nwant %s", c.name, got, c.want)
		}
		every := []int{}
		for i := 1; i < len(c.body); i++ {
			every = append(every, i)
			if cut := split(t, c.typ, c.body, i); cut != got {
				t.Errorf("%s, cut at %d:\ngot  %s\nwant %s", c.name, i, cut, got)
			}
		}
		if cut := split(t, c.typ, c.body, every...); cut != got {
			t.Errorf("%s, byte by byte:\ngot  %s\nwant %s", c.name, cut, got)
		}
	}
}

// TestHeldBytes: no more is held than what may be a border, and nothing where none
// begins.
func TestHeldBytes(t *testing.T) {
	const form = "multipart/mixed; boundary=B"
	for _, c := range []struct {
		typ, begin, then string
		most, last       int // bytes held at any time, and at the end
	}{
		{form, "--B\r\nX: ", " ", 8192, 0},
		{form, "--B\r\n\r\n", "x", 6, 0},
		{form, "--B\r\n\r\n", "\rx", 6, 0},
		{form, "--B\r\n\r\nx\r\n--B-", "", 6, 6},
		{"text/event-stream", "data: [ ", " ", 63, 0},
		{"text/event-stream", "x", "x", 0, 0},
		{"text/event-stream", "dat", "", 3, 3},
		{"text/event-stream", "data:", "", 5, 5},
		{"text/event-stream", "data: x", "x", 6, 0},
		{"text/event-stream", "data: {\ndata: x", "x", 7, 0},
		{"text/event-stream", "data: {\"", "x", 7, 0},
		{"text/event-stream", "x\r", "", 1, 1},
		{"text/event-stream", "\r", "", 1, 1},
		{"text/event-stream", "x\r\n\r\n", "", 1, 0},
		{"text/event-stream", "x\n\n", "", 0, 0},
		{"text/event-stream", "x\r", "x", 1, 0},
		{"application/connect+json", "\x00\xff\xff\xff\xff", " ", 4, 0},
	} {
		s := NewSplitter(TypeOf(c.typ))
		r := &recorder{t: t, body: c.begin + strings.Repeat(c.then, c.most+99)}
		most := 0
		for i := range len(r.body) {
			s.Write(r, []byte{r.body[i]})
			most = max(most, s.Held())
		}
		if most != c.most || s.Held() != c.last {
			t.Errorf("%s: %q and %q: %d bytes were held, in the end %d", c.typ, c.begin, c.then, most, s.Held())
		}
	}
}

// TestHeldContent: of a part's content only what may begin a delimiter waits for
// more, and nothing behind the last one.
func TestHeldContent(t *testing.T) {
	const begin = "--BB\r\n\r\n"
	for then, want := range map[string]int{
		"x": 0, "-": 1, "--": 2, "--B": 3, "--BB": 4, "--BB-": 5, "--C": 0, "--BC": 0, "--BBx": 0, "x-": 0, "x--B": 0, "\r": 1, "x\r": 1, "x\r\r": 1, "x\n": 1, "x\n-": 2,
		"x\r\n--B": 5, "x\r\n--BB": 6, "x\r\n--BB-": 7, "x\r\n--BBx": 0, "x\rx": 0, "x\r\nx": 0, "x\r-": 0, "x\r\n-B": 0, "\r\n": 2, "\r\n--BB--": 0, "\r\n--BB--x": 0, "\r\n--BB\r\n": 8,
	} {
		s := NewSplitter(TypeOf("multipart/mixed; boundary=BB"))
		r := &recorder{t: t, body: begin + then}
		s.Write(r, []byte(begin))
		if s.Write(r, []byte(then)); s.Held() != want {
			t.Errorf("%q: %d bytes are held", then, s.Held())
		}
	}
}

// TestIsPlain tells every byte that texts have, alone and in a character.
func TestIsPlain(t *testing.T) {
	for i := range 256 {
		c := byte(i)
		if got, want := IsPlain([]byte{'a', c, 'a'}), c >= ' ' && c < 0x7f || strings.IndexByte("\n\r\t\x1b", c) >= 0; got != want {
			t.Errorf("%q: %t", c, got)
		}
	}
	for s, want := range map[string]bool{"": true, "é": true, "a\xc3": true, "a\xff": false, "\xc3a": false} {
		if got := IsPlain([]byte(s)); got != want {
			t.Errorf("%q: %t", s, got)
		}
	}
}

func TestDispositionName(t *testing.T) {
	for value, want := range map[string]string{
		"": "", "form-data": "", "attachment; filename=x": "", `form-data; filename="name=x"; NAME=y; name=z`: "y", "form-data; name": "", "form-data;name=a b ;": "a b",
	} {
		if got := dispositionName(value); got != want {
			t.Errorf("%s: got %q", value, got)
		}
	}
}

// TestInParts says by how many bytes it is known whether bodies are in parts.
func TestInParts(t *testing.T) {
	for _, c := range []struct {
		typ, b string
		is     bool
		need   int
	}{
		{"multipart/mixed; boundary=BB", "--BB\r\n", true, 4}, {"multipart/mixed; boundary=BB", "\r\n--BB", true, 6}, {"multipart/mixed; boundary=BB", "--Bx", false, 4},
		{"multipart/mixed; boundary=BB", "x", false, 1}, {"text/event-stream", "data", true, 1}, {"text/event-stream", "\x00", false, 1},
		{"application/connect+json", "\x02\x00\x00\x00\x00", true, 5}, {"application/connect+json", "\x83\x10\x00\x00\x00", true, 5},
		{"application/connect+json", "\x00\x10\x00\x00\x01", false, 5}, {"application/connect+json", "\x04\x00\x00\x00\x00", false, 5}, {"text/plain", "x", false, 0},
	} {
		for n := range len(c.b) + 1 {
			is, known := TypeOf(c.typ).InParts([]byte(c.b[:n]), false)
			if known != (n >= c.need) || known && is != c.is {
				t.Errorf("%s: %q: got %t, %t", c.typ, c.b[:n], is, known)
			}
			if is, known = TypeOf(c.typ).InParts([]byte(c.b[:n]), true); !known || is && n < c.need {
				t.Errorf("%s: %q and no more: got %t, %t", c.typ, c.b[:n], is, known)
			}
		}
	}
}
