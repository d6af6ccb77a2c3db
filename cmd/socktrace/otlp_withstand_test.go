//go:build unix

package main

import (
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/socktrace/socktrace/protobuf"
)

// moody is a collector that answers as a test says.
type moody struct {
	*httptest.Server
	answer func(n int, w http.ResponseWriter) (taken bool) // n requests were before

	mu    sync.Mutex
	asked int
	taken [][]byte // requests with spans
}

func newMoody(t *testing.T, answer func(n int, w http.ResponseWriter) bool) *moody {
	m := &moody{answer: answer}
	m.Server = httptest.NewServer(m)
	t.Cleanup(m.Close)
	return m
}

func (m *moody) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	z, err := gzip.NewReader(r.Body)
	if err != nil {
		return // it was not sent to its end
	}
	b, err := io.ReadAll(z)
	if err != nil {
		return
	}
	m.mu.Lock()
	n := m.asked
	m.asked++
	m.mu.Unlock()
	if m.answer(n, w) {
		m.mu.Lock()
		m.taken = append(m.taken, b)
		m.mu.Unlock()
	}
}

// ids returns the ids of the spans that were taken, as often as they were.
func (m *moody) ids(t *testing.T) (all []string) {
	t.Helper()
	m.mu.Lock()
	defer m.mu.Unlock()
	schema := protobuf.Embedded()
	request := schema.Named("opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest")
	for _, b := range m.taken {
		text, _ := schema.AppendJSON(nil, request, b, protobuf.Limits{Depth: 64, Fields: 1 << 20, Size: 64 << 20})
		var q struct {
			ResourceSpans []struct {
				ScopeSpans []struct{ Spans []struct{ SpanID string } }
			}
		}
		if err := json.Unmarshal(text, &q); err != nil {
			t.Fatal(err)
		}
		for _, s := range q.ResourceSpans[0].ScopeSpans[0].Spans {
			all = append(all, s.SpanID)
		}
	}
	return all
}

var (
	spansSent = regexp.MustCompile(`otlp: (\d+) spans? sent`)
	spansLost = regexp.MustCompile(`otlp: (\d+) spans? not sent`)
)

// told returns the number that a pattern finds; 0 if that is nothing.
func told(pattern *regexp.Regexp, text string) int {
	if found := pattern.FindStringSubmatch(text); found != nil {
		n, _ := strconv.Atoi(found[1])
		return n
	}
	return 0
}

// answers returns what answers with a status, first with others.
func answers(status int, before ...int) func(int, http.ResponseWriter) bool {
	return func(n int, w http.ResponseWriter) bool {
		code := status
		if n < len(before) {
			code = before[n]
		}
		w.Header().Set("Retry-After", "1")
		w.WriteHeader(code)
		return code == http.StatusOK
	}
}

// TestMoodyCollector: whatever the collector does, docker says and ends as without socktrace,
// no span is taken twice, and each is either taken or counted as not sent.
func TestMoodyCollector(t *testing.T) {
	release := make(chan struct{}) // when docker has ended
	free := sync.OnceFunc(func() { close(release) })
	for name, tt := range map[string]struct {
		answer func(n int, w http.ResponseWriter) bool
		all    bool   // are taken, in the end
		says   string // of the collector
	}{
		"takes all": {answers(200), true, ""},
		"slow": {func(int, http.ResponseWriter) bool {
			<-release
			return true
		}, true, ""},
		"429":      {answers(200, 429, 429), true, "429 Too Many Requests; it is tried again"},
		"503":      {answers(200, 503, 503), true, "503 Service Unavailable; it is tried again"},
		"503 ever": {answers(503), false, "503 Service Unavailable; it is tried again"},
		"400":      {answers(400), false, "the collector answers 400 Bad Request"},
		"400 once": {answers(200, 400), false, "the collector answers 400 Bad Request"},
		"garbage in an answer": {func(_ int, w http.ResponseWriter) bool {
			_, err := io.WriteString(w, "\xff\x00\n\x1b garbage")
			return err == nil
		}, true, ""},
		"garbage": {func(_ int, w http.ResponseWriter) bool {
			if c, _, err := http.NewResponseController(w).Hijack(); err == nil {
				_, _ = io.WriteString(c, "\xff\x00\n\x1b garbage\r\n\r\n")
				c.Close()
			}
			return false
		}, false, "it is tried again"},
		"away": {nil, false, "it is tried again"},
	} {
		t.Run(name, func(t *testing.T) {
			docker := dockers(t)[0]
			if name == "slow" {
				defer free()
			}
			m, url := &moody{}, "http://"+freeAddress(t)
			if tt.answer != nil {
				m = newMoody(t, tt.answer)
				url = m.URL
			}
			trace := filepath.Join(t.TempDir(), "trace.jsonl")
			l := listenToDocker(t, untraced, "--otlp", url, "-f", "jsonl", "-o", trace)
			got := launch(t, nil, docker.path, "-H", "unix://"+l.path, "run", "--rm", "--network", "none", testImage, "sh", "-c", "echo hello; echo why >&2; exit 3").end()
			check(t, "status of docker", got.status, "exit status 3")
			check(t, "stdout", got.out, "hello\n")
			check(t, "stderr", got.err, "why\n")
			if name == "slow" {
				free()
			}
			if tt.all { // before the end, which waits for some time only; the command's comes behind
				await(t, "spans", func() bool {
					n := strings.Count(readFile(t, trace), `"event":"exchange"`)
					return n > 3 && len(m.ids(t)) >= n
				})
			}
			said := l.stop(os.Interrupt)
			check(t, "status", said.status, "exit status 0")
			if !strings.Contains(said.err, tt.says) {
				t.Errorf("told %q", said.err)
			}
			once := make(map[string]bool)
			for _, id := range m.ids(t) {
				if once[id] {
					t.Errorf("%s was taken twice", id)
				}
				once[id] = true
			}
			sent, lost := told(spansSent, said.err), told(spansLost, said.err)
			check(t, "spans that were taken", len(once), sent)
			check(t, "spans in all", sent+lost, strings.Count(readFile(t, trace), `"event":"exchange"`)+1)
			if tt.all {
				check(t, "spans that were not", lost, 0)
			} else if lost == 0 {
				t.Error("none was lost")
			}
		})
	}
}
