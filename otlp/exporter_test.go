package otlp

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/socktrace/socktrace/internal/testpeer"
)

// long is longer than anything takes that ends.
const long = time.Minute

// TestSends sends spans in order, once, and says so.
func TestSends(t *testing.T) {
	c := newCollector(t, status(200))
	e := exporterTo(t, c.URL, Options{Version: "v1"}, map[string]string{"OTEL_EXPORTER_OTLP_HEADERS": "authorization=Bearer%20x, b=c"})
	var want []string
	for i := range 3 * maxItems / 2 {
		want = append(want, fmt.Sprint("span ", i))
		e.Span(spanNamed(want[i]))
	}
	e.Close(long)
	if got := c.names(); !slices.Equal(got, want) {
		t.Errorf("got %d spans, want %d", len(got), len(want))
	}
	equal(t, "requests", c.asked(), 2)
	equal(t, "counts", e.Counts(Traces), Counts{Sent: int64(len(want))})
	q := c.requests[0]
	for name, want := range map[string]string{"Content-Type": "application/x-protobuf", "Content-Encoding": "gzip", "Authorization": "Bearer x", "B": "c", "User-Agent": "socktrace/v1"} {
		equal(t, name, q.Header.Get(name), want)
	}
	equal(t, "path", q.URL.Path, "/v1/traces")
	if !e.Own("tcp://" + q.RemoteAddr) {
		t.Errorf("%s is not known to be our own", q.RemoteAddr)
	}
}

// TestAnswers: what may be sent again is, once more for each such answer; what is refused is
// not, and is counted; each is told once.
func TestAnswers(t *testing.T) {
	for _, tt := range []struct {
		first   int
		again   bool
		message string
	}{
		{200, false, ""}, {202, false, ""}, {204, false, ""},
		{429, true, "answers 429 Too Many Requests"}, {502, true, "answers 502 Bad Gateway"}, {503, true, "answers 503 Service Unavailable"}, {504, true, "answers 504 Gateway Timeout"},
		{400, false, "answers 400 Bad Request"}, {401, false, "answers 401"}, {404, false, "answers 404"}, {408, false, "answers 408"}, {413, false, "answers 413"}, {415, false, "answers 415"},
		{500, false, "answers 500"}, {501, false, "answers 501"}, {301, false, "answers 301"}, {307, false, "answers 307"},
	} {
		t.Run(fmt.Sprint(tt.first), func(t *testing.T) {
			c := newCollector(t, func(w http.ResponseWriter, n int) int {
				w.Header().Set("Location", "/other")
				if n < 2 {
					w.WriteHeader(tt.first)
					return tt.first
				}
				return 200
			})
			var says told
			e := exporterTo(t, c.URL, Options{Warn: says.warn}, nil)
			e.Span(spanNamed("a"))
			if tt.again { // until it is taken, before the end
				for range 3 {
					<-c.got
				}
			}
			e.Close(long)
			want, n := Counts{Sent: 1}, 1
			switch {
			case tt.again:
				n = 3
			case tt.first/100 != 2:
				want = Counts{Rejected: 1}
			}
			equal(t, "counts", e.Counts(Traces), want)
			equal(t, "requests", c.asked(), n)
			equal(t, "taken", len(c.names()), int(want.Sent))
			text := strings.Join(says.all, "\n")
			if !strings.Contains(text, tt.message) || tt.message != "" && strings.Count(text, tt.message) != 1 || tt.message == "" && text != "" {
				t.Errorf("told %q", text)
			}
		})
	}
}

// TestPartial: what is rejected is counted and told once, and not sent again.
func TestPartial(t *testing.T) {
	says := "too\x1b old"
	c := newCollector(t, func(w http.ResponseWriter, _ int) int {
		inner := append([]byte{partialRejected << 3, 1, partialMessage<<3 | 2, byte(len(says))}, says...)
		_, _ = w.Write(append([]byte{partialSuccess<<3 | 2, byte(len(inner))}, inner...))
		return 200
	})
	var told told
	e := exporterTo(t, c.URL, Options{Warn: told.warn}, nil)
	for range maxItems + 1 {
		e.Span(spanNamed("a"))
	}
	e.Close(long)
	equal(t, "counts", e.Counts(Traces), Counts{Sent: maxItems - 1, Rejected: 2})
	equal(t, "requests", c.asked(), 2)
	if len(told.all) != 1 || !strings.Contains(told.all[0], `rejects some: too\x1b old`) {
		t.Errorf("told %q", told.all)
	}
}

// TestGarbage: whatever the answer is, what was taken is not sent again.
func TestGarbage(t *testing.T) {
	for name, body := range map[string]string{"text": "what?", "zeros": strings.Repeat("\x00", 100), "long": strings.Repeat("\xff", 10*maxAnswer), "none": ""} {
		t.Run(name, func(t *testing.T) {
			c := newCollector(t, func(w http.ResponseWriter, _ int) int { _, _ = io.WriteString(w, body); return 200 })
			e := exporterTo(t, c.URL, Options{}, nil)
			e.Span(spanNamed("a"))
			e.Close(long)
			equal(t, "counts", e.Counts(Traces), Counts{Sent: 1})
			equal(t, "requests", c.asked(), 1)
		})
	}
}

// TestCloses: a connection that ends without an answer, or with half of one, has it sent again.
func TestCloses(t *testing.T) {
	for name, says := range map[string]string{"nothing": "", "half": "HTTP/1.1 200", "garbage": "\x00\x01\x02\r\n\r\n"} {
		t.Run(name, func(t *testing.T) {
			c := newCollector(t, func(w http.ResponseWriter, n int) int {
				if n > 1 {
					return 200
				}
				conn, _, err := http.NewResponseController(w).Hijack()
				if err == nil {
					_, _ = io.WriteString(conn, says)
					conn.Close()
				}
				return 0
			})
			e := exporterTo(t, c.URL, Options{}, nil)
			e.Span(spanNamed("a"))
			for range 3 {
				<-c.got
			}
			e.Close(long)
			equal(t, "counts", e.Counts(Traces), Counts{Sent: 1})
			equal(t, "taken", len(c.names()), 1)
		})
	}
}

// TestHangs: a collector that never answers holds nobody: what does not fit is counted, and
// the end comes.
func TestHangs(t *testing.T) {
	release := make(chan struct{})
	c := newCollector(t, func(http.ResponseWriter, int) int { <-release; return 0 })
	t.Cleanup(func() { close(release) })
	c.cut.Store(true) // a request may be given up within its body
	e := exporterTo(t, c.URL, Options{Memory: 10_000}, nil)
	const n = 5000
	for range n {
		e.Span(spanNamed("a"))
	}
	e.Close(time.Millisecond)
	equal(t, "counts", e.Counts(Traces), Counts{Dropped: n})
}

// TestSwitches: an answer that makes the connection another's, which stays open, holds nothing.
func TestSwitches(t *testing.T) {
	c := newCollector(t, func(w http.ResponseWriter, _ int) int {
		testpeer.Switches(t)(w, nil)
		return 0
	})
	e := exporterTo(t, c.URL, Options{}, nil)
	e.Span(spanNamed("a"))
	e.Close(long)
	equal(t, "counts", e.Counts(Traces), Counts{Rejected: 1})
}

// TestAway: a collector that is not there, and comes; with the same messages once.
func TestAway(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s")
	var says told
	e := exporterTo(t, "unix://"+path, Options{Warn: says.warn}, nil)
	e.Span(spanNamed("a"))
	for { // until it has been told
		says.mu.Lock()
		n := len(says.all)
		says.mu.Unlock()
		if n > 0 {
			break
		}
		time.Sleep(time.Millisecond)
	}
	l, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	c := newCollector(t, status(200))
	go http.Serve(l, c.Config.Handler)
	t.Cleanup(func() { l.Close() })
	<-c.got
	e.Close(long)
	equal(t, "counts", e.Counts(Traces), Counts{Sent: 1})
	equal(t, "taken", len(c.names()), 1)
	if len(says.all) != 2 || !strings.Contains(says.all[0], path) || !strings.Contains(says.all[0], "no such file") || !strings.Contains(says.all[1], "taken again") {
		t.Errorf("told %q", says.all)
	}
}

// TestAwayAtTheEnd: what was not sent is counted.
func TestAwayAtTheEnd(t *testing.T) {
	e := exporterTo(t, "unix://"+filepath.Join(t.TempDir(), "s"), Options{}, nil)
	e.Span(spanNamed("a"))
	e.Span(spanNamed("b"))
	e.Close(10 * time.Millisecond)
	equal(t, "counts", e.Counts(Traces), Counts{Dropped: 2})
}

// TestWaits: with Wait, what does not fit waits for room, and nothing is left out; a
// collector that stays away is given up.
func TestWaits(t *testing.T) {
	c := newCollector(t, status(200))
	e := exporterTo(t, c.URL, Options{Wait: true, Memory: 1000}, nil)
	const n = 2000
	for range n {
		e.Span(spanNamed("a"))
	}
	e.Close(long)
	equal(t, "counts", e.Counts(Traces), Counts{Sent: n})

	o := Options{Wait: true, Memory: 1000}
	o.Endpoints, _ = Endpoints("unix://"+filepath.Join(t.TempDir(), "s"), func(string) string { return "" })
	e = newExporter(o, retry{first: time.Millisecond, most: time.Millisecond, give: time.Millisecond})
	for range n {
		e.Span(spanNamed("a"))
	}
	e.Close(long)
	equal(t, "counts", e.Counts(Traces), Counts{Dropped: n})
}

// TestRetryAfter reads seconds and dates.
func TestRetryAfter(t *testing.T) {
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for s, want := range map[string]time.Duration{
		"": 0, "0": 0, "7": 7 * time.Second, "-1": 0, "1.5": 0, "x": 0, "99999999999": 0, "4000000000": time.Hour, "86400": time.Hour,
		"Fri, 02 Jan 2026 03:04:35 GMT": 30 * time.Second, "Fri, 02 Jan 2026 03:04:00 GMT": 0, "Sat, 03 Jan 2026 03:04:00 GMT": time.Hour,
	} {
		equal(t, s, retryAfter(s, now), want)
	}
}

// TestHeedsRetryAfter: the answer tells how long it waits, and the end does not wait for that.
func TestHeedsRetryAfter(t *testing.T) {
	c := newCollector(t, func(w http.ResponseWriter, _ int) int {
		w.Header().Set("Retry-After", "120")
		w.WriteHeader(429)
		return 429
	})
	endpoints, _ := Endpoints(c.URL, func(string) string { return "" })
	endpoints[Traces].Plain = true
	a := newPoster(endpoints[Traces], "", new(ownPorts)).post(context.Background(), nil, time.Now)
	equal(t, "after", a.after, 2*time.Minute)
	<-c.got
	e := exporterTo(t, c.URL, Options{}, nil)
	e.Span(spanNamed("a"))
	for c.asked() < 2 {
		<-c.got
	}
	e.Close(time.Millisecond)
	equal(t, "counts", e.Counts(Traces), Counts{Dropped: 1})
	equal(t, "requests", c.asked(), 2)
}

// TestBackOff: the time grows up to a bound, and is not always the same.
func TestBackOff(t *testing.T) {
	r := retry{first: time.Second, most: 8 * time.Second}
	differ := false
	for failures := range 100 {
		want := min(time.Second<<min(failures, 10), r.most)
		got := r.wait(failures)
		if got < want/2 || got > want*3/2 {
			t.Errorf("after %d failures: %v", failures, got)
		}
		differ = differ || got != r.wait(failures)
	}
	if !differ {
		t.Error("no jitter")
	}
}
