package otlp

import (
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/socktrace/socktrace/internal/need"
)

// spooling returns an Exporter with a spool in a folder.
func spooling(t testing.TB, addr, dir string, size int64, o Options, env map[string]string) *Exporter {
	t.Helper()
	warn := o.Warn
	if warn == nil {
		warn = func(error) {}
	}
	var err error
	if o.Spool, err = OpenSpool(dir, size, warn); err != nil {
		t.Fatal(err)
	}
	return exporterTo(t, addr, o, env)
}

// until waits until something is so.
func until(t testing.TB, what string, is func() bool) {
	t.Helper()
	for end := time.Now().Add(long); !is(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("waited in vain: %s", what)
		}
	}
}

// spoolFiles returns how many requests are in a folder.
func spoolFiles(t testing.TB, dir string) int {
	t.Helper()
	all, err := filepath.Glob(filepath.Join(dir, "*.gz"))
	if err != nil {
		t.Fatal(err)
	}
	return len(all)
}

// addKept adds spans with numbers, and waits until they are on disk, some at a time.
func addKept(t testing.TB, e *Exporter, from, to int) (names []string) {
	t.Helper()
	before := e.Counts(Traces)
	for i := from; i < to; i++ {
		names = append(names, fmt.Sprint("span ", i))
		e.Span(spanNamed(names[len(names)-1]))
		if n := len(names); n%maxItems == 0 || i == to-1 {
			until(t, "spans are on disk", func() bool {
				c := e.Counts(Traces)
				return c.Kept+c.Dropped-before.Kept-before.Dropped == int64(n)
			})
		}
	}
	return names
}

// listenAt has a collector be at a socket, too.
func listenAt(t testing.TB, c *collector, path string) {
	t.Helper()
	l, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go http.Serve(l, c.Config.Handler)
}

// TestSpoolAway: while the collector is away what comes is on disk, and what of it is there
// when it comes is sent, once and in order, with what comes then behind it.
func TestSpoolAway(t *testing.T) {
	dir, path := t.TempDir(), filepath.Join(t.TempDir(), "s")
	var says told
	e := spooling(t, "unix://"+path, dir, 1<<30, Options{Warn: says.warn}, nil)
	want := addKept(t, e, 0, 3*maxItems+7)
	equal(t, "files", spoolFiles(t, dir), 4)
	c := newCollector(t, status(200))
	listenAt(t, c, path)
	<-c.got
	for i := range 2 * maxItems {
		want = append(want, fmt.Sprint("later ", i))
		e.Span(spanNamed(want[len(want)-1]))
	}
	until(t, "all are sent", func() bool { return e.Counts(Traces).Sent == int64(len(want)) })
	e.Close(long)
	equal(t, "counts", e.Counts(Traces), Counts{Sent: int64(len(want))})
	if got := c.names(); !slices.Equal(got, want) {
		t.Errorf("got %d spans, want %d; or another order", len(got), len(want))
	}
	equal(t, "files", spoolFiles(t, dir), 0)
	if len(says.all) != 2 || !strings.Contains(says.all[0], "; what comes is kept on disk, and it is tried again") || !strings.Contains(says.all[1], "taken again") {
		t.Errorf("told %q", says.all)
	}
}

// TestSpoolRestart: what could not be sent is sent by the next one, before its own.
func TestSpoolRestart(t *testing.T) {
	dir, path := t.TempDir(), filepath.Join(t.TempDir(), "s")
	var want []string
	for round := range 3 {
		e := spooling(t, "unix://"+path, dir, 1<<30, Options{}, nil)
		for i := range maxItems + 3 {
			want = append(want, fmt.Sprint("round ", round, " span ", i))
			e.Span(spanNamed(want[len(want)-1]))
		}
		e.Close(long) // which ends at once: a collector that is away is not waited for
		equal(t, "counts", e.Counts(Traces), Counts{Kept: int64(len(want))})
	}
	c := newCollector(t, status(200))
	listenAt(t, c, path)
	e := spooling(t, "unix://"+path, dir, 1<<30, Options{}, nil)
	want = append(want, "new")
	e.Span(spanNamed("new"))
	e.Close(long)
	equal(t, "counts", e.Counts(Traces), Counts{Sent: int64(len(want))})
	if got := c.names(); !slices.Equal(got, want) {
		t.Errorf("got %d spans, want %d; or another order", len(got), len(want))
	}
	equal(t, "requests", c.asked(), 7)
}

// TestSpoolOtherSignal: what was kept of a signal is sent also by one that makes none of it.
func TestSpoolOtherSignal(t *testing.T) {
	dir, path := t.TempDir(), filepath.Join(t.TempDir(), "s")
	e := spooling(t, "unix://"+path, dir, 1<<30, Options{Logs: true}, nil)
	e.Log(spanNamed("a log"))
	e.Close(long)
	equal(t, "counts", e.Counts(Logs), Counts{Kept: 1})
	c := newCollector(t, status(200))
	listenAt(t, c, path)
	e = spooling(t, "unix://"+path, dir, 1<<30, Options{}, nil)
	e.Close(long)
	equal(t, "counts", e.Counts(Logs), Counts{Sent: 1})
	equal(t, "path", c.requests[0].URL.Path, "/v1/logs")
}

// TestSpoolSlow: what comes while the collector is slow, and memory has no room for, is on
// disk; nothing is left out, and the order stays.
func TestSpoolSlow(t *testing.T) {
	release := make(chan struct{})
	dir, n := t.TempDir(), 0
	c := newCollector(t, func(w http.ResponseWriter, n int) int {
		if n == 0 {
			<-release
		}
		return 200
	})
	e := spooling(t, c.URL, dir, 1<<30, Options{Memory: 100_000}, nil)
	var want []string
	for range 25 {
		for range 200 {
			want = append(want, fmt.Sprint("span ", n))
			e.Span(spanNamed(want[n]))
			n++
		}
		until(t, "there is room", func() bool {
			l := e.lanes[Traces]
			l.mu.Lock()
			defer l.mu.Unlock()
			return l.bytes <= l.most*3/4
		})
	}
	if spoolFiles(t, dir) == 0 {
		t.Error("nothing is on disk")
	}
	close(release)
	e.Close(long)
	equal(t, "counts", e.Counts(Traces), Counts{Sent: int64(n)})
	if got := c.names(); !slices.Equal(got, want) {
		t.Errorf("got %d spans, want %d; or another order", len(got), len(want))
	}
}

// TestSpoolFirstFails: the request that was on its way when later ones went to disk, and was
// not taken, is before them.
func TestSpoolFirstFails(t *testing.T) {
	release := make(chan struct{})
	dir := t.TempDir()
	c := newCollector(t, func(w http.ResponseWriter, n int) int {
		if n == 0 {
			<-release
			w.WriteHeader(503)
			return 503
		}
		return 200
	})
	e := spooling(t, c.URL, dir, 1<<30, Options{Memory: 50_000}, nil)
	var want []string
	for i := range 800 {
		want = append(want, fmt.Sprint("span ", i))
		e.Span(spanNamed(want[i]))
	}
	until(t, "something is on disk", func() bool { return spoolFiles(t, dir) > 0 })
	close(release)
	until(t, "all are sent", func() bool { return e.Counts(Traces).Sent > 0 && spoolFiles(t, dir) == 0 })
	e.Close(long)
	equal(t, "counts", e.Counts(Traces), Counts{Sent: 800})
	if got := c.names(); !slices.Equal(got, want) {
		t.Errorf("another order: first %q", got[:2])
	}
}

// TestSpoolFull: when the disk is full the oldest goes, and is counted; the rest arrives.
func TestSpoolFull(t *testing.T) {
	dir, path := t.TempDir(), filepath.Join(t.TempDir(), "s")
	var says told
	e := spooling(t, "unix://"+path, dir, 64<<10, Options{Warn: says.warn}, nil)
	var want []string
	for i := range 20 {
		want = append(want, addKept(t, e, i*maxItems, (i+1)*maxItems)...)
	}
	counts := e.Counts(Traces)
	if counts.Kept == 0 || counts.Dropped == 0 || counts.Kept+counts.Dropped != int64(len(want)) {
		t.Fatalf("%+v of %d", counts, len(want))
	}
	c := newCollector(t, status(200))
	listenAt(t, c, path)
	until(t, "all are sent", func() bool { return e.Counts(Traces).Kept == 0 })
	e.Close(long)
	equal(t, "counts", e.Counts(Traces), Counts{Sent: counts.Kept, Dropped: counts.Dropped})
	got := c.names()
	equal(t, "arrived", int64(len(got)), counts.Kept)
	inOrder(t, got, want)
	equal(t, "the last", got[len(got)-1], want[len(want)-1])
	if n := strings.Count(strings.Join(says.all, "\n"), "is full: the oldest is left out"); n != 1 {
		t.Errorf("told %q", says.all)
	}
}

// TestSpoolRetryAfter: a collector that wants time gets it: one request, all else is kept,
// and the end does not wait.
func TestSpoolRetryAfter(t *testing.T) {
	dir := t.TempDir()
	c := newCollector(t, func(w http.ResponseWriter, _ int) int {
		w.Header().Set("Retry-After", "120")
		w.WriteHeader(429)
		return 429
	})
	e := spooling(t, c.URL, dir, 1<<30, Options{}, nil)
	addKept(t, e, 0, 5*maxItems)
	e.Close(long)
	equal(t, "counts", e.Counts(Traces), Counts{Kept: 5 * maxItems})
	equal(t, "requests", c.asked(), 1)
}

// TestSpoolRefused: what the collector will never take leaves the disk, and counts as
// rejected; so does what it rejects of a request.
func TestSpoolRefused(t *testing.T) {
	dir, path := t.TempDir(), filepath.Join(t.TempDir(), "s")
	e := spooling(t, "unix://"+path, dir, 1<<30, Options{}, nil)
	for i := range 4 {
		addKept(t, e, i*maxItems, (i+1)*maxItems)
	}
	c := newCollector(t, func(w http.ResponseWriter, n int) int {
		switch n {
		case 0:
			w.WriteHeader(400)
			return 400
		case 1:
			_, _ = w.Write([]byte{partialSuccess<<3 | 2, 2, partialRejected << 3, 9})
		}
		return 200
	})
	listenAt(t, c, path)
	until(t, "all are sent", func() bool { return e.Counts(Traces).Kept == 0 })
	e.Close(long)
	equal(t, "counts", e.Counts(Traces), Counts{Sent: 3*maxItems - 9, Rejected: maxItems + 9})
	equal(t, "requests", c.asked(), 4)
	equal(t, "files", spoolFiles(t, dir), 0)
}

// TestSpoolPlain: what is not to be compressed on its way is not.
func TestSpoolPlain(t *testing.T) {
	dir, path := t.TempDir(), filepath.Join(t.TempDir(), "s")
	env := map[string]string{"OTEL_EXPORTER_OTLP_COMPRESSION": "none"}
	e := spooling(t, "unix://"+path, dir, 1<<30, Options{}, env)
	want := addKept(t, e, 0, 10)
	c := newCollector(t, status(200))
	listenAt(t, c, path)
	until(t, "all are sent", func() bool { return e.Counts(Traces).Kept == 0 })
	want = append(want, "direct")
	e.Span(spanNamed("direct"))
	e.Close(long)
	if got := c.names(); !slices.Equal(got, want) || c.requests[0].Header.Get("Content-Encoding") != "" {
		t.Errorf("got %q", got)
	}
}

// TestSpoolNoDisk: a disk that takes nothing is told once; what memory has room for waits
// there, and comes in order with what was on disk before.
func TestSpoolNoDisk(t *testing.T) {
	dir, path := t.TempDir(), filepath.Join(t.TempDir(), "s")
	var says told
	e := spooling(t, "unix://"+path, dir, 1<<30, Options{Warn: says.warn}, nil)
	want := addKept(t, e, 0, 10)
	inTheWay := filepath.Join(dir, fmt.Sprintf("%016d-traces-%d.gz.new", e.spool.Reserve()+1, maxItems))
	if err := os.MkdirAll(filepath.Join(inTheWay, "full"), 0o700); err != nil {
		t.Fatal(err)
	}
	for i := range 3 * maxItems {
		want = append(want, fmt.Sprint("later ", i))
		e.Span(spanNamed(want[len(want)-1]))
	}
	until(t, "it was told", func() bool {
		says.mu.Lock()
		defer says.mu.Unlock()
		return strings.Contains(strings.Join(says.all, "\n"), "the spool: remove "+inTheWay)
	})
	c := newCollector(t, status(200))
	listenAt(t, c, path)
	until(t, "all are sent", func() bool { return e.Counts(Traces).Sent == int64(len(want)) })
	e.Close(long)
	equal(t, "counts", e.Counts(Traces), Counts{Sent: int64(len(want))})
	if got := c.names(); !slices.Equal(got, want) {
		t.Errorf("another order")
	}
}

// TestSpoolNothing: with neither collector nor disk what memory has no room for is left out,
// and at the end the rest; all is counted, and the end comes.
func TestSpoolNothing(t *testing.T) {
	dir, path := filepath.Join(t.TempDir(), "spool"), filepath.Join(t.TempDir(), "s")
	e := spooling(t, "unix://"+path, dir, 1<<30, Options{Memory: 50_000}, nil)
	if err := os.RemoveAll(dir); err != nil {
		need.Skip(t, "folders that can be removed", err)
	}
	const n = 5000
	for range n {
		e.Span(spanNamed("a"))
	}
	e.Close(10 * time.Millisecond)
	equal(t, "counts", e.Counts(Traces), Counts{Dropped: n})
}

// TestSpoolTooLarge: what will never be kept is left out and counted, and stops nobody.
func TestSpoolTooLarge(t *testing.T) {
	dir, path := t.TempDir(), filepath.Join(t.TempDir(), "s")
	e := spooling(t, "unix://"+path, dir, 8<<10, Options{}, nil)
	addKept(t, e, 0, 1)
	noise := make([]byte, 20_000)
	for i := range noise {
		noise[i] = byte(rand.IntN(256))
	}
	e.Span(noise)
	until(t, "it is left out", func() bool { return e.Counts(Traces).Dropped == 1 })
	addKept(t, e, 1, 2)
	e.Close(long)
	equal(t, "counts", e.Counts(Traces), Counts{Kept: 2, Dropped: 1})
}

// TestSpoolHangs: a collector that never answers holds no end: all is on disk.
func TestSpoolHangs(t *testing.T) {
	release := make(chan struct{})
	c := newCollector(t, func(http.ResponseWriter, int) int { <-release; return 0 })
	t.Cleanup(func() { close(release) })
	dir := t.TempDir()
	e := spooling(t, c.URL, dir, 1<<30, Options{}, nil)
	const n = 5 * maxItems
	for range n {
		e.Span(spanNamed("a"))
	}
	e.Close(time.Millisecond)
	equal(t, "counts", e.Counts(Traces), Counts{Kept: n})
}

// TestSpoolWaits: with Wait, a collector that is there has the source wait, not the disk
// filled; one that is away has all on disk.
func TestSpoolWaits(t *testing.T) {
	dir := t.TempDir()
	c := newCollector(t, status(200))
	e := spooling(t, c.URL, dir, 4*4096, Options{Wait: true, Memory: 1000}, nil)
	const n = 2000
	for range n {
		e.Span(spanNamed("a"))
	}
	e.Close(long)
	equal(t, "counts", e.Counts(Traces), Counts{Sent: n})
	e = spooling(t, "unix://"+filepath.Join(t.TempDir(), "s"), dir, 1<<30, Options{Wait: true, Memory: 1000}, nil)
	for range n {
		e.Span(spanNamed("a"))
	}
	e.Close(long)
	equal(t, "counts", e.Counts(Traces), Counts{Kept: n})
}

// TestSpoolAnything: whatever a collector answers, each span is sent once or counted, and
// what is sent comes in order; over several starts.
func TestSpoolAnything(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for round := range 8 {
		dir := t.TempDir()
		c := newCollector(t, func(w http.ResponseWriter, n int) int {
			code := []int{200, 200, 200, 400, 503, 502}[r.IntN(6)]
			w.WriteHeader(code)
			return code
		})
		var want []string
		var sum Counts
		add := func(e *Exporter) {
			c := e.Counts(Traces)
			sum.Sent, sum.Rejected, sum.Dropped, sum.Kept = sum.Sent+c.Sent, sum.Rejected+c.Rejected, sum.Dropped+c.Dropped, c.Kept
		}
		for range 4 {
			e := spooling(t, c.URL, dir, 1<<30, Options{Memory: 20_000 << round}, nil)
			for range 500 {
				want = append(want, fmt.Sprint("span ", len(want)))
				e.Span(spanNamed(want[len(want)-1]))
			}
			e.Close(long)
			add(e)
		}
		for sum.Kept > 0 {
			e := spooling(t, c.URL, dir, 1<<30, Options{}, nil)
			e.Close(long)
			add(e)
		}
		got := c.names()
		equal(t, "all", sum.Sent+sum.Rejected+sum.Dropped, int64(len(want)))
		equal(t, "sent", sum.Sent, int64(len(got)))
		inOrder(t, got, want)
	}
}

// inOrder checks that what came is in the order of what was added, each at most once.
func inOrder(t *testing.T, got, want []string) {
	t.Helper()
	place := make(map[string]int)
	for i, name := range want {
		place[name] = i
	}
	for i := 1; i < len(got); i++ {
		if place[got[i-1]] >= place[got[i]] {
			t.Fatalf("%s behind %s", got[i], got[i-1])
		}
	}
}
