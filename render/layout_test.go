package render

import (
	"strings"
	"testing"
	"time"

	"github.com/socktrace/socktrace/wire"
)

// TestTimes has exchanges whose beginning or end is not known.
func TestTimes(t *testing.T) {
	conn := &wire.Conn{ID: 12, Client: wire.Peer{Addr: "c"}}
	const rest = "  12.1     7           (request not seen)  c\n"
	const took = "  12.1     7  3.00 ms  (request not seen)  c\n"
	for _, c := range []struct {
		start, end          time.Time
		compact, text, line string
	}{
		{at(2), at(5), "19:21:10.064" + took, "12.1   = 7  3.00 ms  received 0 B\n", `067900000Z,"start":"2026-11-21T19:21:10.064900000Z","duration_ms":3,`},
		{at(5), time.Time{}, "19:21:10.067" + rest, "12.1   = 7  received 0 B\n", `067900000Z,"start":"2026-11-21T19:21:10.067900000Z",`},
		{time.Time{}, at(5), "19:21:10.067" + rest, "12.1   = 7  received 0 B\n", `067900000Z,`},
		{time.Time{}, time.Time{}, "            " + rest, "12.1   = 7  received 0 B\n", `000000000Z,`},
	} {
		ev := &wire.Exchange{Meta: wire.Meta{Conn: conn, Exchange: 1, Start: c.start, End: c.end}, Response: &wire.Response{Status: 7}}
		if got := compactOf(t, 0, ev); got != c.compact {
			t.Errorf("got  %qwant %q", got, c.compact)
		}
		if got := textOf(t, ev); got != c.text {
			t.Errorf("got  %swant %s", got, c.text)
		}
		got := string(show(t, jsonLines, []wire.Event{ev}))
		if _, got, _ = strings.Cut(got, "."); !strings.HasPrefix(strings.Replace(got, `","conn":12,"exchange":1,"status":7,"state":"done"`, "", 1), c.line+`"client":`) {
			t.Errorf("got %s, want %s", got, c.line)
		}
	}
}

// TestWhatFormatsNeed: what a format does not show is not made for it.
func TestWhatFormatsNeed(t *testing.T) {
	for name, c := range map[string]struct {
		sink wire.Sink
		want wire.Needs
	}{
		"text":       {NewText(nil, Options{}), wire.Needs{Lines: true, Fields: true, Sizes: true, Messages: true}},
		"compact":    {NewCompact(nil, Options{}), wire.Needs{Lines: true, Telling: true}},
		"json lines": {NewJSONL(nil, 7, AllEvents), wire.Needs{Lines: true, Fields: true, Sizes: true, Messages: true, Body: 7, Digest: true}},
	} {
		if got := c.sink.Needs(); got != c.want {
			t.Errorf("%s: got %+v", name, got)
		}
	}
}

// TestLines is when a line says that an exchange is open, to the nanosecond.
func TestLines(t *testing.T) {
	for age, want := range map[time.Duration]int{0: 0, time.Second: 0, 10 * time.Second: 1, time.Minute: 2, 5 * time.Minute: 3, 10 * time.Minute: 4, 15 * time.Minute: 5} {
		if got := lines(age); got != want {
			t.Errorf("%v: %d lines", age, got)
		}
		if got := lines(age + 1); age > 0 && got != want+1 {
			t.Errorf("%v and a nanosecond: %d lines", age, got)
		}
	}
}

// TestStatusRole has the first and the last of each class, and what is of none.
func TestStatusRole(t *testing.T) {
	for status, want := range map[int]role{
		0: role5xx, 99: role5xx, 100: role1xx, 199: role1xx, 200: role2xx, 299: role2xx, 300: role3xx, 399: role3xx, 400: role4xx, 499: role4xx, 500: role5xx, 999: role5xx,
	} {
		if got := statusRole(status); got != want {
			t.Errorf("%d: role %d, want %d", status, got, want)
		}
	}
}

// TestTextLines has events of which something is not known, or little.
func TestTextLines(t *testing.T) {
	conn := &wire.Conn{ID: 12}
	up, down := wire.Meta{Conn: conn, Exchange: 34, Dir: wire.ToServer, Start: at(0), End: at(5)}, wire.Meta{Conn: conn, Exchange: 34, Dir: wire.ToClient, Start: at(0), End: at(5)}
	client := func(uid int) *wire.Conn {
		return &wire.Conn{ID: 2, Client: wire.Peer{Addr: "a", Process: &wire.Process{PID: 3, UID: uid, Name: "x"}}}
	}
	message := func(kind wire.Kind) *wire.Message {
		return &wire.Message{Meta: down, Kind: kind, Data: []byte("a"), Size: 1}
	}
	binary := func(data string, size int64) *wire.Body {
		return &wire.Body{Meta: down, Content: wire.KindBinary, Bytes: size, Data: []byte(data), Complete: true}
	}
	sent := func(head, body int64, anomalies int) *wire.Exchange {
		return &wire.Exchange{Meta: up, Request: &wire.Request{Meta: up, HeadBytes: head}, RequestBody: &wire.Body{Complete: true, Bytes: body, WireBytes: body}, Anomalies: make([]*wire.Anomaly, anomalies)}
	}
	const hex = "12.34  < 00  61                                                a\n"
	for _, c := range []struct {
		ev   wire.Event
		want string
	}{
		{&wire.EOF{Meta: up}, "12.34  > (end of input)\n"},
		{&wire.EOF{Meta: down}, "12.34  < (end)\n"},
		{&wire.EOF{Meta: wire.Meta{Conn: conn}}, "12     > (end)\n"},
		{&wire.EOF{}, "-      > (end)\n"},
		{&wire.Anomaly{Meta: up, Code: "gap", Lost: -1}, "12.34  ! gap at byte 0 from client (unknown number of bytes not captured)\n"},
		{&wire.Anomaly{Meta: down, Code: "gap", Lost: 5}, "12.34  ! gap at byte 0 from server (5 B not captured)\n"},
		{&wire.Anomaly{Meta: down, Code: "gap"}, "12.34  ! gap at byte 0 from server\n"},
		{&wire.Anomaly{Meta: up, Code: wire.FaultOnPurpose, Detail: "ContainerStart: 500"}, "12.34  ! fault-on-purpose: ContainerStart: 500\n"},
		{message(wire.KindStdout), "12.34  < stdout            a (no \\n)\n"},
		{message(wire.KindStderr), "12.34  < stderr            a (no \\n)\n"},
		{message(wire.KindSystemErr), "12.34  < syserr            a (no \\n)\n"},
		{message(wire.KindTerminal), "12.34  < tty               a\n"},
		{message(wire.KindCount), "12.34  < raw               1 B\n" + hex},
		{binary("", 0), ""},
		{binary("", 2), "12.34  < binary 2 B\n"},
		{binary("a", 1), "12.34  < binary 1 B\n" + hex},
		{binary("a", 2), "12.34  < binary 2 B, its first 1 B\n" + hex},
		{&wire.Request{Meta: up, Method: "GET", Target: "/"}, "12.34  > GET /\n12.34  >\n"},
		{&wire.Open{Meta: wire.Meta{Conn: client(0)}}, "2      * open  a (x[3]) uid 0 → ?\n"},
		{&wire.Open{Meta: wire.Meta{Conn: client(-1)}}, "2      * open  a (x[3]) → ?\n"},
		{sent(99_999, 99_999, 1), "12.34  = no response  5.00 ms  sent 99999+99999 B  1 anomaly\n"},
		{sent(99_999, 100_000, 2), "12.34  = no response  5.00 ms  sent 99999 B+100.0 kB  2 anomalies\n"},
		{sent(100_000, 99_999, 10), "12.34  = no response  5.00 ms  sent 100.0 kB+99999 B  10 anomalies\n"},
		{sent(100_000, 0, 0), "12.34  = no response  5.00 ms  sent 100.0 kB\n"},
	} {
		if got := textOf(t, c.ev); strings.TrimPrefix(got, "\n") != c.want {
			t.Errorf("%T: got\n%swant\n%s", c.ev, got, c.want)
		}
	}
}

// TestPieces: what a page is made of, to the column and to the byte.
func TestPieces(t *testing.T) {
	for n := range 100 {
		if got := string(appendSpaces([]byte("x"), n)); got != "x"+strings.Repeat(" ", n) {
			t.Errorf("%d spaces: %q", n, got)
		}
	}
	if got := recycle(make([]byte, 5, 1<<20)); cap(got) != 1<<20 || len(got) != 0 {
		t.Errorf("%d of %d bytes are kept", len(got), cap(got))
	}
	if got := recycle(make([]byte, 5, 1<<20+1)); cap(got) != 0 {
		t.Errorf("%d bytes are kept", cap(got))
	}
	p := page{colors: newPalette(false)}
	p.begin(30)
	p.hang = 5
	p.begin(30)
	p.text(plain, strings.Repeat("x", 34))
	if p.end(); string(p.out) != strings.Repeat("x", 30)+"\n"+continued+"xxxx\n" {
		t.Errorf("another page hangs:\n%s", p.out)
	}
	for text, want := range map[string]string{
		"\u0080": `\u0080`, "\u009f": `\u009f`, "\ufffe": `\ufffe`, "\uffff": `\uffff`, "\U0001000c": `\U0001000c`, "\U0010ffff": `\U0010ffff`, "\ufffd": "\ufffd", "\xff": `\xff`, "\x7f": `\x7f`, "\n\x1b": `\n\e`,
	} {
		if got := Escaped(text); got != want {
			t.Errorf("%q: got %s", text, got)
		}
	}
	var o Options
	if o.zone() != time.Local || o.width() != 0 {
		t.Error("there is a zone or a width without an option")
	}
	o = Options{Zone: time.UTC, Width: func() int { return -1 }}
	if o.zone() != time.UTC || o.width() != 0 {
		t.Error("the zone is not that of the option, or the width is negative")
	}
}

// TestFit asks for JSON values in every room whether they fit there on one line.
func TestFit(t *testing.T) {
	for _, in := range []string{
		`0`, `-12.5e3`, `null`, `""`, `"abc"`, `[]`, `{}`, `[1,2]`, `{"a":1}`, `{"a":[true,{"b":""}],"c":-1}`, `[[],{}]`, ` [ 1 ]`, "\n {\"é\" : \"世界\"}", "[\"\x7f\x80\"]", `"\u00e9"`, `[0,[1,[2]]] x`,
	} {
		value := strings.TrimSuffix(in, " x")
		width := columns(shown([]byte(value), 0)) - columns([]byte(`\n`))/2 // without the line end
		for room := -1; room < width+3; room++ {
			if got := fits([]byte(in), room); got != (room > 0 && room >= width) {
				t.Errorf("%s, of %d columns, in %d: %t", in, width, room, got)
			}
		}
	}
	for _, in := range []string{``, `[`, `{"a":`, `"abc`, `tru`, `[1,"b`, `]`, `}1`, `:`, `,`, `[?]`} {
		for room := range 40 {
			if fits([]byte(in), room) && in != ":" && in != "," {
				t.Errorf("%s in %d", in, room)
			}
		}
	}
	for spaces, want := range map[int]bool{15: true, 16: false} { // of what could fit in so many columns, no more is read
		if got := fits([]byte("  [1"+strings.Repeat(" ", spaces)+"]"), 3); got != want {
			t.Errorf("%d spaces: %t", spaces, got)
		}
	}
}

// TestExact writes the lines of fields that names and values do not tell.
func TestExact(t *testing.T) {
	for i, c := range []struct {
		version string
		field   wire.Field
		masked  []string
		want    string // empty: a reader makes it of name and value
	}{
		{"HTTP/1.1", wire.Field{Name: "A", Value: "b", Line: "A: b"}, nil, ``},
		{"HTTP/1.1", wire.Field{Name: "A", Value: "b", Line: "A:b"}, nil, `[0,"A:b"]`},
		{"HTTP/1.1", wire.Field{Name: "A", Value: "b", Line: "B: b"}, nil, `[0,"B: b"]`},
		{"HTTP/1.1", wire.Field{Name: "A", Value: "b", Line: "A: c"}, nil, `[0,"A: c"]`},
		{"HTTP/1.1", wire.Field{Name: "A", Value: "b", Line: "A : b"}, nil, `[0,"A : b"]`},
		{"HTTP/1.1", wire.Field{Name: "A", Value: "b", Line: "A; b"}, nil, `[0,"A; b"]`},
		{"HTTP/1.1", wire.Field{Name: "A", Value: "b"}, nil, `[0,""]`},
		{"HTTP/1.1", wire.Field{Name: "A", Value: "é", Line: "A: é"}, nil, ``},
		{"HTTP/1.1", wire.Field{Name: "A", Value: "\xe9", Line: "A: \xe9"}, nil, `[0,"QQ==","6Q==","QTog6Q=="]`},
		{"HTTP/1.1", wire.Field{Name: "\xe9", Value: "a", Line: "\xe9: a"}, nil, `[0,"6Q==","YQ==","6TogYQ=="]`},
		{"HTTP/1.1", wire.Field{Name: "A", Value: "a", Line: "A:\xe9"}, nil, `[0,"QQ==","YQ==","QTrp"]`},
		{"HTTP/1.1", wire.Field{Name: "A", Value: "x", Masked: true}, []string{"request.headers.A"}, ``},
		{"HTTP/1.1", wire.Field{Name: "A", Value: "x", Masked: true}, []string{"request.headers.B"}, `[0]`},
		{"HTTP/1.1", wire.Field{Name: "A", Value: "\xe9", Masked: true}, []string{"request.headers.A"}, `[0,"QQ==","6Q=="]`},
		{"HTTP/1.1", wire.Field{Name: "\xe9", Value: "x", Masked: true}, []string{"request.headers.\xe9"}, `[0,"6Q==","eA=="]`},
		{"HTTP/1.1", wire.Field{Name: "A", Value: "x", Line: "A: x", Masked: true}, []string{"request.headers.A"}, `[0]`},
		{"HTTP/1.1", wire.Field{Name: "A", Value: "x", Line: "A: x"}, []string{"request.headers.A"}, `[0,"A: x"]`},
		{"HTTP/2", wire.Field{Name: "a", Value: "b"}, nil, ``},
		{"HTTP/2.0", wire.Field{Name: "a", Value: "b"}, nil, ``},
		{"HTTP/3", wire.Field{Name: "a", Value: "b"}, nil, ``},
		{"HTTP/2", wire.Field{Name: "a", Value: "\xe9"}, nil, `[0,"YQ==","6Q==",""]`},
		{"HTTP/2", wire.Field{Name: "a", Value: "b", Line: "a: b"}, nil, `[0,"a: b"]`},
	} {
		ev := &wire.Request{Version: c.version, Fields: []wire.Field{c.field}, Masked: c.masked}
		got := string(show(t, jsonLines, []wire.Event{ev}))
		_, got, _ = strings.Cut(got, `"header_lines":[`)
		if got, _, _ = strings.Cut(got, "]]"); got != strings.TrimSuffix(c.want, "]") {
			t.Errorf("%d: %s %+v: got %s, want %s", i, c.version, c.field, got, c.want)
		}
	}
	trailer := []wire.Field{{Name: "A", Value: "x", Masked: true}}
	for dir, name := range map[wire.Dir]string{wire.ToServer: "request", wire.ToClient: "response"} {
		for _, other := range []string{"request", "response"} {
			ev := &wire.Body{Meta: wire.Meta{Dir: dir}, Trailer: trailer, Masked: []string{other + ".trailers.A"}}
			got := string(show(t, jsonLines, []wire.Event{ev}))
			if known := !strings.Contains(got, `"trailer_lines":[[0]]`); known != (name == other) {
				t.Errorf("a trailer of the %s, masked in the %s: %s", name, other, got)
			}
		}
		for _, other := range []string{"request", "response"} {
			var ev wire.Event = &wire.Response{Fields: trailer, Masked: []string{other + ".headers.A"}}
			if got := string(show(t, jsonLines, []wire.Event{ev})); strings.Contains(got, `[[0]]`) != (other == "request") {
				t.Errorf("a header of a response, masked in the %s: %s", other, got)
			}
		}
	}
}

// TestPayload: the bytes of a body are written if there are any, and not cut off.
func TestPayload(t *testing.T) {
	for _, c := range []struct {
		body wire.Body
		want string
	}{
		{wire.Body{}, ""}, {wire.Body{Bytes: 1}, `"body":""`}, {wire.Body{Bytes: 2, Truncated: true}, ""}, {wire.Body{Bytes: 2, Truncated: true, Data: []byte("a")}, `"body":"a"`},
		{wire.Body{Data: []byte("a")}, `"body":"a"`},
	} {
		c.body.Content = wire.KindText
		m := wire.Meta{Conn: &wire.Conn{ID: 1234567890, Client: wire.Peer{Process: &wire.Process{PID: 7, UID: -1}}}, Exchange: 987654321}
		got := string(show(t, jsonLines, []wire.Event{&wire.Exchange{Meta: m, Request: &wire.Request{}, RequestBody: &c.body, Upgrade: &wire.Upgrade{Protocol: "x"}}}))
		if text := strings.Contains(got, `"body":`); text != (c.want != "") || !strings.Contains(got, c.want) {
			t.Errorf("%+v: got %s", c.body, got)
		}
		for _, want := range []string{`"conn":1234567890,"exchange":987654321,`, `"client":{"pid":7}`} {
			if !strings.Contains(got, want) || strings.Contains(got, `"server"`) || strings.Contains(got, "upgrade_content") {
				t.Errorf("got %s, want %s", got, want)
			}
		}
	}
	open := &wire.Open{Meta: wire.Meta{Conn: &wire.Conn{}}}
	if got := string(show(t, jsonLines, []wire.Event{open})); strings.Contains(got, "client") || strings.Contains(got, "server") {
		t.Errorf("nothing is known of it: %s", got)
	}
}
