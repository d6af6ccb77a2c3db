package tracetest

import (
	"errors"
	"fmt"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/socktrace/socktrace/internal/transcript"
	"github.com/socktrace/socktrace/wire"
)

// TestDumpAll has every event, with all that it may have, and with nothing.
func TestDumpAll(t *testing.T) {
	start := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	outer := &wire.Conn{ID: 3, Start: start}
	conn := &wire.Conn{ID: 12, Start: start, Client: wire.Peer{Addr: "tcp://c:1"}, Server: wire.Peer{Addr: "tcp://s:2"}, Parent: wire.Parent{Conn: outer, Exchange: 4}, Via: "h2 c"}
	meta := wire.Meta{Conn: conn, Exchange: 34, Dir: wire.ToClient, Off: 56, Start: start.Add(time.Millisecond), End: start.Add(time.Millisecond)}
	field := []wire.Field{{Name: "a", Value: "b", Line: "a: b"}}
	whole := &wire.Body{Meta: meta, Content: wire.KindJSON, WireBytes: 1, Bytes: 2, Complete: true, Data: []byte("[]")}
	const at = "12.34 < @56 +1ms "
	for _, tt := range []struct {
		ev   wire.Event
		want string
	}{
		{&wire.Open{Meta: meta}, at + `open client=tcp://c:1 server=tcp://s:2 parent=3.4 via="h2 c"`},
		{&wire.Request{Meta: meta}, at + `request "" "" "" head=0`},
		{&wire.Request{Meta: meta, Method: "G\"T", Target: "/", Version: "1", Fields: field}, at + `request "G\"T" / 1 head=0` + "\n    \"a: b\""},
		{&wire.Response{Meta: meta, Version: "1", Status: 200, Reason: "O K", HeadBytes: 7, Masked: []string{"x", "y"}, Fields: field}, at + `response 1 200 "O K" head=7 masked=x,y` + "\n    \"a: b\""},
		{&wire.Message{Meta: meta, Kind: wire.KindWebSocket, Opcode: 9, Name: "n", Index: 5, Size: 6, Data: []byte("\x00"), Truncated: true, Masked: []string{"z"}},
			at + `websocket[5] opcode=9 name="n" 6B "\x00" truncated masked=z`},
		{&wire.Message{Meta: meta, Kind: wire.KindGRPC, Type: "a.B", Index: 5}, at + `grpc[5] type=a.B 0B ""`},
		{&wire.Message{Meta: meta, Kind: wire.KindRaw, Index: 5}, at + `raw 0B ""`},
		{&wire.Message{Meta: meta, Kind: wire.KindText, Index: 5}, at + `text 0B ""`},
		{&wire.Message{Meta: meta, Kind: wire.KindTerminal, Index: 5}, at + `terminal 0B ""`},
		{&wire.Message{Meta: meta, Kind: wire.KindStdin, Index: 5}, at + `stdin 0B ""`},
		{&wire.Message{Meta: meta, Kind: wire.KindStdout}, at + `stdout[0] 0B ""`},
		{&wire.Message{Meta: meta, Kind: wire.KindJSON, Data: []byte(strings.Repeat("x", 256)), Size: 256}, at + `json[0] 256B "` + strings.Repeat("x", 256) + `"`},
		{&wire.Message{Meta: meta, Kind: wire.KindJSON, Data: []byte(strings.Repeat("x", 257)), Size: 257}, at + `json[0] 257B "` + strings.Repeat("x", 256) + `"…257B crc32=9118e8fd`},
		{whole, at + `body json wire=1 bytes=2 "[]"`},
		{&wire.Body{Meta: meta, Coding: "gz", Digest: "sha256:1", Truncated: true, Masked: []string{"m"}, Trailer: field}, at + `body none wire=0 bytes=0 coding="gz" sha256:1 "" truncated incomplete masked=m` + "\n    \"a: b\""},
		{&wire.Body{Meta: meta, Files: &wire.Files{Files: 1, Others: 2, Bytes: 3, Listed: 5, Largest: "l", Most: 4, Role: "r"}, Complete: true}, at + `body none wire=0 bytes=0 files=1 others=2 carried=3 listed=5 largest="l" 4 role="r" ""`},
		{&wire.Upgrade{Meta: meta, Protocol: "tcp", Content: wire.KindRaw, Reason: "why"}, at + `upgrade "tcp" content=raw reason="why"`},
		{&wire.EOF{Meta: meta}, at + "eof"},
		{&wire.Anomaly{Meta: meta, Code: "odd", Detail: "a b", Lost: 4}, at + `anomaly odd lost=4 "a b"`},
		{&wire.Close{Meta: meta, Bytes: [2]int64{7, 8}, Err: "e"}, at + `close to_server=7 to_client=8 err="e"`},
		{&wire.Dropped{Events: 5, Bytes: 6}, "0.0 > @0 - dropped events=5 bytes=6"},
		{&wire.Dropped{Meta: wire.Meta{Start: start, End: start.Add(time.Second)}}, "0.0 > @0 2026-01-02T03:04:05Z..2026-01-02T03:04:06Z dropped events=0 bytes=0"},
		{&wire.End{Meta: meta}, at + "*wire.End"},
		{&wire.Exchange{Meta: meta, State: wire.StateOpen}, at + "exchange open"},
		{&wire.Exchange{Meta: meta, FirstByte: start.Add(time.Second), Upgrade: &wire.Upgrade{Protocol: "tcp"}, Masked: []string{"m"},
			Request: &wire.Request{Meta: meta, Fields: field}, RequestBody: whole, Interim: []*wire.Response{{Meta: meta, Status: 100, Fields: field}},
			Response: &wire.Response{Meta: meta, Status: 200, Reason: "OK", Fields: field}, ResponseBody: whole, Anomalies: []*wire.Anomaly{{Meta: meta, Code: "odd"}}},
			at + "exchange done first_byte=+1s upgrade=\"tcp\" masked=m\n    request @56 \"\" \"\" fields=1\n    request body @56 json wire=1 bytes=2 \"[]\"\n" +
				"    interim @56 100 fields=1\n    response @56 200 \"OK\" fields=1\n    response body @56 json wire=1 bytes=2 \"[]\"\n    anomaly odd @56"},
	} {
		if got := Dump(tt.ev); got != tt.want {
			t.Errorf("got\n%s\nwant\n%s", got, tt.want)
		}
	}
	if got := DumpAll([]wire.Event{&wire.EOF{Meta: meta}, &wire.EOF{Meta: meta}}); got != at+"eof\n"+at+"eof\n" {
		t.Errorf("got %q", got)
	}
}

// TestHole takes any bytes of a direction away, and nothing else.
func TestHole(t *testing.T) {
	c := parse(t, "> \"abc\"\n< +1ms \"answer\"\n> +1ms \"de\"\n> +1ms eof\n")
	for _, test := range []struct {
		from, to int
		want     string
	}{
		{0, 1, `> lost 1 "bc" | < "answer" | > "de" | > eof`},
		{1, 2, `> "a" | > lost 1 "c" | < "answer" | > "de" | > eof`},
		{0, 3, `< "answer" | > lost 3 "de" | > eof`},
		{2, 4, `> "ab" | < "answer" | > lost 2 "e" | > eof`},
		{3, 5, `> "abc" | < "answer" | > lost 2 eof`},
		{4, 5, `> "abc" | < "answer" | > "d" | > lost 1 eof`},
		{0, 5, `< "answer" | > lost 5 eof`},
	} {
		if got := told(hole(c, wire.ToServer, test.from, test.to)); got != test.want {
			t.Errorf("without %d to %d: %s, want %s", test.from, test.to, got, test.want)
		}
	}
	if got := told(hole(c, wire.ToClient, 3, 6)); got != `> "abc" | < "ans" | > "de" | > eof | < lost 3` {
		t.Errorf("at the end: %s", got)
	}
}

// told is what a connection has in it, in one line.
func told(c transcript.Conn) string {
	var all []string
	for _, ch := range c.Chunks {
		s := []string{"><"[ch.Dir : ch.Dir+1]}
		if ch.Lost != 0 {
			s = append(s, fmt.Sprint("lost ", ch.Lost))
		}
		if len(ch.Data) > 0 {
			s = append(s, fmt.Sprintf("%q", ch.Data))
		}
		if ch.EOF {
			s = append(s, "eof")
		}
		all = append(all, strings.Join(s, " "))
	}
	return strings.Join(all, " | ")
}

// holder is a tap that holds as much as it is told.
type holder struct {
	wire.Taps
	seen, most int
	lost       bool
	runs       *int
}

func (h *holder) Chunk(c wire.Chunk) {
	h.seen += len(c.Data)
	h.lost = h.lost || c.Lost > 0
}

func (h *holder) End(time.Time, error) { *h.runs++ }

// TestRanges plays every range once, goes on behind it, and looks at what is held all
// the time.
func TestRanges(t *testing.T) {
	c := parse(t, "> \"abc\"\n< +1ms \"answer\"\n")
	runs := 0
	newTap := func(*wire.Conn, func(wire.Event)) wire.Tap { return &holder{runs: &runs} }
	Ranges(t, c, newTap, func(tap wire.Tap) int {
		h := tap.(*holder)
		h.most = max(h.most, h.seen)
		if h.seen > 4*8192+8 || !h.lost && h.seen >= 9 {
			t.Errorf("%d bytes were played, lost: %t", h.seen, h.lost)
		}
		return 0
	}, 0)
	if runs != 6+21 {
		t.Errorf("%d ranges of 3 and of 6 bytes", runs)
	}
	s := &spy{TB: t}
	Ranges(s, c, newTap, func(tap wire.Tap) int { return tap.(*holder).seen }, 4*8192+1)
	if want := []string{"without the bytes 0 to 1 to_server: too much is held"}; !reflect.DeepEqual(s.errors, want) {
		t.Errorf("got %q, want %q", s.errors, want)
	}
	s = &spy{TB: t}
	Ranges(s, c, newTap, func(tap wire.Tap) int { return tap.(*holder).seen }, 4*8192+8)
	if len(s.errors) > 0 {
		t.Errorf("got %q", s.errors)
	}
	runs = 0
	long := parse(t, "> \""+strings.Repeat("x", 200)+"\"\n") // of 20,100 ranges
	Ranges(t, long, newTap, func(wire.Tap) int { return 0 }, 0)
	step := 1 + 20_000/1_000
	if testing.Short() {
		step = 1 + 20_000/100
	}
	if runs != 20_100/step {
		t.Errorf("%d ranges of 200 bytes", runs)
	}
}

// TestLost plays without each chunk that has bytes, their number known and not.
func TestLost(t *testing.T) {
	var all []string
	newTap := func(*wire.Conn, func(wire.Event)) wire.Tap { return &losses{all: &all} }
	Loss(t, parse(t, "> \"abc\"\n< +1ms \"answer\"\n< +1ms eof\n"), newTap)
	if want := []string{"3 answer", "-1 answer", "6 abc", "-1 abc"}; !reflect.DeepEqual(all, want) {
		t.Errorf("got %q, want %q", all, want)
	}
}

// losses is a tap that notes how much is lost of a connection, and what is there.
type losses struct {
	all  *[]string
	lost int
	text string
}

func (l *losses) Chunk(c wire.Chunk) { l.lost, l.text = l.lost+c.Lost, l.text+string(c.Data) }

func (l *losses) End(time.Time, error) { *l.all = append(*l.all, fmt.Sprint(l.lost, " ", l.text)) }

// TestDiff shows three lines before the first that differs, and three of each side.
func TestDiff(t *testing.T) {
	const head = "- as recorded, + with the cuts\n"
	for _, test := range []struct{ want, got, diff string }{
		{"1\n2\n3\n4\n5\n6\n7\n8\n9", "1\n2\n3\n4\nx\n6\n7\n8\n9", "  2\n  3\n  4\n- 5\n- 6\n- 7\n+ x\n+ 6\n+ 7\n"},
		{"1\n2", "1", "  1\n- 2\n"},
		{"1", "1\n2\n3", "  1\n+ 2\n+ 3\n"},
		{"a", "b", "- a\n+ b\n"},
	} {
		if got := diff(test.want, test.got); got != head+test.diff {
			t.Errorf("%q, %q: got\n%s", test.want, test.got, got)
		}
	}
}

// TestWhere shows what is around a cut, of some cuts.
func TestWhere(t *testing.T) {
	r := runner{conn: parse(t, "> \"0123456789012345678901234567890123456789abc\"\n< +1ms \"answer\"\n")}
	for _, test := range []struct {
		cuts []int
		want string
	}{
		{nil, ""},
		{[]int{22}, "  chunk 0 to_server byte 22: …\"23456789012345678901\" | \"234567890123456789ab\"…\n"},
		{[]int{3, 41}, "  chunk 0 to_server byte 3: …\"012\" | \"34567890123456789012\"…\n  chunk 0 to_server byte 41: …\"1234567890123456789a\" | \"bc\"…\n"},
		{[]int{43, 44}, "  chunk 1 to_client byte 0: …\"\" | \"answer\"…\n  chunk 1 to_client byte 1: …\"a\" | \"nswer\"…\n"},
		{[]int{45, 46, 47, 48, 1, 2}, "  chunk 1 to_client byte 2: …\"an\" | \"swer\"…\n  chunk 1 to_client byte 3: …\"ans\" | \"wer\"…\n" +
			"  chunk 1 to_client byte 4: …\"answ\" | \"er\"…\n  chunk 1 to_client byte 5: …\"answe\" | \"r\"…\n  … and 2 more cuts\n"},
	} {
		if got := r.where(test.cuts); got != test.want {
			t.Errorf("%d: got\n%swant\n%s", test.cuts, got, test.want)
		}
	}
}

// TestMergeStreams: what differs in anything but its bytes is not of one piece.
func TestMergeStreams(t *testing.T) {
	start := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	one, other := &wire.Conn{ID: 1}, &wire.Conn{ID: 2}
	m := func(c *wire.Conn, exchange int, dir wire.Dir, kind wire.Kind, at int) *wire.Message {
		when := start.Add(time.Duration(at) * time.Second)
		return &wire.Message{Meta: wire.Meta{Conn: c, Exchange: exchange, Dir: dir, Off: int64(at), Start: when, End: when}, Kind: kind, Data: []byte{byte('a' + at)}, Size: 2}
	}
	for _, kind := range []wire.Kind{wire.KindRaw, wire.KindText, wire.KindTerminal, wire.KindStdin} {
		got := Merge([]wire.Event{m(one, 1, 0, kind, 0), m(one, 1, 0, kind, 1), m(one, 1, 0, kind, 2), m(other, 1, 0, kind, 3), m(other, 2, 0, kind, 4), m(other, 2, 1, kind, 5),
			m(other, 2, 1, wire.KindStdout, 6), m(other, 2, 1, wire.KindStdout, 7)})
		if len(got) != 6 {
			t.Errorf("%v: %d events", kind, len(got))
		}
		if first := got[0].(*wire.Message); string(first.Data) != "abc" || first.Size != 6 || first.Off != 0 || !first.Start.Equal(start) || !first.End.Equal(start.Add(2*time.Second)) {
			t.Errorf("%v: %+v", kind, first)
		}
	}
	if got := Merge([]wire.Event{m(one, 1, 0, wire.KindRaw, 0), m(one, 1, 0, wire.KindText, 1)}); len(got) != 2 {
		t.Errorf("two kinds became one: %d", len(got))
	}
	named, cut, masked := m(one, 1, 0, wire.KindRaw, 1), m(one, 1, 0, wire.KindRaw, 1), m(one, 1, 0, wire.KindRaw, 0)
	named.Name, cut.Truncated, cut.Masked, masked.Masked = "n", true, []string{"a", "b"}, []string{"b"}
	if got := Merge([]wire.Event{m(one, 1, 0, wire.KindRaw, 0), named}); len(got) != 2 {
		t.Errorf("two names became one: %d", len(got))
	}
	for _, in := range [][]wire.Event{{masked, cut, masked}, {masked, cut, cut}} {
		got := Merge(in)
		if first := got[0].(*wire.Message); len(got) != 1 || !first.Truncated || !reflect.DeepEqual(first.Masked, []string{"b", "a"}) || masked.Truncated || len(masked.Masked) != 1 {
			t.Errorf("%d, %+v", len(got), first)
		}
	}
}

// TestRandomCuts are the same for a seed, rise, and are within the bytes.
func TestRandomCuts(t *testing.T) {
	distances := map[int]bool{}
	for seed := range uint64(200) {
		cuts := randomCuts([]int{}, 10_000, seed)
		last, longest := 0, 0
		for _, c := range cuts {
			if c <= last || c >= 10_000 {
				t.Fatalf("seed %d: %d behind %d", seed, c, last)
			}
			longest, last = max(longest, c-last), c
		}
		if longest > 2<<11 {
			t.Errorf("seed %d: nothing is cut for %d bytes", seed, longest)
		}
		distances[longest] = true
		if !reflect.DeepEqual(cuts, randomCuts([]int{}, 10_000, seed)) {
			t.Errorf("seed %d: other cuts", seed)
		}
	}
	if len(distances) < 20 {
		t.Errorf("all are alike: %v", distances)
	}
	if cuts := randomCuts(nil, 1, 0); len(cuts) > 0 {
		t.Errorf("one byte is cut at %d", cuts)
	}
}

// TestCutLong cuts long connections less often, and stops when it is told to.
func TestCutLong(t *testing.T) {
	for size, want := range map[int]map[string]int{
		0:       {"byte by byte": 1, "random, seed ": 100},
		200:     {"byte by byte": 1, "one cut": 199, "two cuts": 199 * 198 / 2, "random, seed ": 100},
		201:     {"byte by byte": 1, "one cut": 200, "random, seed ": 100},
		100_000: {"byte by byte": 1},
	} {
		if size == 100_000 {
			want["one cut"] = (size - 2 + 1 + size*size/fed()) / (1 + size*size/fed())
			want["random, seed "] = min(100, 1+4*fed()/size)
		}
		got := map[string]int{}
		cutAll(size, func(how string, _ []int) bool {
			got[strings.TrimRight(how, "0123456789")]++
			return true
		})
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%d bytes: %v, want %v", size, got, want)
		}
	}
	for stop := 1; stop < 60; stop++ {
		n := 0
		cutAll(8, func(string, []int) bool { n++; return n < stop })
		if n != stop {
			t.Errorf("told to stop at %d, it went on to %d", stop, n)
		}
	}
}

// fatal is a testing.TB that ends at the first failure.
type fatal struct{ testing.TB }

func (fatal) Helper()                   {}
func (fatal) Fatal(a ...any)            { panic(errors.New(fmt.Sprint(a...))) }
func (fatal) Fatalf(f string, a ...any) { panic(fmt.Errorf(f, a...)) }

// TestLoad loads transcripts by their names, and fails where there are none, or
// others.
func TestLoad(t *testing.T) {
	all := Captures(t)
	if len(all) < 5 {
		t.Errorf("only %d captures", len(all))
	}
	for i, c := range all {
		if c.Name == "" || strings.ContainsAny(c.Name, "./") || len(c.Conns) == 0 || i > 0 && all[i-1].Name >= c.Name {
			t.Errorf("%q has %d connections", c.Name, len(c.Conns))
		}
	}
	for pattern, want := range map[string]string{filepath.Join(t.TempDir(), "*.txt"): "no transcripts match ", "[": "no transcripts match [: syntax error in pattern", "*.go": ""} {
		func() {
			defer func() {
				if err, ok := recover().(error); !ok || !strings.HasPrefix(err.Error(), want) {
					t.Errorf("%s: %v", pattern, err)
				}
			}()
			Load(fatal{t}, pattern)
		}()
	}
}
