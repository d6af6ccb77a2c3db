package jsonl

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/socktrace/socktrace/internal/tracetest"
	"github.com/socktrace/socktrace/wire"
)

const at = `"time":"2026-01-02T03:04:05.000000000Z"`

// TestBrokenLines: what is no event costs its line, and is said.
func TestBrokenLines(t *testing.T) {
	open, eof := `{"event":"open",`+at+`,"conn":1}`, `{"event":"eof",`+at+`,"conn":1,"dir":"to_client","offset":3}`
	for _, test := range []struct{ name, line, repair string }{
		{"fine", eof, ""},
		{"blank", " \t\r", ""},
		{"unknown event", `{"event":"later","conn":"x"}`, ""},
		{"no event", `{"a":1}`, ""},
		{"no time", `{"event":"eof","conn":1}`, `"" is no time`},
		{"no connection", `{"event":"eof",` + at + `}`, "it has no connection"},
		{"no exchange", `{"event":"exchange",` + at + `,"conn":1}`, "it has no exchange"},
		{"wrong type", `{"event":"eof",` + at + `,"conn":"1"}`, `"conn" is a string`},
		{"negative", `{"event":"eof",` + at + `,"conn":1,"offset":-1}`, "it has a number that no count can be"},
		{"too large", `{"event":"eof",` + at + `,"conn":1,"offset":4611686018427387904}`, "it has a number that no count can be"},
		{"bad base64", `{"event":"message",` + at + `,"conn":1,"base64":"?"}`, "illegal base64 data at input byte 0"},
		{"field line", `{"event":"request",` + at + `,"conn":1,"exchange":1,"header_lines":[[]]}`, "a line of a field is not as it should be"},
		{"half", `{"event":"eof","ti`, "unexpected end of JSON input"},
		{"no JSON", "[]x", "invalid character 'x' after top-level value"},
	} {
		events, repairs := read(t, open+"\n"+test.line+"\n"+eof+"\n")
		var want []string
		if test.repair != "" {
			want = []string{"line 2 was left out: " + test.repair}
		}
		if !reflect.DeepEqual(repairs, want) {
			t.Errorf("%s: repairs %q, want %q", test.name, repairs, want)
		}
		if n := len(events); n != 3 && test.name != "fine" || n < 3 {
			t.Errorf("%s: %d events", test.name, n)
		}
	}
}

// TestTorn: a file that ends within a line gives what there is, and so does one
// that ends within exchanges.
func TestTorn(t *testing.T) {
	for _, s := range sessions(t, 1<<20) {
		if s.name != "run" {
			continue
		}
		whole := show(t, asLines, s.events, nil)
		for _, n := range []int{1, len(whole) / 3, len(whole) / 2, len(whole) - 2, len(whole) - 1} {
			var events []wire.Event
			repairs, err := Read(t.Context(), strings.NewReader(whole[:n]), 0, func(ev wire.Event) { events = append(events, ev) })
			lines := show(t, asLines, events, nil)
			complete := whole[:strings.LastIndexByte(whole[:n], '\n')+1]
			switch {
			case n == len(whole)-1 && err == nil: // only the line feed is missing
			case !errors.Is(err, io.ErrUnexpectedEOF) || len(repairs) > 0 || err.Error() != fmt.Sprintf("JSON lines: the file is cut short in line %d: unexpected EOF", 1+strings.Count(complete, "\n")):
				t.Errorf("%d bytes: %v, repairs %q", n, err, repairs)
			case !strings.HasPrefix(lines, complete):
				t.Errorf("%d bytes: what is whole has changed", n)
			}
			open, closed := strings.Count(lines, `{"event":"open"`), strings.Count(lines, `{"event":"close"`)
			if open != closed {
				t.Errorf("%d bytes: %d opened, %d closed", n, open, closed)
			}
		}
	}
}

// TestExchangesAlone: a file of exchange lines makes the same exchanges.
func TestExchangesAlone(t *testing.T) {
	for _, s := range sessions(t, 1<<20) {
		var lines, want strings.Builder
		for _, line := range strings.SplitAfter(show(t, asLines, s.events, nil), "\n") {
			if strings.HasPrefix(line, `{"event":"exchange"`) {
				lines.WriteString(line)
				want.WriteString(line)
			}
		}
		back, repairs := read(t, lines.String())
		if len(repairs) > 0 {
			t.Errorf("%s: repairs: %q", s.name, repairs)
		}
		var got strings.Builder
		for _, line := range strings.SplitAfter(show(t, asLines, back, nil), "\n") {
			if strings.HasPrefix(line, `{"event":"exchange"`) {
				got.WriteString(line)
			}
		}
		same(t, s.name, got.String(), want.String())
	}
}

// TestSeveralTraces: the connections of traces that are in one file, whether
// they were closed or not, have numbers of their own.
func TestSeveralTraces(t *testing.T) {
	trace := `{"event":"open",` + at + `,"conn":1}
{"event":"open",` + at + `,"conn":2}
{"event":"close",` + at + `,"conn":2,"bytes_to_server":1,"bytes_to_client":2}
`
	exchange := `{"event":"exchange",` + at + `,"conn":2,"exchange":1,"state":"done"}
`
	events, _ := read(t, trace+trace+exchange+exchange)
	var got []string
	for _, ev := range events {
		got = append(got, fmt.Sprintf("%T %d", ev, ev.EventMeta().Conn.ID))
	}
	want := strings.Split("Open 1,Open 2,Close 2,Close 1,Open 3,Open 4,Close 4,Close 3,Open 6,End 6,Close 6,Open 8,End 8,Close 8", ",")
	for i := range want {
		want[i] = "*wire." + want[i]
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

// TestLeftOut reports some lines one by one, and counts the others.
func TestLeftOut(t *testing.T) {
	_, repairs := read(t, strings.Repeat("{\n", 150))
	if len(repairs) != 101 || repairs[100] != "50 more lines were left out" {
		t.Errorf("%d repairs, the last %q", len(repairs), repairs[len(repairs)-1])
	}
}

// TestLongLines leaves out what is too long, and reads what is not.
func TestLongLines(t *testing.T) {
	long := strings.Repeat(" ", 200<<10)
	text := `{"event":"open",` + at + `,"conn":1}` + long + "\n" + `{"event":"open",` + at + long + long + `,"conn":2}` + "\n" +
		`{"event":"open",` + at + `,"conn":3}` + "\n"
	var ids []int
	rd := newReader(strings.NewReader(text), func(ev wire.Event) { ids = append(ids, ev.EventMeta().Conn.ID) })
	rd.lines.max = 300 << 10
	var err error
	for err == nil {
		err = rd.next()
	}
	if err != io.EOF || !reflect.DeepEqual(ids, []int{1, 3}) || !reflect.DeepEqual(rd.repairs, []string{fmt.Sprintf("line 2 was left out: it has %d bytes, more than 307200", 2*len(long)+len(at)+26)}) {
		t.Errorf("%v, %v, %q", err, ids, rd.repairs)
	}
}

// TestInput: what goes wrong outside of the lines is an error, behind what there
// was.
func TestInput(t *testing.T) {
	broken := errors.New("broken")
	open := `{"event":"open",` + at + `,"conn":1}` + "\n"
	n := 0
	_, err := Read(t.Context(), io.MultiReader(strings.NewReader(open), iotest.ErrReader(broken)), 0, func(wire.Event) { n++ })
	if !errors.Is(err, broken) || err.Error() != "JSON lines: broken" || n != 2 {
		t.Errorf("%v behind %d events", err, n)
	}
	ctx, cancel := context.WithCancel(t.Context())
	_, err = Read(ctx, strings.NewReader(strings.Repeat(open, 10)), 0, func(wire.Event) { cancel() })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("stopped with %v", err)
	}
	if _, err = Read(t.Context(), iotest.OneByteReader(strings.NewReader(open)), 0, func(wire.Event) {}); err != nil {
		t.Error(err)
	}
}

// TestRare reads what decoders have not made in the other tests.
func TestRare(t *testing.T) {
	outer := &wire.Conn{ID: 1, Start: t0, Client: wire.Peer{Addr: "tcp://127.0.0.1:1", Process: &wire.Process{PID: 1, UID: -1}}, Recalled: true}
	inner := &wire.Conn{ID: 2, Start: t0, Parent: wire.Parent{Conn: outer, Exchange: 1}, Via: "h2c", Recalled: true}
	meta := func(c *wire.Conn, n int) wire.Meta { return wire.Meta{Conn: c, Exchange: n, Start: t0, End: t0} }
	q := &wire.Request{Meta: meta(inner, 1), Method: "GET", Target: "/\xff", Version: "HTTP/2.0", Scheme: "http", Authority: "d", Stream: 1,
		Fields: []wire.Field{{Name: "a", Value: "b"}, {Name: "authorization", Value: "[masked 3 bytes]", Masked: true},
			{Name: "authorization", Value: "none"}, {Name: "x", Value: "\xff"}}, Masked: []string{"request.headers.authorization"}}
	p := &wire.Response{Meta: meta(inner, 1), Version: "HTTP/1.1", Status: 200, Reason: "\xe9 ", Fields: []wire.Field{{Name: "a", Value: "b"},
		{Name: "x\xff", Value: "é", Masked: true}, {Name: "c", Value: "d", Line: "c:d"}, {Name: "", Value: "e\xff", Line: "e\xff"}}}
	p.Dir = wire.ToClient
	m := &wire.Message{Meta: meta(inner, 1), Kind: wire.KindStdout, Size: 9, Missing: 4, Truncated: true, Data: []byte("cut \xc3")}
	b := &wire.Body{Meta: meta(inner, 1), Content: wire.KindBinary, Bytes: 4, Complete: true, Data: []byte{0, 1, 2, 0xff},
		Trailer: []wire.Field{{Name: "t", Value: "\xff"}}}
	end := &wire.End{Meta: meta(inner, 1), State: wire.StateAborted, Reset: &wire.Reset{Dir: wire.ToClient, Code: 8}}
	shut := &wire.Close{Meta: meta(inner, 0), Stopped: true, Err: "the wire: trace stopped"}
	events := []wire.Event{&wire.Open{Meta: meta(outer, 0)}, &wire.Open{Meta: meta(inner, 0)}, q, m, b, p, end, shut,
		&wire.Dropped{Meta: wire.Meta{Start: t0, End: t0}, Events: 3, Bytes: 9, Recorded: true},
		&wire.Dropped{Meta: wire.Meta{Start: t0, End: t0}, Events: 1, Bytes: 7, Recorded: true, Entries: true}, &wire.Close{Meta: meta(outer, 0)}}
	roundTrip(t, events, nil, nil)
	back, _ := read(t, show(t, asLines, events, nil))
	if !reflect.DeepEqual(back[1].EventMeta().Conn, events[1].EventMeta().Conn) {
		t.Errorf("connection: got %+v, want %+v", back[1].EventMeta().Conn, inner)
	}
	for i, want := range []wire.Event{2: q, 3: m, 5: p, 7: shut} {
		if want != nil && !reflect.DeepEqual(back[i], want) {
			t.Errorf("got  %+v\nwant %+v", back[i], want)
		}
	}
}

// FuzzRead reads anything: without a panic, in the order that package wire
// promises, and what was read is read again as it is.
func FuzzRead(f *testing.F) {
	for _, s := range sessions(f, 70) {
		if text := show(f, asLines, s.events, nil); len(text) < 16<<10 {
			f.Add([]byte(text))
		}
	}
	f.Add([]byte(`{"event":"message",` + at + `,"conn":1,"json":null}` + "\n" + `{"event":"exchange",` + at + `,"conn":1,"exchange":9}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		if len(text) > 64<<10 {
			return
		}
		open := map[*wire.Conn]bool{}
		var events []wire.Event
		size := 0
		if _, err := Read(t.Context(), bytes.NewReader(text), 0, func(ev wire.Event) {
			switch c := ev.EventMeta().Conn; ev.(type) {
			case *wire.Dropped:
			case *wire.Open:
				open[c] = true
			case *wire.Close:
				if !open[c] {
					t.Errorf("closed before it was opened, or again: %s", tracetest.Dump(ev))
				}
				open[c] = false
			default:
				if !open[c] {
					t.Errorf("before Open or behind Close: %s", tracetest.Dump(ev))
				}
			}
			size += wire.DataBytes(ev)
			events = append(events, ev)
		}); err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Fatal(err)
		}
		if size > 100*len(text) {
			t.Errorf("%d bytes of events from %d", size, len(text))
		}
		lines := show(t, asLines, events, nil)
		back, repairs := read(t, lines)
		if again := show(t, asLines, back, nil); again != lines {
			same(t, "read again", again, lines)
		}
		for _, r := range repairs {
			t.Errorf("repair: %s", r)
		}
	})
}

// TestLongest leaves out lines that are longer than what there is memory for, says
// how long they are, and reads on.
func TestLongest(t *testing.T) {
	const short, long = `{"event":"open",` + at + `,"conn":1}`, `{"event":"open",` + at + `,"conn":22}`
	for longest, want := range map[int]int{len(long) - 1: 1, len(long): 2, 0: 2} {
		got := 0
		repairs, err := Read(t.Context(), strings.NewReader(long+"\n"+short+"\n"), longest, func(ev wire.Event) {
			if _, ok := ev.(*wire.Open); ok {
				got++
			}
		})
		said := len(repairs) == 1 && repairs[0] == fmt.Sprintf("line 1 was left out: it has %d bytes, more than %d", len(long), longest)
		if err != nil || got != want || said != (want == 1) {
			t.Errorf("%d bytes: %d lines, %q, %v", longest, got, repairs, err)
		}
	}
}
