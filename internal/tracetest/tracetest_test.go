package tracetest

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/socktrace/socktrace/internal/transcript"
	"github.com/socktrace/socktrace/wire"
)

// lines is a small decoder: a JSON message for every line of either
// direction, raw messages after a line "raw", and faults on demand.
type lines struct {
	fault string
	conn  *wire.Conn
	emit  func(wire.Event)
	half  [2]struct {
		buf   []byte
		off   int64
		start time.Time
		index int
		raw   bool
	}
}

func newLines(fault string) NewTap {
	return func(conn *wire.Conn, emit func(wire.Event)) wire.Tap {
		return &lines{fault: fault, conn: conn, emit: emit}
	}
}

func (d *lines) Chunk(c wire.Chunk) {
	h := &d.half[c.Dir]
	if c.Lost != 0 && d.fault == "panics on loss" {
		panic("lost")
	}
	if c.Lost != 0 && d.fault == "survives a loss" || d.fault == "survives" {
		d.emit(&wire.Anomaly{Meta: wire.Meta{Conn: d.conn}, Code: "decoder-panic", Detail: "deep inside"})
	}
	data := c.Data
	for len(data) > 0 {
		if h.raw {
			d.message(c.Dir, wire.KindRaw, data, c.Time, c.Time)
			return
		}
		if len(h.buf) == 0 && (d.fault != "stale start" || len(data) == len(c.Data)) {
			h.start = c.Time
		}
		n := bytes.IndexByte(data, '\n') + 1
		if n == 0 {
			if d.fault == "keeps slices" && len(h.buf) == 0 {
				h.buf = data
			} else {
				h.buf = append(h.buf, data...)
			}
			return
		}
		h.buf = append(h.buf, data[:n]...)
		data = data[n:]
		h.raw = string(h.buf) == "raw\n"
		d.message(c.Dir, wire.KindJSON, h.buf, h.start, c.Time)
		h.buf = nil
		if d.fault == "one line a read" {
			return
		}
	}
}

func (d *lines) message(dir wire.Dir, kind wire.Kind, data []byte, start, end time.Time) {
	h := &d.half[dir]
	m := &wire.Message{Kind: kind, Index: h.index, Data: data, Size: int64(len(data))}
	m.Meta = wire.Meta{Conn: d.conn, Exchange: 1, Dir: dir, Off: h.off, Start: start, End: end}
	h.index++
	h.off += int64(len(data))
	d.emit(m)
}

func (d *lines) End(t time.Time, err error) {
	d.emit(&wire.Close{Meta: wire.Meta{Conn: d.conn, Start: t, End: t}, Bytes: [2]int64{d.half[0].off, d.half[1].off}})
}

// spy is a testing.TB that writes down what it is told.
type spy struct {
	testing.TB
	errors, logs []string
}

func (s *spy) Helper()                   {}
func (s *spy) Errorf(f string, a ...any) { s.errors = append(s.errors, fmt.Sprintf(f, a...)) }
func (s *spy) Logf(f string, a ...any)   { s.logs = append(s.logs, fmt.Sprintf(f, a...)) }

func parse(t *testing.T, text string) *transcript.Conn {
	t.Helper()
	s, err := transcript.Parse("x", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return s.Conns[0]
}

const talk = `
> "one\ntw"
> +1ms "o\nthr"
< +1ms "answer\n"
> +1ms "ee\nraw\nbytes "
> +1ms "more"
< +1ms eof
`

func TestInvariant(t *testing.T) {
	Invariant(t, parse(t, talk), newLines(""))
	for _, fault := range []string{"keeps slices", "stale start", "one line a read"} {
		s := &spy{TB: t}
		Invariant(s, parse(t, talk), newLines(fault))
		if len(s.errors) != 1 {
			t.Errorf("%s: %d errors, want 1", fault, len(s.errors))
			continue
		}
		if !strings.Contains(s.errors[0], "chunk ") || !strings.Contains(s.errors[0], "\n+ 1.1") {
			t.Errorf("%s: unclear report:\n%s", fault, s.errors[0])
		}
	}
}

func TestInvariantOnCaptures(t *testing.T) {
	for _, c := range Captures(t) {
		if c.Name != "runit" && c.Name != "cpout" {
			continue // the decoders' own tests take them all
		}
		for i, conn := range c.Conns {
			t.Run(fmt.Sprintf("%s/%d", c.Name, i+1), func(t *testing.T) { Invariant(t, conn, newLines("")) })
		}
	}
}

func TestLoss(t *testing.T) {
	Loss(t, parse(t, talk), newLines(""))
	s := &spy{TB: t}
	defer func() {
		if recover() == nil || len(s.logs) != 1 || !strings.Contains(s.logs[0], "chunk 0") {
			t.Errorf("the panic is not reported: %q", s.logs)
		}
	}()
	Loss(s, parse(t, talk), newLines("panics on loss"))
}

// TestSurvivedPanic has a tap that panics and goes on: that is a failure too.
func TestSurvivedPanic(t *testing.T) {
	for fault, check := range map[string]func(testing.TB, *transcript.Conn, NewTap){"survives a loss": Loss, "survives": Invariant} {
		s := &spy{TB: t}
		check(s, parse(t, talk), newLines(fault))
		if len(s.errors) == 0 || !strings.Contains(s.errors[0], "deep inside") {
			t.Errorf("%s: the panic is not reported: %q", fault, s.errors)
		}
	}
}

func TestCutAll(t *testing.T) {
	seen := map[string]int{}
	cutAll(10, func(how string, cuts []int) bool {
		if !slices.IsSorted(cuts) {
			t.Errorf("%s: not sorted: %v", how, cuts)
		}
		for _, c := range cuts {
			if c < 1 || c > 9 {
				t.Errorf("%s: cut at %d", how, c)
			}
		}
		seen[strings.TrimRight(how, "0123456789")]++
		return true
	})
	want := map[string]int{"byte by byte": 1, "one cut": 9, "two cuts": 36, "random, seed ": seeds}
	if !reflect.DeepEqual(seen, want) {
		t.Errorf("got %v, want %v", seen, want)
	}
}

func TestSplit(t *testing.T) {
	chunks := []transcript.Chunk{{Lost: 3, Data: []byte("abc"), EOF: true}, {EOF: true}, {Data: []byte("de")}}
	got := split(nil, chunks, []int{1, 2, 3, 4})
	want := []transcript.Chunk{
		{Lost: 3, Data: []byte("a")}, {Data: []byte("b")}, {Data: []byte("c"), EOF: true},
		{EOF: true}, {Data: []byte("d")}, {Data: []byte("e")},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v", got)
	}
}

func TestMerge(t *testing.T) {
	piece := func(k wire.Kind, dir wire.Dir, s string) *wire.Message {
		return &wire.Message{Meta: wire.Meta{Dir: dir}, Kind: k, Data: []byte(s), Size: int64(len(s))}
	}
	first := piece(wire.KindRaw, 0, "a")
	in := []wire.Event{
		first, piece(wire.KindRaw, 0, "b"), piece(wire.KindRaw, 0, "c"),
		piece(wire.KindRaw, 1, "d"),
		piece(wire.KindText, 1, "e"), &wire.EOF{}, piece(wire.KindText, 1, "f"),
		piece(wire.KindJSON, 1, "1"), piece(wire.KindJSON, 1, "2"),
	}
	var got []string
	for _, ev := range Merge(in) {
		if m, ok := ev.(*wire.Message); ok {
			got = append(got, fmt.Sprintf("%s%d", m.Data, m.Size))
		} else {
			got = append(got, "-")
		}
	}
	if want := []string{"abc3", "d1", "e1", "-", "f1", "11", "21"}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if string(first.Data) != "a" || first.Size != 1 {
		t.Errorf("the given event was changed")
	}
}

func TestDump(t *testing.T) {
	start := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	conn := &wire.Conn{ID: 1, Start: start, Client: wire.Peer{Process: &wire.Process{Name: "docker", PID: 7}}}
	meta := func(dir wire.Dir, off int64) wire.Meta {
		return wire.Meta{Conn: conn, Exchange: 2, Dir: dir, Off: off, Start: start.Add(time.Millisecond), End: start.Add(3 * time.Millisecond)}
	}
	req := &wire.Request{Meta: meta(0, 5), Method: "GET", Target: "/a b", Version: "HTTP/1.1", HeadBytes: 9, Call: wire.Call{Operation: "X"},
		Fields: []wire.Field{{Name: "Host", Value: "d", Line: "Host: d"}, {Name: "A", Value: "[masked]", Masked: true}}, Masked: []string{"request.headers.A"}}
	body := &wire.Body{Meta: meta(1, 50), Content: wire.KindText, WireBytes: 7, Bytes: 300, Data: bytes.Repeat([]byte("x"), 300), Trailer: []wire.Field{{Name: "T", Value: "1", Line: "T:1"}}}
	x := &wire.Exchange{Meta: meta(0, 5), Request: req, ResponseBody: body, FirstByte: start.Add(2 * time.Millisecond), Anomalies: []*wire.Anomaly{{Code: "odd"}}}
	x.Streams[wire.KindStdout] = wire.StreamStat{Frames: 2, Bytes: 9}
	x.Streams[wire.KindRaw] = wire.StreamStat{Frames: 2, Bytes: 9}
	quoted := `"` + strings.Repeat("x", 256) + `"…300B crc32=1b432d13`
	for _, tt := range []struct {
		ev   wire.Event
		want string
	}{
		{&wire.Open{Meta: wire.Meta{Conn: conn, Start: start, End: start}}, "1.0 > @0 +0s open client=docker[7] server=?"},
		{req, "1.2 > @5 +1ms..+3ms request GET \"/a b\" HTTP/1.1 head=9 op=X masked=request.headers.A\n    \"Host: d\"\n    \"A\": \"[masked]\" line=\"\""},
		{&wire.Response{Meta: meta(1, 0), Version: "HTTP/1.1", Status: 100, Interim: true}, `1.2 < @0 +1ms..+3ms response HTTP/1.1 100 "" head=0 interim`},
		{&wire.Message{Meta: meta(1, 8), Kind: wire.KindJSON, Index: 4, Data: []byte("[]\n"), Size: 3}, `1.2 < @8 +1ms..+3ms json[4] 3B "[]\n"`},
		{body, "1.2 < @50 +1ms..+3ms body text wire=7 bytes=300 " + quoted + " incomplete\n    \"T\": \"1\" line=\"T:1\""},
		{x, "1.2 > @5 +1ms..+3ms exchange done first_byte=+2ms raw=9B stdout=2/9B\n    request @5 GET \"/a b\" fields=2\n    response body @50 text wire=7 bytes=300 " + quoted + " incomplete\n    anomaly odd @0"},
		{&wire.Anomaly{Meta: wire.Meta{Conn: conn}, Code: "gap", Lost: -1, Detail: "d"}, `1.0 > @0 - anomaly gap lost=-1 "d"`},
	} {
		if got := Dump(tt.ev); got != tt.want {
			t.Errorf("got\n%s\nwant\n%s", got, tt.want)
		}
	}
}
