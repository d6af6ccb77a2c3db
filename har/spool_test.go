package har_test

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/socktrace/socktrace/har"
	"github.com/socktrace/socktrace/internal/spool"
	"github.com/socktrace/socktrace/wire"
)

// disk is one that may hang.
type disk struct {
	mu    sync.Mutex
	moves sync.Cond
	hangs bool
	held  int
}

func newDisk() *disk {
	d := new(disk)
	d.moves.L = &d.mu
	return d
}

func (d *disk) wait() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.held++
	for d.hangs {
		d.moves.Wait()
	}
	d.held--
}

func (d *disk) set(hangs bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.hangs = hangs
	d.moves.Broadcast()
}

func (d *disk) isHeld() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.held > 0
}

func await(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); !ok(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%s: not within 30 s", what)
		}
	}
}

// hang has the disk of w hang, and a connection be held by that.
func (d *disk) hang(t *testing.T, w *recorder, c *wire.Conn) *sync.WaitGroup {
	t.Helper()
	d.set(true)
	var held sync.WaitGroup
	held.Go(func() {
		for _, ev := range exchangeEvents(c, 1) {
			w.give(ev) // fails if w is closed meanwhile
		}
	})
	await(t, "a write that hangs", d.isHeld)
	return &held
}

// TestFileHangs has the disk hang within the entry of one connection: the events
// of others are taken, and all is there when the disk moves again.
func TestFileHangs(t *testing.T) {
	for _, name := range []string{"session.har", "session.har.gz"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, file := create(t, name, har.Options{Spool: 64 << 20})
			d := newDisk()
			w.Slow(d.wait)
			others := []*wire.Conn{dockerConn(2), dockerConn(3)}
			logs := exchangeEvents(others[1], 1)
			send(t, w, logs[:2]) // one that stays open
			w.Refresh()
			w.Refresh() // it is in the tail now
			held := d.hang(t, w, dockerConn(1))
			for n := range 200 {
				send(t, w, exchangeEvents(others[0], n+1))
			}
			send(t, w, logs[2:])
			w.Refresh()
			if !w.Behind() {
				t.Error("it is not behind")
			}
			d.set(false)
			held.Wait()
			await(t, "the file", func() bool { return !w.Behind() })
			send(t, w, exchangeEvents(others[0], 201))
			await(t, "the last entry", func() bool { return len(exchanges(read(t, content(t, file)))) == 203 })
			if err := w.Close(); err != nil {
				t.Fatal(err)
			}
			doc := content(t, file)
			checkRules(t, doc)
			inOrder(t, read(t, doc))
			if n, _ := w.LeftOut(); n != 0 || w.Entries() != 203 {
				t.Errorf("%d left out, %d entries", n, w.Entries())
			}
		})
	}
}

// inOrder checks that the exchanges of each connection come in order.
func inOrder(t *testing.T, evs []wire.Event) {
	t.Helper()
	next := make(map[int]int)
	for _, x := range exchanges(evs) {
		if next[x.Conn.ID]++; x.Exchange != next[x.Conn.ID] || x.State != wire.StateDone {
			t.Fatalf("connection %d: exchange %d is %v, want %d", x.Conn.ID, x.Exchange, x.State, next[x.Conn.ID])
		}
	}
}

// TestLeftOut has more come than may wait. What was left out is counted, and an
// entry stands in its place, which importers take and Read tells.
func TestLeftOut(t *testing.T) {
	w, file := create(t, "session.har", har.Options{Spool: 20_000})
	d := newDisk()
	w.Slow(d.wait)
	held := d.hang(t, w, dockerConn(1))
	other := dockerConn(2)
	for n := range 100 {
		send(t, w, exchangeEvents(other, n+1))
	}
	d.set(false)
	held.Wait()
	await(t, "the file", func() bool { return !w.Behind() })
	send(t, w, exchangeEvents(other, 101))
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	lost, bytes := w.LeftOut()
	doc := content(t, file)
	checkRules(t, doc)
	last, gap := 0, new(wire.Dropped)
	for _, ev := range read(t, doc) {
		switch ev := ev.(type) {
		case *wire.Exchange:
			if ev.Conn.ID != 2 {
				continue
			}
			if want := last + 1 + int(gap.Events); ev.Exchange != want {
				t.Fatalf("exchange %d behind %d and a gap of %d", ev.Exchange, last, gap.Events)
			}
			last, gap = ev.Exchange, new(wire.Dropped)
		case *wire.Dropped:
			gap = ev
			if ev.Events != lost || ev.Bytes != bytes || time.Since(ev.End) > time.Hour {
				t.Errorf("the gap says %d with %d bytes, at %v; the Writer %d with %d", ev.Events, ev.Bytes, ev.End, lost, bytes)
			}
		}
	}
	if got := w.Entries(); got+lost != 102 {
		t.Errorf("%d entries, %d left out", got, lost)
	}
	if last != 101 || lost < 50 || bytes < 1000*lost {
		t.Errorf("the last is %d; %d with %d bytes were left out", last, lost, bytes)
	}
	comment := fmt.Sprintf(`"comment":"%d entries with %d bytes were left out here: the output was too slow"`, lost, bytes)
	if strings.Count(string(doc), comment) != 1 {
		t.Errorf("no entry says %s", comment)
	}
	if again := record(t, read(t, doc), har.Options{}); !strings.Contains(string(again), comment) {
		t.Error("a copy of the recording does not tell of the gap")
	}
}

// TestGapRead has gaps of recordings of either kind recorded again: each is told
// as it was, but that a recording tells of it now.
func TestGapRead(t *testing.T) {
	for _, entries := range []bool{false, true} {
		gap := wire.Dropped{Meta: wire.Meta{Start: t0, End: t0}, Events: 3, Bytes: 9, Recorded: true, Entries: entries}
		evs := read(t, record(t, []wire.Event{&gap}, har.Options{}))
		if len(evs) != 1 {
			t.Fatalf("%d events", len(evs))
		}
		got := *evs[0].(*wire.Dropped)
		if !got.End.Equal(t0.Truncate(time.Microsecond)) {
			t.Errorf("it is told at %v", got.End)
		}
		if got.Meta = gap.Meta; got != gap {
			t.Errorf("got %+v, want %+v", got, gap)
		}
	}
}

// TestPipeStalls records to a pipe that nobody reads: Event returns. Close gives
// up after a while.
func TestPipeStalls(t *testing.T) {
	r, p, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	defer p.Close()
	w := behindBook(t, har.NewWriter(p, har.Options{Spool: 1 << 20}))
	c := dockerConn(1)
	for n := range 2000 { // 4 MB
		send(t, w, exchangeEvents(c, n+1))
	}
	if err := w.Close(); !errors.Is(err, spool.ErrStalled) {
		t.Errorf("Close: %v", err)
	}
	if n, bytes := w.LeftOut(); n < 1000 || bytes < 1000*n {
		t.Errorf("%d entries with %d bytes were left out", n, bytes)
	}
}

// TestCloseHangs closes a Writer one of whose connections is held.
func TestCloseHangs(t *testing.T) {
	t.Parallel()
	w, _ := create(t, "session.har", har.Options{Spool: 1 << 20})
	d := newDisk()
	w.Slow(d.wait)
	held := d.hang(t, w, dockerConn(1))
	if err := w.Close(); !errors.Is(err, spool.ErrStalled) {
		t.Errorf("Close: %v", err)
	}
	d.set(false)
	held.Wait()
}

// TestHangsAtEnd has the disk hang when a Writer is closed that has entries to
// write then: of an exchange that is open, and of bytes outside of any.
func TestHangsAtEnd(t *testing.T) {
	t.Parallel()
	for name, evs := range map[string][]wire.Event{
		"exchange": exchangeEvents(dockerConn(1), 1)[:2],
		"outside":  {&wire.Anomaly{Meta: wire.Meta{Conn: dockerConn(1), Start: t0, End: t0}, Code: "not-http"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, _ := create(t, "session.har", har.Options{Spool: 1 << 20})
			d := newDisk()
			w.Slow(d.wait)
			send(t, w, evs)
			d.set(true)
			if err := w.Close(); !errors.Is(err, spool.ErrStalled) {
				t.Errorf("Close: %v", err)
			}
			d.set(false)
		})
	}
}

// TestManyWait has the entries of many connections wait for the disk: those that
// are not being made yet must take no memory.
func TestManyWait(t *testing.T) {
	w, err := har.Create(tempName(t, "x.har"), har.Options{Body: 1 << 20})
	if err != nil {
		t.Fatal(err)
	}
	d, rec := newDisk(), behindBook(t, w)
	w.Slow(d.wait)
	var buffers atomic.Int32
	w.CountBuffers(&buffers)
	d.set(true)
	var all sync.WaitGroup
	for id := range 10 * har.MaxWriting {
		all.Go(func() {
			for _, ev := range exchangeEvents(&wire.Conn{ID: id + 1, Start: t0}, 1) {
				rec.give(ev)
			}
		})
	}
	await(t, "a write", d.isHeld)
	time.Sleep(100 * time.Millisecond) // all would be there by now
	if n := buffers.Load(); n > har.MaxWriting {
		t.Errorf("%d entries are made at once, want %d", n, har.MaxWriting)
	}
	d.set(false)
	all.Wait()
	if err := w.Close(); err != nil {
		t.Error(err)
	}
}
