package har_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/socktrace/socktrace/har"
	"github.com/socktrace/socktrace/internal/need"
	"github.com/socktrace/socktrace/wire"
)

// create returns a Writer of a new file.
func create(t testing.TB, name string, o har.Options) (*recorder, string) {
	t.Helper()
	name = tempName(t, name)
	w, err := har.Create(name, o)
	if err != nil {
		t.Fatal(err)
	}
	return behindBook(t, w), name
}

// content returns the document in a file, which must be whole.
func content(t testing.TB, name string) []byte {
	t.Helper()
	b := readFile(t, name)
	if strings.HasSuffix(name, ".gz") {
		z, err := gzip.NewReader(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		if b, err = io.ReadAll(z); err != nil {
			t.Fatal(err)
		}
	}
	if !json.Valid(b) {
		t.Fatalf("%s is not valid JSON:\n%s", name, clip(b))
	}
	return b
}

// TestAlwaysWhole checks that a file is a whole document after every event, and
// has every exchange that has ended.
func TestAlwaysWhole(t *testing.T) {
	for _, name := range []string{"session.har", "session.har.gz"} {
		for _, s := range sessions(t, 1<<20) {
			if s.name != "run" && s.name != "pipelining" && s.name != "version" {
				continue
			}
			t.Run(name+"/"+s.name, func(t *testing.T) {
				w, file := create(t, name, har.Options{})
				content(t, file)
				done := 0
				for i, ev := range s.events {
					send(t, w, []wire.Event{ev})
					if i%3 == 0 {
						w.Refresh() // long exchanges come and go
					}
					if _, ok := ev.(*wire.Exchange); ok {
						done++
					}
					doc := content(t, file)
					checkRules(t, doc)
					ended := 0
					for _, x := range exchanges(read(t, doc)) {
						if x.State != wire.StateOpen {
							ended++
						}
					}
					if ended != done {
						t.Fatalf("event %d: %d exchanges are in the file, want %d", i, ended, done)
					}
				}
				if err := w.Close(); err != nil {
					t.Fatal(err)
				}
				sameExchanges(t, read(t, content(t, file)), s.events)
			})
		}
	}
}

func TestFileIsPrivate(t *testing.T) {
	if runtime.GOOS == "windows" {
		need.Skip(t, "modes", "there are none here")
	}
	name := tempName(t, "session.har")
	if err := os.WriteFile(name, bytes.Repeat([]byte("old "), 1000), 0o666); err != nil {
		t.Fatal(err)
	}
	w, err := har.Create(name, har.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(name)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	checkRules(t, content(t, name))
	if !errors.Is(w.Close(), os.ErrClosed) || !errors.Is(w.Event(&wire.Open{Meta: wire.Meta{Conn: dockerConn(1)}}, nil), os.ErrClosed) {
		t.Error("a closed Writer may be used")
	}
	if _, err := har.Create(filepath.Join(name, "x.har"), har.Options{}); err == nil || !strings.Contains(err.Error(), "x.har") {
		t.Errorf("error does not name the file: %v", err)
	}
}

func TestRotation(t *testing.T) {
	for _, name := range []string{"session.har", "session.har.gz", "session"} {
		t.Run(name, func(t *testing.T) {
			const most = 20_000
			w, file := create(t, name, har.Options{MaxSize: most})
			conn := dockerConn(1)
			const n = 200
			for i := range n {
				send(t, w, exchangeEvents(conn, i+1))
			}
			// One that is open all the time moves to the last file.
			send(t, w, exchangeEvents(dockerConn(2), 1)[:2])
			w.Refresh()
			w.Refresh()
			if err := w.Close(); err != nil {
				t.Fatal(err)
			}
			files := w.Files()
			if len(files) < 3 || files[0] != file {
				t.Fatalf("files: %q", files)
			}
			ext := strings.TrimPrefix(name, "session")
			if want := filepath.Join(filepath.Dir(file), "session.2"+ext); files[1] != want {
				t.Errorf("second file %s, want %s", files[1], want)
			}
			next := 1
			for _, f := range files {
				if info, err := os.Stat(f); err != nil || info.Size() > most {
					t.Errorf("%s: %d bytes, %v", f, info.Size(), err)
				}
				doc := content(t, f)
				checkRules(t, doc)
				for _, x := range exchanges(read(t, doc)) {
					if x.Conn.ID == 1 && x.Exchange != next {
						t.Fatalf("%s: exchange %d, want %d", f, x.Exchange, next)
					}
					next++
				}
			}
			if next != n+2 || w.Entries() != n+1 {
				t.Errorf("%d exchanges in the files, %d entries", next-1, w.Entries())
			}
		})
	}
}

// TestOpenExchange checks that a long exchange is in the file while it runs,
// once, and in as few entries as possible.
func TestOpenExchange(t *testing.T) {
	for _, name := range []string{"session.har", "session.har.gz"} {
		t.Run(name, func(t *testing.T) {
			w, file := create(t, name, har.Options{})
			conn := dockerConn(1)
			evs := exchangeEvents(conn, 1)
			q, p, x := evs[0].(*wire.Request), evs[3].(*wire.Response), evs[6].(*wire.Exchange)
			x.RequestBody, x.ResponseBody = nil, nil
			p.Fields = nil
			frame := func(n int, data string) *wire.Message {
				x.Streams[wire.KindStdout].Frames++
				x.Streams[wire.KindStdout].Bytes += int64(len(data))
				x.End = x.End.Add(time.Second)
				return &wire.Message{Meta: wire.Meta{Conn: conn, Exchange: 1, Dir: wire.ToClient, Off: int64(n * 100), Start: x.End, End: x.End},
					Kind: wire.KindStdout, Index: n, Data: []byte(data), Size: int64(len(data))}
			}
			send(t, w, []wire.Event{q, p, &wire.Upgrade{Meta: p.Meta, Protocol: "tcp"}, frame(0, "one")})
			w.Refresh()
			if got := exchanges(read(t, content(t, file))); len(got) != 0 {
				t.Fatalf("%d exchanges in the file at once", len(got))
			}
			for i := 1; i < 4; i++ {
				w.Refresh()
				got := read(t, content(t, file))
				if all := exchanges(got); len(all) != 1 || all[0].State != wire.StateOpen || all[0].Streams != x.Streams {
					t.Fatalf("exchanges in the file: %+v", all)
				}
				if n := strings.Count(contents(got), "stdout"); n != i {
					t.Errorf("%d messages in the file, want %d", n, i)
				}
				send(t, w, []wire.Event{frame(i, "more")})
			}
			x.Upgrade = &wire.Upgrade{Meta: p.Meta, Protocol: "tcp"}
			send(t, w, []wire.Event{x})
			got := read(t, content(t, file))
			if all := exchanges(got); len(all) != 1 || all[0].State != wire.StateDone {
				t.Fatalf("exchanges in the file: %+v", all)
			}
			sameExchanges(t, got, []wire.Event{x})
			if n := len(parse(t, content(t, file)).Log.Entries); n != 1 {
				t.Errorf("%d entries", n)
			}
		})
	}
}

// TestParts checks that a stream longer than memory may hold comes back whole.
func TestParts(t *testing.T) {
	w, file := create(t, "session.har", har.Options{})
	conn := dockerConn(1)
	evs := exchangeEvents(conn, 1)
	q, p, x := evs[0].(*wire.Request), evs[3].(*wire.Response), evs[6].(*wire.Exchange)
	x.RequestBody, x.ResponseBody = nil, nil
	x.Upgrade = &wire.Upgrade{Meta: p.Meta, Protocol: "tcp", Content: wire.KindTerminal, Reason: "tty"}
	recorded := []wire.Event{q, p, x.Upgrade}
	send(t, w, recorded)
	for i := range 5000 {
		data := fmt.Appendf(nil, "%05d %s\x80", i, strings.Repeat("x", 1000))
		m := &wire.Message{Meta: wire.Meta{Conn: conn, Exchange: 1, Dir: wire.ToClient, Off: int64(300 + i*len(data)), Start: x.End, End: x.End},
			Kind: wire.KindTerminal, Index: i, Data: data, Size: int64(len(data))}
		x.Streams[wire.KindTerminal].Frames++
		x.Streams[wire.KindTerminal].Bytes += m.Size
		x.End = x.End.Add(time.Millisecond)
		recorded = append(recorded, m)
		send(t, w, []wire.Event{m})
		if i == 3000 {
			w.Refresh()
			w.Refresh()
			w.Refresh()
		}
	}
	open := read(t, content(t, file))
	if all := exchanges(open); len(all) != 1 || all[0].State != wire.StateOpen {
		t.Errorf("before its end: %d exchanges", len(all))
	}
	recorded = append(recorded, x)
	send(t, w, []wire.Event{x})
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	doc := content(t, file)
	checkRules(t, doc)
	got := read(t, doc)
	sameExchanges(t, got, recorded)
	if contents(got) != contents(recorded) {
		t.Error("messages are not the same")
	}
	if n := len(parse(t, doc).Log.Entries); n < 5 || n > 8 {
		t.Errorf("%d parts of 5 MB", n)
	}
}

// TestManyOpen checks that what is written again and again stays small.
func TestManyOpen(t *testing.T) {
	w, file := create(t, "session.har", har.Options{})
	for i := range 500 {
		evs := exchangeEvents(dockerConn(i+1), 1)
		send(t, w, append([]wire.Event{&wire.Open{Meta: *evs[0].EventMeta()}}, evs[:4]...))
	}
	w.Refresh()
	w.Refresh()
	doc := content(t, file)
	checkRules(t, doc)
	n := len(exchanges(read(t, doc)))
	if size := len(bytes.ReplaceAll(doc, []byte(" "), nil)); n < 20 || size > 120_000 {
		t.Errorf("%d exchanges in %d bytes", n, size)
	}
	send(t, w, exchangeEvents(dockerConn(501), 1))
	if got := len(exchanges(read(t, content(t, file)))); got != n+1 {
		t.Errorf("%d exchanges after one more, want %d", got, n+1)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	doc = content(t, file)
	checkRules(t, doc)
	if n := len(exchanges(read(t, doc))); n != 501 {
		t.Errorf("%d exchanges at the end", n)
	}
	h := parse(t, doc)
	if n := len(h.Log.Pages); n != 256 {
		t.Errorf("%d pages", n)
	}
	if last := h.Log.Pages[255].Title; last != "more clients" {
		t.Errorf("last page %q", last)
	}
}

// TestOutside checks that bytes which are no HTTP are recorded too.
func TestOutside(t *testing.T) {
	conn := dockerConn(1)
	meta := wire.Meta{Conn: conn, Dir: wire.ToServer, Start: t0, End: t0}
	evs := []wire.Event{
		&wire.Open{Meta: meta},
		&wire.Anomaly{Meta: meta, Code: "not-http", Detail: "begins with \"\xff\""},
		&wire.Message{Meta: meta, Kind: wire.KindRaw, Data: []byte("\x16\x03\x01"), Size: 3},
		&wire.Close{Meta: meta, Bytes: [2]int64{3, 7}, Err: "connection reset by peer"},
	}
	doc := record(t, evs, har.Options{})
	checkRules(t, doc)
	got := read(t, doc)
	if len(got) != 4 {
		t.Fatalf("%d events", len(got))
	}
	a, ok := got[2].(*wire.Anomaly)
	if m, ok2 := got[1].(*wire.Message); !ok || !ok2 || a.Detail != "begins with \"\xff\"" || string(m.Data) != "\x16\x03\x01" {
		t.Errorf("read %+v, %+v", got[1], got[2])
	}
	if c := got[3].(*wire.Close); c.Bytes != [2]int64{3, 7} || c.Err != "connection reset by peer" {
		t.Errorf("close: %+v", c)
	}
}

func TestConcurrent(t *testing.T) {
	for _, name := range []string{"session.har", "session.har.gz"} {
		t.Run(name, func(t *testing.T) {
			w, file := create(t, name, har.Options{MaxSize: 100_000})
			const conns, each = 20, 30
			var wg sync.WaitGroup
			for id := range conns {
				wg.Go(func() {
					c := dockerConn(id + 1)
					meta := wire.Meta{Conn: c, Start: t0, End: t0}
					w.give(&wire.Open{Meta: meta})
					for n := range each {
						for _, ev := range exchangeEvents(c, n+1) {
							if err := w.give(ev); err != nil {
								t.Error(err)
							}
						}
						w.Refresh()
					}
					w.give(&wire.Close{Meta: meta})
				})
			}
			wg.Wait()
			if err := w.Close(); err != nil {
				t.Fatal(err)
			}
			n := 0
			for _, f := range w.Files() {
				doc := content(t, f)
				checkRules(t, doc)
				n += len(exchanges(read(t, doc)))
			}
			if n != conns*each || w.Entries() != conns*each {
				t.Errorf("%d exchanges in %s, %d entries, want %d", n, file, w.Entries(), conns*each)
			}
		})
	}
}

// TestConstantMemory checks that memory does not grow with what was recorded.
func TestConstantMemory(t *testing.T) {
	n := 100_000
	if testing.Short() {
		n = 3_000
	}
	w, _ := create(t, "session.har", har.Options{})
	heap := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	var before uint64
	for i := range n {
		if i == n/10 {
			before = heap()
		}
		// Every exchange has a connection and a process of its own.
		c := dockerConn(i + 1)
		meta := wire.Meta{Conn: c, Start: t0, End: t0}
		send(t, w, []wire.Event{&wire.Open{Meta: meta}})
		send(t, w, exchangeEvents(c, 1))
		send(t, w, []wire.Event{&wire.Close{Meta: meta}})
	}
	if after := heap(); after > before+1<<20 {
		t.Errorf("memory grew from %d to %d bytes", before, after)
	}
}

// failing is a writer that fails.
type failing struct{ left int }

var errFull = errors.New("no space left")

func (f *failing) Write(b []byte) (int, error) {
	if f.left -= len(b); f.left < 0 {
		return 0, errFull
	}
	return len(b), nil
}

func TestErrors(t *testing.T) {
	w := har.NewWriter(&failing{left: 3000}, har.Options{})
	var err error
	for i := 0; i < 10 && err == nil; i++ {
		evs := exchangeEvents(dockerConn(1), i+1)
		for _, ev := range evs {
			err = w.Event(ev, evs[len(evs)-1].(*wire.Exchange))
		}
	}
	if !errors.Is(err, errFull) || !strings.HasPrefix(err.Error(), "har: ") {
		t.Errorf("Event: %v", err)
	}
	if err := w.Close(); err != nil {
		t.Errorf("an error that Event has told, again: %v", err)
	}
	w = har.NewWriter(&failing{}, har.Options{})
	if err := w.Close(); !errors.Is(err, errFull) {
		t.Errorf("Close: %v", err)
	}
}
