package render

import (
	"fmt"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/wire"
)

// documents is a script of one exchange whose answer has one message.
func documents(kind wire.Kind, body, fields string, ms float64) []wire.Event {
	s := answers()
	s.response(1, 200, "OK", fields)
	s.add(&wire.EOF{Meta: s.meta(wire.ToClient, 0, 1, 1)}) // the answer is not waited for
	s.message(ms, wire.ToClient, kind, body)
	return s.events
}

// TestDocumentCut: where bodies are short, what is long is cut at its twentieth line.
func TestDocumentCut(t *testing.T) {
	lines := func(n int) (text, json string) {
		var words []string
		for i := range n {
			words = append(words, fmt.Sprintf("%-95d", i))
		}
		return strings.Join(words, "\n") + "\n", `["` + strings.Join(words, `","`) + `"]`
	}
	for _, c := range []struct {
		n    int
		last string // of the lines
		left string
	}{
		{24, "23", ""}, {25, "19", "… 5 more lines (--bodies full)"}, {77, "19", "… 57 more lines (--bodies full)"},
	} {
		text, json := lines(c.n)
		for kind, body := range map[wire.Kind]string{wire.KindText: text, wire.KindJSON: json} {
			got := briefOf(t, Options{Bodies: BodiesShort, Width: func() int { return 0 }}, documents(kind, body, length, 2)...)
			shown := strings.Split(strings.TrimSuffix(got, "\n"), "\n")
			end := len(shown) - 1
			if c.left != "" {
				if shown[end] != "<   "+c.left {
					t.Errorf("%v of %d lines: ends with %q", kind, c.n, shown[end])
				}
				end--
			}
			if !strings.Contains(shown[end], c.last+" ") || strings.Contains(got, "more") != (c.left != "") {
				t.Errorf("%v of %d lines: the last is %q", kind, c.n, shown[end])
			}
			full := briefOf(t, Options{}, documents(kind, body, length, 2)...)
			if !strings.Contains(full, fmt.Sprint(c.n-1, " ")) || strings.Contains(full, "more") {
				t.Errorf("%v of %d lines is not shown in full", kind, c.n)
			}
		}
		stream := briefOf(t, Options{Bodies: BodiesShort}, documents(wire.KindText, text, "X: y", 2)...)
		if strings.Contains(stream, "more") {
			t.Errorf("%d lines of a stream are cut", c.n)
		}
	}
}

// TestLeftOut says what is not shown of a document.
func TestLeftOut(t *testing.T) {
	for _, c := range []struct {
		lines, members int
		want           string
	}{
		{0, 0, ""}, {0, 1, "… 1 empty member left out"}, {0, 84, "… 84 empty members left out"}, {1, 0, "… 1 more line (--bodies full)"},
		{57, 0, "… 57 more lines (--bodies full)"}, {57, 84, "… 57 more lines, 84 empty members left out (--bodies full)"},
	} {
		if got := leftOut(c.lines, c.members); got != c.want {
			t.Errorf("%d, %d: %s", c.lines, c.members, got)
		}
	}
	big := `{"a":"` + strings.Repeat("x", 60) + `","b":{"c":0,"d":null},"e":"` + strings.Repeat("y", 60) + `"}`
	want := "<   {\"a\": \"" + strings.Repeat("x", 60) + "\",\n<    \"e\": \"" + strings.Repeat("y", 60) + "\"}\n<   … 2 empty members left out\n"
	if got := briefOf(t, Options{Bodies: BodiesShort}, documents(wire.KindJSON, big, length, 2)...); !strings.HasSuffix(got, "OK · 1.00 ms\n"+want) {
		t.Errorf("got\n%s", got)
	}
}

// TestRecords: records of a stream stand beside their labels unless they are long,
// without what says nothing if all of it does not fit; others behind the time that
// they had to be waited for.
func TestRecords(t *testing.T) {
	member := func(n int) string { return `"` + strings.Repeat("k", n) + `":1` } // of 5 columns more
	for _, c := range []struct {
		name, body, fields string
		ms                 float64
		want               string
	}{
		{"fits", `{"a":null,` + member(54) + `}`, "X: y", 2, "< json    +2.00 ms  {\"a\": null, \"" + strings.Repeat("k", 54) + "\": 1}\n"},
		{"fits without what is empty", `{"a":null,"b":"",` + member(54) + `}`, "X: y", 2, "< json    +2.00 ms  {\"" + strings.Repeat("k", 54) + "\": 1}  … 2 empty\n"},
		{"and what was left out of it beside it", `{"a":null,"b":[{"c":""},"` + strings.Repeat("k", 33) + `"],` + `"d":"","e":0}`, "X: y", 2,
			"< json    +2.00 ms  {\"b\": [{}, \"" + strings.Repeat("k", 33) + "\"]}  … 4 empty\n"},
		{"two lines", `{` + member(40) + `,` + member(40) + `}`, "X: y", 2, "< json    +2.00 ms  {\"" + strings.Repeat("k", 40) + "\": 1,\n<                    \"" + strings.Repeat("k", 40) + "\": 1}\n"},
		{"long", `[` + strings.Repeat(`"a",`, 120) + `1]`, "X: y", 2, "<   [" + strings.Repeat(`"a", `, 16) + "\"a\",\n<    "},
		{"long, and late", `[` + strings.Repeat(`"a",`, 120) + `1]`, "X: y", 101, "< json   +101.0 ms\n<   [" + strings.Repeat(`"a", `, 16) + "\"a\",\n<    "},
		{"a document, and late", `{"a":1}`, length, 101, "< json   +101.0 ms\n<   {\"a\": 1}\n"},
		{"a document, not late", `{"a":1}`, length, 100.9, "<   {\"a\": 1}\n"},
	} {
		got := briefOf(t, Options{Bodies: BodiesShort}, documents(wire.KindJSON, c.body, c.fields, c.ms)...)
		if _, got, _ = strings.Cut(got, "OK · 1.00 ms\n"); !strings.HasPrefix(got, c.want) || strings.HasSuffix(c.want, "}\n") && got != c.want {
			t.Errorf("%s: got\n%swant\n%s", c.name, got, c.want)
		}
	}
}

// TestTelling: the fields of a head that say what the rest does not.
func TestTelling(t *testing.T) {
	for line, want := range map[string]bool{
		"X-Registry-Auth: x": true, "x-docker-container-path-stat: x": true, "Location: /": true, "WWW-Authenticate: x": true, "Authorization: x": true, "Range: x": true,
		"X-Registry-Config: e30=": false, "X-Registry-Auth: e30=x": true,
		"Content-Encoding: gzip": true, "Expect: 100-continue": true, "Warning: x": true, "Content-Range: x": true,
		"Content-Type: application/x-tar": true, "Content-Type: multipart/form-data; boundary=x": true, "Content-Type: application/vnd.oci.image.manifest.v1+json": true,
		"Content-Type: application/vnd.docker.distribution.manifest.v2+json": true,
		"Content-Type: application/json; charset=utf-8":                      false, "Content-Type: text/plain": false, "Content-Type: application/vnd.docker.multiplexed-stream": false,
		"Content-Type: application/vnd.docker.raw-stream": false, "Content-Type:": false, "Content-Type: application/x-ndjson": false,
		"X-Registry-Auth: e30=": false, "X-Registry-Config: bnVsbA==": false, "X-Registry-Config: abcd": true,
		"dir-name: context": true, "exclude-patterns: .env": true, "followpaths: Dockerfile": true,
		"Content-Length: 5": false, "Host: x": false, "Upgrade: tcp": false, "Api-Version: 1.41": false, "Transfer-Encoding: chunked": false, "X-Docker": false,
	} {
		f := fields(line)[0]
		if telling(f) != want {
			t.Errorf("%s: %t", line, !want)
		}
		if f.Masked = true; !telling(f) {
			t.Errorf("%s, masked, is not shown", line)
		}
	}
	s := &script{}
	s.open(1, 0)
	s.request(0, "GET", "/x", "X", "Host: x\nExpect: y")
	for heads, want := range map[Heads]int{HeadsFull: 1, HeadsShort: 1, HeadsNone: 0} {
		if got := strings.Count(textWith(t, Options{Heads: heads}, s.events...), "Expect: y"); got != want {
			t.Errorf("heads %d: shown %d times", heads, got)
		}
	}
}

// TestEndOfInput is told in short of an input that was there.
func TestEndOfInput(t *testing.T) {
	for _, c := range []struct {
		stdin bool
		dir   wire.Dir
		want  string
	}{{true, wire.ToServer, "> (end of input)\n"}, {true, wire.ToClient, ""}, {false, wire.ToServer, ""}} {
		s := answers()
		if c.stdin {
			s.message(1, wire.ToServer, wire.KindStdin, "a\n")
		}
		s.add(&wire.EOF{Meta: s.meta(c.dir, 0, 2, 2)})
		_, got, _ := strings.Cut(briefOf(t, Options{}, s.events...), "> GET /x\n")
		if _, after, ok := strings.Cut(got, " a\n"); ok {
			got = after
		}
		if got != c.want {
			t.Errorf("%+v: got %q", c, got)
		}
	}
}

// TestMaskedBytes: of binary data in which something is masked there is one line.
func TestMaskedBytes(t *testing.T) {
	m := wire.Meta{Conn: &wire.Conn{ID: 1}, Exchange: 1, Dir: wire.ToServer}
	other := wire.Meta{Conn: m.Conn, Exchange: 2, Dir: wire.ToServer}
	masked := []string{"request.body"}
	got := textOf(t,
		&wire.Message{Meta: m, Kind: wire.KindRaw, Data: []byte("[masked 15 bytes]"), Size: 15, Masked: masked},
		&wire.Message{Meta: m, Kind: wire.KindWebSocket, Opcode: wire.OpBinary, Data: []byte("\x00[masked]"), Size: 15, Masked: masked},
		&wire.Body{Meta: other, Content: wire.KindBinary, Bytes: 90, Data: []byte("\x00[masked]"), Complete: true, Masked: masked},
	)
	if want := "1.1    > raw               15 B, masked\n1.1    > binary            15 B, masked\n1.2    > binary 90 B, masked\n"; got != want {
		t.Errorf("got\n%s", got)
	}
}

// TestShortHex: in short there are at most four rows of binary data.
func TestShortHex(t *testing.T) {
	m := wire.Meta{Conn: &wire.Conn{ID: 1}, Exchange: 1}
	ev := &wire.Body{Meta: m, Content: wire.KindBinary, Bytes: 90, Data: make([]byte, 90), Complete: true}
	for _, c := range []struct {
		width, rows int
		heads       Heads
		says        string
	}{{100, 4, HeadsShort, "64 B"}, {60, 4, HeadsShort, "32 B"}, {60, 8, HeadsFull, "64 B"}} {
		got := textWith(t, Options{Heads: c.heads, Width: func() int { return c.width }}, ev)
		if n := strings.Count(got, "......\n"); n != c.rows || !strings.Contains(got, "its first "+c.says+"\n") {
			t.Errorf("%d columns, heads %d: %d rows\n%s", c.width, c.heads, n, got)
		}
	}
}

// TestUsualOfRequests: what everybody sends is faint in what is sent, and in nothing
// else.
func TestUsualOfRequests(t *testing.T) {
	const body = `{"AttachStdout":true,"Cmd":["a"]}`
	for dir, want := range map[wire.Dir]int{wire.ToServer: 1, wire.ToClient: 0} {
		s := &script{}
		s.open(1, 0)
		s.request(0, "POST", "/x", "ContainerCreate", "Host: x")
		s.response(1, 200, "OK", length)
		s.add(&wire.EOF{Meta: s.meta(wire.ToClient, 0, 1, 1)}) // the answer is not waited for
		s.message(2, dir, wire.KindJSON, body)
		got := textWith(t, Options{Heads: HeadsShort, Bodies: BodiesShort, Color: true}, s.events...)
		if n := strings.Count(got, newPalette(true).open[roleFaint]+`"AttachStdout"`); n != want {
			t.Errorf("%v: faint %d times\n%s", dir, n, got)
		}
	}
	m := wire.Meta{Conn: &wire.Conn{ID: 1}, Exchange: 1}
	seen := &wire.Exchange{Meta: m} // but for its request
	var out strings.Builder
	if err := NewText(&out, Options{Bodies: BodiesShort}).Event(&wire.Message{Meta: m, Kind: wire.KindJSON, Data: []byte(body)}, seen); err != nil || !strings.Contains(out.String(), `{"AttachStdout": true, "Cmd": ["a"]}`) {
		t.Errorf("%v: %s", err, out.String())
	}
}

// TestFirstRecord: the first record of a stream has its label as the others have, in
// full too, if it is certain that it is one.
func TestFirstRecord(t *testing.T) {
	long := `{"a":["` + strings.Repeat("x", 90) + `","` + strings.Repeat("y", 90) + `"]}`
	for _, c := range []struct {
		name, fields string
		waits        bool
		ms           float64
		want         string
	}{
		{"a call that waits", "X: y", true, 2, "< json    +2.00 ms\n< {\n"},
		{"a call that waits, in one piece", length, true, 2, "< {\n"},
		{"records by their type", "content-type: application/x-ndjson; charset=utf-8", false, 2, "< json    +2.00 ms\n< {\n"},
		{"records by another", "Content-Type: application/json-seq", false, 2, "< json    +2.00 ms\n< {\n"},
		{"maybe", "X: y\nContent-Type: application/json", false, 2, "< {\n"},
		{"maybe, but it was waited for", "Content-Type: application/json", false, 101, "< json   +101.0 ms\n< {\n"},
	} {
		events := documents(wire.KindJSON, long, c.fields, c.ms)
		for _, ev := range events {
			if r, ok := ev.(*wire.Request); ok {
				r.Call.Waits = c.waits
			}
		}
		got := textOf(t, events...)
		_, got, _ = strings.Cut(got, c.fields[strings.LastIndex(c.fields, "\n")+1:]+"\n")
		if got = strings.TrimPrefix(strings.ReplaceAll(got, "1.1    ", ""), "<\n< (end)\n"); !strings.HasPrefix(got, c.want) {
			t.Errorf("%s: got\n%swant\n%s", c.name, got, c.want)
		}
	}
}
