package otlp

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/pdata/ptrace/ptraceotlp"
)

// collector is one that answers as each test has it.
type collector struct {
	*httptest.Server
	mu       sync.Mutex
	requests []*http.Request
	spans    []ptrace.Span // of those that were answered with 2xx
	got      chan struct{} // has one for each request
	cut      atomic.Bool   // requests may end within their bodies
}

// newCollector answers the nth request, from 0, with answer, which returns the status.
func newCollector(t testing.TB, answer func(w http.ResponseWriter, n int) int) *collector {
	t.Helper()
	c := &collector{got: make(chan struct{}, 10_000)}
	c.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() { c.got <- struct{}{} }()
		in := io.Reader(r.Body)
		if r.Header.Get("Content-Encoding") == "gzip" {
			z, err := gzip.NewReader(r.Body)
			if err != nil {
				if !c.cut.Load() {
					t.Error(err)
				}
				return
			}
			in = z
		}
		b, err := io.ReadAll(in)
		if err != nil {
			if !c.cut.Load() {
				t.Error(err)
			}
			return
		}
		q := ptraceotlp.NewExportRequest()
		if err := q.UnmarshalProto(b); err != nil {
			t.Error(err)
		}
		c.mu.Lock()
		n := len(c.requests)
		c.requests = append(c.requests, r)
		c.mu.Unlock()
		if answer(w, n)/100 != 2 {
			return
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		for i := range q.Traces().ResourceSpans().Len() {
			spans := q.Traces().ResourceSpans().At(i).ScopeSpans().At(0).Spans()
			for j := range spans.Len() {
				c.spans = append(c.spans, spans.At(j))
			}
		}
	}))
	t.Cleanup(c.Server.Close)
	return c
}

// names returns the names of the spans that it has taken.
func (c *collector) names() (all []string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, s := range c.spans {
		all = append(all, s.Name())
	}
	return all
}

func (c *collector) asked() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.requests)
}

// status answers with a status and nothing else.
func status(code int) func(http.ResponseWriter, int) int {
	return func(w http.ResponseWriter, _ int) int { w.WriteHeader(code); return code }
}

// quick tries again at once.
var quick = retry{first: time.Millisecond, most: 2 * time.Millisecond}

// told is what an Exporter has told people.
type told struct {
	mu  sync.Mutex
	all []string
}

func (t *told) warn(err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.all = append(t.all, err.Error())
}

// exporterTo returns an Exporter to an address.
func exporterTo(t testing.TB, addr string, o Options, env map[string]string) *Exporter {
	t.Helper()
	var err error
	if o.Endpoints, err = Endpoints(addr, func(name string) string { return env[name] }); err != nil {
		t.Fatal(err)
	}
	return newExporter(o, quick)
}

// spanNamed returns a small span.
func spanNamed(name string) []byte {
	r := newIDs().root()
	return append(appendContext(nil, &r, [8]byte{}, false), append([]byte{spanName<<3 | 2, byte(len(name))}, name...)...)
}
