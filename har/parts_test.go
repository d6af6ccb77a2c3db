package har

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/socktrace/socktrace/wire"
)

// TestFailedZip has a write of a compressed file fail: it is whole again, with what
// was written before.
func TestFailedZip(t *testing.T) {
	if _, err := newGzipFile(&faultyFile{room: 9}); err != errNoRoom {
		t.Errorf("at its beginning: %v", err)
	}
	for room := 0; room < 900; room += 23 {
		f := &faultyFile{room: 1 << 20}
		g, err := newGzipFile(f)
		if err != nil {
			t.Fatal(err)
		}
		entry := func(n int) []byte { return fmt.Appendf(nil, "%s\n{\"n\":%d}", strings.Repeat(",", min(n, 1)), n) }
		tail := func(n int) []byte { return fmt.Appendf(nil, "\n],\"p\":[%q]}}\n", strings.Repeat("x", n)) }
		if err := g.extend([]byte(`{"log":{"entries":[`), tail(300), true); err != nil {
			t.Fatal(err)
		}
		written := 0
		f.room = room
		for n := range 30 {
			if g.extend(entry(n), tail(300-n), true) != nil {
				break
			}
			written++
		}
		whole := func(when string) {
			z, err := gzip.NewReader(bytes.NewReader(f.b))
			if err != nil {
				t.Fatal(err)
			}
			b, err := io.ReadAll(z)
			var doc struct {
				Log struct{ Entries []struct{ N int } }
			}
			if err != nil || json.Unmarshal(b, &doc) != nil || len(doc.Log.Entries) != written || int64(len(f.b)) != g.end {
				t.Fatalf("%d bytes, %s: %v, %d of %d entries, %d bytes of %d:\n%s", room, when, err, len(doc.Log.Entries), written, len(f.b), g.end, b)
			}
		}
		whole("after a write")
		if err := g.extend(entry(written), tail(0), true); err != nil {
			t.Fatal(err)
		}
		written++
		whole("one more")
		if err := g.finish(tail(5)); err != nil || !f.closed {
			t.Fatalf("%d bytes: %v, closed %v", room, err, f.closed)
		}
		whole("at the end")
	}
}

// TestSlabs has a file grow in slabs: it is as long as is thought, and no longer than
// it may be, unless what is in it is.
func TestSlabs(t *testing.T) {
	for limit, want := range map[int64][]int64{
		0:       {64 << 10, 64 << 10, 128 << 10, 256 << 10, 512 << 10},
		1 << 30: {64 << 10, 64 << 10, 128 << 10, 256 << 10, 512 << 10},
		70_000:  {64 << 10, 64 << 10, 130_010, 240_010, 350_010},
		300_000: {64 << 10, 64 << 10, 128 << 10, 256 << 10, 350_010},
	} {
		f := &faultyFile{room: 1 << 30}
		p := &plainFile{f: f, limit: limit}
		var got []int64
		for _, size := range []int{10, 20_000 - 10, 110_000, 110_000, 110_000} {
			if err := p.extend(bytes.Repeat([]byte("x"), size), []byte("0123456789"), true); err != nil {
				t.Fatal(err)
			}
			got = append(got, p.physical)
			if int64(len(f.b)) != p.physical || string(f.b[p.pos+p.gap:p.end]) != "0123456789" || len(bytes.TrimRight(f.b, " ")) != int(p.end) {
				t.Errorf("limit %d: %d bytes, not %d; the tail ends at %d", limit, len(f.b), p.physical, p.end)
			}
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("limit %d: %d, want %d", limit, got, want)
		}
	}
}

// TestGapFor keeps a short tail within a page, and a long one away from the entries.
func TestGapFor(t *testing.T) {
	for _, c := range []struct {
		at   int64
		n    int
		want int
	}{
		{0, 100, 0}, {pageSize - 100, 100, 0}, {pageSize - 99, 100, 99}, {3*pageSize - 1, 100, 1}, {pageSize - 2047, 2048, 2047},
		{0, 2049, 4 * 2049}, {5000, 32 << 10, 128 << 10}, {0, 32<<10 - 1, 128<<10 - 4}, {0, 1 << 20, 128 << 10},
	} {
		if got := gapFor(c.at, c.n); got != c.want {
			t.Errorf("%d bytes at %d: %d, want %d", c.n, c.at, got, c.want)
		}
	}
}

// TestTailPlace writes a tail at the begin of a page, if it does not fit into the one
// before.
func TestTailPlace(t *testing.T) {
	f := &faultyFile{room: 1 << 30}
	p := &plainFile{f: f}
	for _, c := range []struct{ size, end, gap int }{{100, 100, 0}, {2*pageSize - 102, 2*pageSize - 2, 2}, {1, 2*pageSize - 1, 1}, {pageSize - 9, 3*pageSize - 10, 0}} {
		if err := p.extend(bytes.Repeat([]byte("x"), c.size), []byte("0123456789"), true); err != nil {
			t.Fatal(err)
		}
		if p.pos != int64(c.end) || p.gap != int64(c.gap) || string(f.b[c.end:c.end+c.gap+10]) != strings.Repeat(" ", c.gap)+"0123456789" {
			t.Errorf("%d bytes, and %d to the tail, want %d and %d", p.pos, p.gap, c.end, c.gap)
		}
	}
}

// TestTooMuch writes what waits where it is too much of one exchange, or of all.
func TestTooMuch(t *testing.T) {
	w := &Writer{o: Options{Pending: 1000}}
	for _, c := range []struct {
		all  int64
		n    int
		want bool
	}{
		{500, maxLittle + 1, false}, {501, maxLittle + 1, true}, {501, maxLittle, false}, {1000, maxLittle, false},
		{1001, maxLittle, true}, {1001, 1, true}, {1001, 0, false},
	} {
		w.waiting.Store(c.all)
		if got := w.tooMuch(c.n); got != c.want {
			t.Errorf("%d of %d: %v", c.n, c.all, got)
		}
	}
	w = NewWriter(io.Discard, Options{})
	defer w.Close()
	c := w.conn(&wire.Conn{ID: 1})
	p := c.pending(1)
	x := &wire.Exchange{Meta: wire.Meta{Conn: c.wire, Exchange: 1}}
	give := func(n int) {
		w.keep(c, p, x, func() { p.messages.add(&wire.Message{Kind: wire.KindRaw, Data: make([]byte, n)}) })
	}
	if give(maxPart - perRecord); p.parts != 0 || w.waiting.Load() != maxPart {
		t.Errorf("%d parts, %d bytes wait", p.parts, w.waiting.Load())
	}
	if give(0); p.parts != 1 || w.waiting.Load() != 0 {
		t.Errorf("%d parts, %d bytes wait", p.parts, w.waiting.Load())
	}
}

// TestTick brings what is open up to date once a second, by a clock that may be set
// back; a stream has no place for it.
func TestTick(t *testing.T) {
	name := filepath.Join(t.TempDir(), "session.har")
	w, err := Create(name, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	c := &wire.Conn{ID: 1, Start: at}
	x := &wire.Exchange{Meta: wire.Meta{Conn: c, Exchange: 1, Start: at}, State: wire.StateOpen}
	asked := 0
	var open iter.Seq[*wire.Exchange] = func(yield func(*wire.Exchange) bool) {
		asked++
		_ = yield(&wire.Exchange{}) && yield(x) // the first has no connection
	}
	for i, tick := range []struct {
		after   time.Duration
		asked   int
		entries int
	}{
		{0, 1, 0}, {0, 1, 0}, {time.Second - 1, 1, 0}, {time.Second, 2, 1}, {time.Second + 1, 2, 1}, {2*time.Second - 1, 2, 1},
		{0, 3, 1}, {1, 3, 1}, {time.Second, 4, 1},
	} {
		if err := w.Tick(at.Add(tick.after), open); err != nil {
			t.Fatal(err)
		}
		b, err := os.ReadFile(name)
		var h HAR
		if err != nil || json.Unmarshal(b, &h) != nil || len(h.Log.Entries) != tick.entries || asked != tick.asked {
			t.Errorf("tick %d: %v, %d entries, %d times", i, err, len(h.Log.Entries), asked)
		}
	}
	var b bytes.Buffer
	s := NewWriter(&b, Options{})
	for i := range 3 {
		if err := s.Tick(at.Add(time.Duration(i)*time.Hour), open); err != nil || asked != 4 {
			t.Errorf("a stream: %v, %d times", err, asked)
		}
	}
	failed := NewWriter(io.Discard, Options{})
	failed.whole = true
	failed.fail(errNoRoom)
	if err := failed.Tick(at, open); err != errNoRoom || asked != 4 {
		t.Errorf("one that has failed: %v, %d times", err, asked)
	}
	for _, w := range []*Writer{s, failed} {
		w.Close()
	}
}

// TestNoConnection leaves out events that belong to none, and tells of what was
// dropped.
func TestNoConnection(t *testing.T) {
	var b bytes.Buffer
	w := NewWriter(&b, Options{})
	if err := w.Event(&wire.Anomaly{Code: "odd"}, nil); err != nil {
		t.Error(err)
	}
	if err := w.Event(&wire.Dropped{Events: 3, Bytes: 5}, nil); err != nil {
		t.Error(err)
	}
	if err := w.Close(); err != nil || strings.Contains(b.String(), "odd") || w.Entries() != 1 {
		t.Errorf("%v, %d entries: %s", err, w.Entries(), b.String())
	}
	if !strings.Contains(b.String(), `"comment":"3 events with 5 bytes were left out here: the output was too slow"`) {
		t.Errorf("%s", b.String())
	}
}

// TestFileNames numbers files before what their names end with.
func TestFileNames(t *testing.T) {
	for _, c := range []struct {
		name string
		n    int
		want string
	}{
		{"a.har", 1, "a.har"}, {"a.har", 2, "a.2.har"}, {"a.har.gz", 3, "a.3.har.gz"}, {"a.gz", 2, "a.2.gz"}, {"a", 10, "a.10"},
		{"b/a.b.har", 2, "b/a.b.2.har"},
	} {
		if got := fileName(c.name, c.n); got != c.want {
			t.Errorf("%s, %d: %s", c.name, c.n, got)
		}
	}
}

// TestLatin1 writes and reads bytes that are no UTF-8 as characters.
func TestLatin1(t *testing.T) {
	for s, want := range map[string]string{"": "", "abc": "abc", "\u00e9\u00ff": "\xe9\xff", "\u00e9\u0100": "\u00e9\u0100"} {
		if got := fromLatin1(s); got != want {
			t.Errorf("%q: %q, want %q", s, got, want)
		}
	}
	if got := latin1("plain", ""); got != "plain" {
		t.Errorf("%q", got)
	}
	if got := latin1("plain", "\u00e9"); got != "\xe9" {
		t.Errorf("%q", got)
	}
}

// TestEpoch writes moments as seconds since 1970; earlier ones are none.
func TestEpoch(t *testing.T) {
	for _, c := range []struct {
		at   time.Time
		want string
	}{
		{time.Unix(1767323045, 678), `"t":1767323045.000000678`}, {time.Unix(0, 1), `"t":0.000000001`},
		{time.Unix(-1, 5), `"t":0.000000000`}, {time.Time{}, `"t":0.000000000`},
	} {
		o := newObject("{")
		if o.epoch("t", c.at); string(o.B) != "{"+c.want {
			t.Errorf("%v: %s, want %s", c.at, o.B, c.want)
		}
	}
}

// TestInCharset takes text for that of another charset only if it is written in one,
// and can be read back.
func TestInCharset(t *testing.T) {
	for _, c := range []struct {
		kind       wire.Kind
		data, mime string
		isUTF8     bool
		want       string
	}{
		{wire.KindText, "\xe9", "text/plain; charset=iso-8859-1", false, "iso-8859-1 \u00e9"},
		{wire.KindJSON, "\"\xe9\"", "application/json; charset=iso-8859-1", false, "iso-8859-1 \"\u00e9\""},
		{wire.KindBinary, "\xe9", "text/plain; charset=iso-8859-1", false, "no"},
		{wire.KindText, "\xe9", "text/plain; charset=utf-8", false, "no"},
		{wire.KindText, "\xe9", "text/plain", false, "no"},
		{wire.KindText, "e", "text/plain; charset=iso-8859-1", true, "no"},
		{wire.KindText, "a\x00b\x00", "text/plain; charset=utf-16le", true, "utf-16le ab"},
		{wire.KindText, "abcd\x00", "text/plain; charset=utf-16le", true, "no"},
		{wire.KindText, "a\x00b", "text/plain; charset=utf-16le", true, "no"},
	} {
		text, charset, ok := inCharset(&wire.Body{Content: c.kind, Data: []byte(c.data)}, c.mime, c.isUTF8)
		got := "no"
		if ok {
			got = charset + " " + string(text)
		}
		if got != c.want {
			t.Errorf("%q in %s: %s, want %s", c.data, c.mime, got, c.want)
		}
	}
}

// TestShortName stands for names of any length, and for no two.
func TestShortName(t *testing.T) {
	long := strings.Repeat("x", 64)
	for name, want := range map[string]int{"": 0, "5": 1, long: 64, long + "y": 80, strings.Repeat("x", 1<<20): 80} {
		if got := shortName(name); len(got) != want || !strings.HasPrefix(name, got[:min(want, 64)]) {
			t.Errorf("%d bytes: %q", len(name), got)
		}
	}
	if shortName(long+"y") == shortName(long+"z") {
		t.Error("two names are one")
	}
	if got := clipped(strings.Repeat("y", 257)); len(got) != 256 {
		t.Errorf("%d bytes", len(got))
	}
	if got := clipped("abc"); got != "abc" {
		t.Errorf("%q", got)
	}
}

// TestSizeOf counts what an exchange has in memory.
func TestSizeOf(t *testing.T) {
	const rest = 4 << 10
	fields := []wire.Field{{Name: "a", Value: "bc", Line: "a: bc"}, {}} // 8 bytes
	head := 2*perObject + 8
	for i, c := range []struct {
		x    wire.Exchange
		want int
	}{
		{wire.Exchange{}, rest},
		{wire.Exchange{RequestBody: &wire.Body{Data: make([]byte, 10)}}, rest + 10},
		{wire.Exchange{ResponseBody: &wire.Body{Data: make([]byte, 10), Trailer: fields}}, rest + 10 + head},
		{wire.Exchange{Response: &wire.Response{Reason: "abc", Fields: fields}}, rest + 3 + head},
		{wire.Exchange{Interim: []*wire.Response{{Reason: "ab"}, {Reason: "c"}}}, rest + 3},
		{wire.Exchange{Request: &wire.Request{Target: "/abc", Fields: fields}}, rest + 4 + head},
		{wire.Exchange{Anomalies: []*wire.Anomaly{{Detail: "abc"}, {}}}, rest + 2*perObject + 3},
	} {
		if got := sizeOf(&c.x); got != c.want {
			t.Errorf("exchange %d: %d bytes, want %d", i, got, c.want)
		}
	}
}

// stuckReader returns nothing so often, and then an error.
type stuckReader struct{ left int }

func (r *stuckReader) Read([]byte) (int, error) {
	if r.left--; r.left < 0 {
		return 0, errNoRoom
	}
	return 0, nil
}

// TestStuckReader gives up a reader that returns nothing for ever.
func TestStuckReader(t *testing.T) {
	for n, want := range map[int]error{0: errNoRoom, 100: errNoRoom, 101: io.ErrNoProgress, 1 << 20: io.ErrNoProgress} {
		l := newLexer(&stuckReader{n}, new(repairs))
		if l.more() || l.end() != want {
			t.Errorf("nothing %d times: %v, want %v", n, l.end(), want)
		}
	}
}

// TestTargetOf returns what was asked for in a URL, in the form that the method wants.
func TestTargetOf(t *testing.T) {
	for _, c := range []struct{ method, url, want string }{
		{"GET", "http://d/x?y#z", "/x?y"}, {"GET", "http://d", "/"}, {"GET", "http://d?q", "/?q"}, {"GET", "/x#y", "/x"}, {"GET", "", ""},
		{"CONNECT", "http://d:443/", "d:443"}, {"CONNECT", "http://d:443", "d:443"}, {"CONNECT", "http://d:443?x", "d:443"}, {"CONNECT", "d:443", "d:443"},
	} {
		if got := targetOf(c.method, c.url); got != c.want {
			t.Errorf("%s %s: %s, want %s", c.method, c.url, got, c.want)
		}
	}
}

// TestIsHost knows names by the lengths and letters that they may have.
func TestIsHost(t *testing.T) {
	label := strings.Repeat("a", 63)
	long := strings.Join([]string{label, label, label, strings.Repeat("b", 61)}, ".")
	for host, want := range map[string]bool{
		label: true, label + "a": false, long: true, long + "b": false, "a.": true, "a..": false, "": false, ".": false, "a-b_c": true,
		"a\xc3\xa9": false, "xn-a": true, "XN--a": false, "a.xn--b": false, "0xg": true, "0x": false, "0": false, "1a": true, "a.09": false,
		"1.2.3.4": true, "1.2.3": false, "[::1]": true, "[::1%25x]": false, "[1.2.3.4]": false, "[": false, "]": false, "[]": false,
	} {
		if got := isHost(host); got != want {
			t.Errorf("%q: %v", host, got)
		}
	}
	for port, want := range map[string]bool{"": true, "0": true, "65535": true, "65536": false, "+1": false, "-1": false, "x": false} {
		if got := isPort(port); got != want {
			t.Errorf("port %q: %v", port, got)
		}
	}
}

// TestStatusNamed finds the number in a reason, or that of a known one.
func TestStatusNamed(t *testing.T) {
	for reason, want := range map[string]int{
		"": 0, "OK": 200, " ok ": 200, "Continue": 100, "Network Authentication Required": 511, "100": 100, "HTTP 599 x": 599, "99": 0, "600": 0, "odd": 0, "1 404": 404,
	} {
		if got := statusNamed(reason); got != want {
			t.Errorf("%q: %d, want %d", reason, got, want)
		}
	}
}
