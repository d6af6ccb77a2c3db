package render

import (
	"bytes"
	"fmt"
	"io"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/socktrace/socktrace/internal/scan"
	"github.com/socktrace/socktrace/wire"
)

// fuzzEvents returns one event of each kind, filled with the given bytes.
func fuzzEvents(data []byte, text string, truncated bool) []wire.Event {
	conn := &wire.Conn{ID: 1, Start: began,
		Client: wire.Peer{Addr: text, Process: &wire.Process{PID: 1, UID: 1, Name: text}},
		Server: wire.Peer{Addr: string(data)},
	}
	m := wire.Meta{Conn: conn, Exchange: 1, Start: began, End: at(1)}
	list := []wire.Field{{Name: text, Value: text}, {Name: "a", Value: text, Line: "a:" + text + "\r\n\t" + string(data)}}
	request := &wire.Request{Meta: m, Method: text, Target: text, Version: text, Fields: list, Call: wire.Call{Operation: text}, Masked: []string{text}}
	response := &wire.Response{Meta: m, Version: text, Status: len(text), Reason: text, Fields: list}
	anomaly := &wire.Anomaly{Meta: m, Code: text, Detail: text}
	upgrade := &wire.Upgrade{Meta: m, Protocol: text, Content: wire.KindTerminal, Reason: text}
	body := &wire.Body{Meta: m, Content: wire.KindBinary, Bytes: int64(len(data)) + 1, Data: data, Truncated: truncated, Trailer: list}
	events := []wire.Event{&wire.Open{Meta: m}, request, response, upgrade, body, anomaly}
	for kind := wire.KindRaw; kind < wire.KindCount; kind++ {
		events = append(events, &wire.Message{Meta: m, Kind: kind, Data: data, Size: int64(len(data)), Truncated: truncated})
		events = append(events, &wire.Message{Meta: m, Kind: kind, Data: []byte(text), Index: 1})
	}
	shown := *body
	shown.Content = wire.KindText
	return append(events, &shown,
		&wire.Exchange{Meta: m, Request: request, Response: response, RequestBody: body, ResponseBody: &shown,
			Upgrade: upgrade, Anomalies: []*wire.Anomaly{anomaly}, Masked: []string{text}},
		&wire.Close{Meta: m, Err: text})
}

// maxFuzz caps the inputs of fuzz targets: longer ones find no more, slower.
const maxFuzz = 1 << 10

var sgrSequence = regexp.MustCompile(`\x1b\[[0-9;]*m`)

// checkTerminal fails if out could do more than show characters and colours.
func checkTerminal(t *testing.T, out []byte) {
	t.Helper()
	out = sgrSequence.ReplaceAll(out, nil)
	if !utf8.Valid(out) {
		t.Errorf("not UTF-8: %q", out)
	}
	for i, r := range string(out) {
		if r != '\n' && !scan.Shown(out, i, r) {
			t.Errorf("%U at %d of %q", r, i, out)
			return
		}
	}
}

func FuzzText(f *testing.F) {
	for _, s := range []string{
		"plain", "\x1b[2J\x1b]0;title\x07", "\u009b31m\u202eabc\u2066", "\xff\x9b", `{"a":"` + "\x1b\u202e" + `",}`,
		"a\r\nb\rc\td", "\ufeff\u200b\u2028", "世界 e\u0301", `["` + strings.Repeat("x", 200) + `"]`,
	} {
		f.Add([]byte(s), s, false, uint8(0))
		f.Add([]byte(s), s, true, uint8(40))
	}
	f.Fuzz(func(t *testing.T, data []byte, text string, truncated bool, width uint8) {
		data, text = data[:min(len(data), maxFuzz)], text[:min(len(text), maxFuzz)]
		events := fuzzEvents(data, text, truncated)
		o := Options{Color: width&1 == 0, Width: func() int { return int(width) }, Zone: time.UTC}
		short := o
		short.Heads, short.Bodies, short.ASCII = HeadsShort, BodiesShort, width&2 == 0
		for name, newSink := range map[string]func(io.Writer) wire.Sink{
			"text":    func(w io.Writer) wire.Sink { return NewText(w, o) },
			"short":   func(w io.Writer) wire.Sink { return NewText(w, short) },
			"compact": func(w io.Writer) wire.Sink { return NewCompact(w, o) },
		} {
			out := show(t, newSink, events)
			checkTerminal(t, out)
			if open := bytes.LastIndex(out, []byte("\x1b[")); open >= 0 && !bytes.HasPrefix(out[open:], []byte(sgrReset)) {
				t.Errorf("%s leaves a colour open: %q", name, out[open:])
			}
			for line := range bytes.Lines(out) {
				if name != "compact" && width >= 60 && columns(line[:len(line)-1]) > int(width) {
					t.Errorf("%s: %d columns in %q, width %d", name, columns(line[:len(line)-1]), line, width)
				}
			}
		}
	})
}

// textOf returns what text shows without colours, width and headings.
func textOf(t *testing.T, events ...wire.Event) string {
	var lines strings.Builder
	for line := range strings.Lines(textWith(t, Options{}, events...)) {
		if line != "\n" && !strings.HasPrefix(line, "── ") {
			lines.WriteString(line)
		}
	}
	return lines.String()
}

// textWith returns what text shows with options.
func textWith(t *testing.T, o Options, events ...wire.Event) string {
	o.Zone = time.UTC
	return string(show(t, func(w io.Writer) wire.Sink { return NewText(w, o) }, events))
}

// countWrites counts calls and keeps what was written.
type countWrites struct {
	bytes.Buffer
	n int
}

func (w *countWrites) Write(b []byte) (int, error) { w.n++; return w.Buffer.Write(b) }

func TestOneWriteAnEvent(t *testing.T) {
	w := &countWrites{}
	for name, s := range map[string]wire.Sink{"text": NewText(w, Options{}), "jsonl": jsonLines(w)} {
		for _, ev := range fullScript() {
			before := w.n
			if err := s.Event(ev, nil); err != nil {
				t.Fatal(err)
			}
			if n := w.n - before; n > 1 {
				t.Errorf("%s: %d writes for %T", name, n, ev)
			}
			if b := w.Bytes(); len(b) > 0 && b[len(b)-1] != '\n' {
				t.Errorf("%s: a write does not end with a line feed", name)
			}
		}
	}
}

type failingWriter struct{ err error }

func (w failingWriter) Write([]byte) (int, error) { return 0, w.err }

func TestWriteError(t *testing.T) {
	ev := &wire.Close{Meta: wire.Meta{Conn: &wire.Conn{ID: 1}}, Err: "x"}
	for _, s := range []wire.Sink{
		NewText(failingWriter{io.ErrClosedPipe}, Options{}), NewCompact(failingWriter{io.ErrClosedPipe}, Options{}),
		jsonLines(failingWriter{io.ErrClosedPipe}),
	} {
		if err := s.Event(ev, nil); err == nil || err.Error() != "write output: io: read/write on closed pipe" {
			t.Errorf("%T: got %v", s, err)
		}
	}
}

// TestMissing shows events whose beginning was dropped.
func TestMissing(t *testing.T) {
	m := wire.Meta{Conn: &wire.Conn{ID: 1}, Exchange: 2, Dir: wire.ToClient, End: at(5)}
	got := textOf(t,
		&wire.Message{Meta: m, Kind: wire.KindStdout, Data: []byte("a\n"), Size: 2},
		&wire.Body{Meta: m, Content: wire.KindJSON, Bytes: 8, WireBytes: 9, Data: []byte("x"), Complete: true},
		&wire.Exchange{Meta: m},
		&wire.Body{Meta: m, Content: wire.KindJSON, Bytes: 8, Data: []byte("{\"a\"\n"), Truncated: true, Complete: true},
		&wire.Message{Meta: m, Kind: wire.KindJSON, Data: []byte("{\"a\""), Size: 4, Truncated: true},
		&wire.Message{Meta: wire.Meta{}, Kind: 200, Data: []byte("a"), Size: 1},
	)
	want := `1.2    < stdout            a
1.2    = no response
1.2    < {"a"
1.2    < … cut here: 5 B of 8 B
1.2    < {
1.2    <   "a"
1.2    < … ends here, after 4 B
-      > raw               1 B
-      > 00  61                                                a
`
	if got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

// TestDropped says whose output was too slow.
func TestDropped(t *testing.T) {
	for _, c := range []struct {
		ev   wire.Dropped
		want string
	}{
		{wire.Dropped{Events: 1, Bytes: 2}, "1 event not shown, 2 B of data: this output was too slow"},
		{wire.Dropped{Events: 2, Bytes: 2, Recorded: true}, "2 events not recorded, 2 B of data: the recording was too slow"},
		{wire.Dropped{Events: 1, Bytes: 2, Recorded: true, Entries: true}, "1 entry not recorded, 2 B of data: the recording was too slow"},
		{wire.Dropped{Events: 2, Bytes: 2, Recorded: true, Entries: true}, "2 entries not recorded, 2 B of data: the recording was too slow"},
	} {
		c.ev.End = at(5)
		compact := show(t, func(w io.Writer) wire.Sink { return NewCompact(w, Options{Zone: time.UTC}) }, []wire.Event{&c.ev})
		for _, got := range []string{textOf(t, &c.ev), string(compact)} {
			if !strings.HasSuffix(got, "! "+c.want+"\n") {
				t.Errorf("%+v: %q", c.ev, got)
			}
		}
	}
}

func TestStreamRule(t *testing.T) {
	s := &script{}
	s.open(1, 0)
	for _, length := range []string{"Content-Length: 9", "Transfer-Encoding: chunked"} {
		s.request(0, "GET", "/", "", "Host: x")
		s.response(1, 200, "OK", length)
		s.message(2, wire.ToClient, wire.KindJSON, `{"a":1}`)
		s.message(3, wire.ToClient, wire.KindJSON, `{"a":2}`)
	}
	var got []string
	for line := range strings.Lines(textOf(t, s.events...)) {
		if strings.Contains(line, `"a"`) {
			got = append(got, strings.TrimSpace(line))
		}
	}
	want := []string{
		`1.1    < {"a": 1}`, `1.1    < json    +3.00 ms  {"a": 2}`,
		`1.2    < json    +2.00 ms  {"a": 1}`, `1.2    < json    +3.00 ms  {"a": 2}`,
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// TestCutMasked: placeholders may be longer than what they stand for, so what was
// kept of a value that is cut is not told by how long it is now.
func TestCutMasked(t *testing.T) {
	m := wire.Meta{Conn: &wire.Conn{ID: 1}, Exchange: 1, Dir: wire.ToServer, End: at(5)}
	other := m
	other.Exchange = 2
	masked := []string{"request.body.Data"}
	got := textOf(t,
		&wire.Message{Meta: m, Kind: wire.KindJSON, Data: []byte(`{"Data":"[masked 15 bytes]`), Size: 25, Truncated: true, Masked: masked},
		&wire.Message{Meta: m, Kind: wire.KindJSON, Data: []byte(`{"Data":"`), Size: 25, Truncated: true},
		&wire.Body{Meta: other, Content: wire.KindJSON, Bytes: 25, Data: []byte("[masked 25 bytes]\n"), Truncated: true, Complete: true, Masked: masked},
		&wire.Body{Meta: m, Content: wire.KindBinary, Bytes: 90, Data: []byte("[masked 15 bytes]"), Complete: true, Masked: masked},
	)
	want := `1.1    > {
1.1    >   "Data": "[masked 15 bytes]
1.1    > … cut here, of 25 B
1.1    > {
1.1    >   "Data": "
1.1    > … cut here: 9 B of 25 B
1.2    > [masked 25 bytes]
1.2    > … cut here, of 25 B
1.1    > binary 90 B, masked
`
	if got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}
