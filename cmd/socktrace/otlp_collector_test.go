//go:build unix

package main

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/socktrace/socktrace/internal/need"
)

// collector is a real OpenTelemetry Collector, and the files that it writes.
type collector struct {
	url  string // OTLP over HTTP
	grpc string // and over gRPC
	dir  string
	*process
}

// startCollector runs one that writes to files.
func startCollector(t *testing.T) *collector {
	t.Helper()
	return startCollectorWith(t, "http", "", http.DefaultClient)
}

// startCollectorWith is the same for a scheme, with more in the configuration of its HTTP
// receiver; client can ask it.
func startCollectorWith(t *testing.T, scheme, more string, client *http.Client) *collector {
	t.Helper()
	path := need.Program(t, "otelcol")
	c := &collector{dir: t.TempDir()}
	address, grpc := freeAddress(t), freeAddress(t)
	config := fmt.Sprintf(`
receivers:
  otlp:
    protocols:
      http: {endpoint: "%s"%s}
      grpc: {endpoint: "%s"}
processors:
  memory_limiter: {check_interval: 1s, limit_mib: 256}
  batch: {timeout: 100ms}
exporters:
  file/traces: {path: %[4]s/traces, flush_interval: 50ms}
  file/logs: {path: %[4]s/logs, flush_interval: 50ms}
  file/metrics: {path: %[4]s/metrics, flush_interval: 50ms}
service:
  telemetry: {metrics: {level: none}}
  pipelines:
    traces: {receivers: [otlp], processors: [memory_limiter, batch], exporters: [file/traces]}
    logs: {receivers: [otlp], processors: [memory_limiter, batch], exporters: [file/logs]}
    metrics: {receivers: [otlp], processors: [memory_limiter, batch], exporters: [file/metrics]}
`, address, more, grpc, c.dir)
	name := filepath.Join(c.dir, "config.yaml")
	if err := os.WriteFile(name, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	c.url, c.grpc = scheme+"://"+address, "http://"+grpc
	c.process = launch(t, nil, path, "--config", name)
	await(t, "the collector", func() bool {
		answer, err := client.Post(c.url+"/v1/traces", "application/json", strings.NewReader(`{}`))
		if err == nil {
			answer.Body.Close()
		}
		return err == nil && answer.StatusCode == http.StatusOK
	})
	return c
}

// freeAddress returns an address of this machine that nothing listens on.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// otlpSpan is a span as the collector writes it.
type otlpSpan struct {
	service                       string // of its resource
	TraceID, SpanID, ParentSpanID string
	Name                          string
	Kind                          int
	Start                         string `json:"startTimeUnixNano"`
	End                           string `json:"endTimeUnixNano"`
	Attributes                    otlpAttributes
	Status                        struct{ Code int }
	Links                         []struct{ TraceID, SpanID string }
}

// What kinds of spans are called (trace.proto, Span.SpanKind).
const (
	kindInternal = 1
	kindServer   = 2
	kindClient   = 3
)

type otlpAttributes []struct {
	Key   string
	Value map[string]any
}

// attribute returns the value of an attribute, as text; empty if there is none.
func (s *otlpSpan) attribute(key string) string { return s.Attributes.get(key) }

func (all otlpAttributes) get(key string) string {
	for _, a := range all {
		if a.Key == key {
			for _, v := range a.Value {
				return fmt.Sprint(v)
			}
		}
	}
	return ""
}

// spans stops the collector and returns what it got.
func (c *collector) spans(t *testing.T) (all []otlpSpan) {
	t.Helper()
	c.stop(syscall.SIGTERM)
	for line := range strings.Lines(readFile(t, filepath.Join(c.dir, "traces"))) {
		var document struct {
			ResourceSpans []struct {
				Resource   struct{ Attributes otlpAttributes }
				ScopeSpans []struct{ Spans []otlpSpan }
			}
		}
		if err := json.Unmarshal([]byte(line), &document); err != nil {
			t.Fatal(err)
		}
		for _, r := range document.ResourceSpans {
			for _, scope := range r.ScopeSpans {
				for _, s := range scope.Spans {
					s.service = r.Resource.Attributes.get("service.name")
					all = append(all, s)
				}
			}
		}
	}
	return all
}

// read decodes the documents in one of the collector's files.
func (c *collector) read(t *testing.T, name string, all any) {
	t.Helper()
	lines := strings.Split(strings.TrimSpace(readFile(t, filepath.Join(c.dir, name))), "\n")
	if err := json.Unmarshal([]byte("["+strings.Join(lines, ",")+"]"), all); err != nil {
		t.Fatal(err)
	}
}

// TestCollector: a real collector gets each exchange of docker's commands once, at its time, in
// one trace, below what carries its connection.
func TestCollector(t *testing.T) {
	for _, docker := range dockers(t) {
		t.Run(docker.version, func(t *testing.T) {
			builder := "DOCKER_BUILDKIT=0" // without a plugin
			if strings.HasPrefix(docker.version, "20.") {
				builder = "DOCKER_BUILDKIT=1"
			}
			for name, args := range map[string][]string{
				"run":   {"run", "--rm", "--network", "none", testImage, "sh", "-c", "echo hello; exit 3"},
				"build": {"build", "--no-cache", buildFolder(t)},
			} {
				code := map[string]string{"run": "3", "build": "0"}[name]
				t.Run(name, func(t *testing.T) {
					c := startCollector(t)
					trace := filepath.Join(t.TempDir(), "trace.jsonl")
					args := append([]string{"run", "--otlp", c.url, "-f", "jsonl", "-o", trace, "--", docker.path}, args...)
					got := socktrace(t, environ(builder), args...).end()
					if got.status != "exit status "+code {
						t.Fatal(got.err)
					}
					spans := c.spans(t)
					checkSpans(t, spans, readFile(t, trace))
					check(t, "traces", len(traces(spans)), 1)
					for _, s := range spans {
						if s.Kind == kindInternal && s.attribute("process.executable.name") == "docker" {
							check(t, "what was run", s.Name+" "+s.attribute("process.exit.code"), "docker "+name+" "+code)
						}
					}
				})
			}
		})
	}
}

// tracedExchange is what JSON lines tell of an exchange, and of a connection.
type tracedExchange struct {
	Event, Method, Target string
	Conn, Exchange        int
	Status                int
	Start, Time           time.Time
	Parent                *struct{ Conn, Exchange int }
}

// traces returns the spans by their traces.
func traces(spans []otlpSpan) map[string][]*otlpSpan {
	all := make(map[string][]*otlpSpan)
	for i := range spans {
		all[spans[i].TraceID] = append(all[spans[i].TraceID], &spans[i])
	}
	return all
}

// checkSpans compares spans with the exchanges that JSON lines tell.
func checkSpans(t *testing.T, spans []otlpSpan, lines string) {
	t.Helper()
	type at struct{ start, method, path string }
	told := make(map[at][]*otlpSpan)
	exchanges := 0
	for i := range spans {
		s := &spans[i]
		if method := s.attribute("http.request.method"); method != "" {
			key := at{s.Start, method, s.attribute("url.path")}
			told[key] = append(told[key], s)
			exchanges++
		}
	}
	of := make(map[[2]int]*otlpSpan)
	inside := make(map[int][2]int)
	count := 0
	for line := range strings.Lines(lines) {
		var x tracedExchange
		if err := json.Unmarshal([]byte(line), &x); err != nil {
			t.Fatal(err)
		}
		if x.Event == "open" {
			if x.Parent != nil {
				inside[x.Conn] = [2]int{x.Parent.Conn, x.Parent.Exchange}
			}
			continue
		}
		if x.Event != "exchange" {
			continue
		}
		count++
		path, _, _ := strings.Cut(x.Target, "?")
		key := at{strconv.FormatInt(x.Start.UnixNano(), 10), x.Method, path}
		if len(told[key]) == 0 {
			t.Errorf("no span of %s", line)
			continue
		}
		s := told[key][0]
		told[key] = told[key][1:]
		of[[2]int{x.Conn, x.Exchange}] = s
		if x.Status != 0 {
			check(t, "status of "+s.Name, s.attribute("http.response.status_code"), strconv.Itoa(x.Status))
		}
		check(t, "end of "+s.Name, s.End, strconv.FormatInt(x.Time.UnixNano(), 10))
	}
	check(t, "spans of exchanges", exchanges, count)
	if count < 2 {
		t.Errorf("%d exchanges", count)
	}
	for key, s := range of {
		if carrier, is := inside[key[0]]; is {
			up := s.ParentSpanID
			if s.Kind == kindServer { // that is the client's
				up = s.Links[0].SpanID
			}
			check(t, "parent of "+s.Name, up, of[carrier].SpanID)
		}
	}
}

// collectedLog is a log record as the collector writes it.
type collectedLog struct {
	otlpSpan     // what is called the same
	Body         struct{ StringValue string }
	SeverityText string
}

// TestCollectorSpool: what a real collector that was away has missed, it gets from the spool,
// once: spans and the lines of the audit, each with its span.
func TestCollectorSpool(t *testing.T) {
	docker := dockers(t)[0]
	need.Program(t, "otelcol")
	dir, file := filepath.Join(t.TempDir(), "spool"), filepath.Join(t.TempDir(), "audit.jsonl")
	args := []string{"run", "-q", "--otlp", "http://" + freeAddress(t), "--otlp-audit", "--audit", file, "--otlp-spool", dir, "--", docker.path, "run", "--rm", "-v", "/etc:/host:ro", "--network", "none", testImage, "true"}
	const times = 3
	for range times {
		if got := socktrace(t, nil, args...).end(); got.status != "exit status 0" || !strings.Contains(got.err, "kept in "+dir) {
			t.Fatalf("%s: %s", got.status, got.err)
		}
	}
	c := startCollector(t)
	got := socktrace(t, nil, "demo", "-q", "--otlp", c.url, "--otlp-spool", dir).end()
	check(t, "status", got.status, "exit status 0")
	spans := make(map[string]otlpSpan)
	for _, s := range c.spans(t) {
		if _, twice := spans[s.SpanID]; twice {
			t.Errorf("%s is there twice", s.Name)
		}
		spans[s.SpanID] = s
	}
	var documents []struct {
		ResourceLogs []struct {
			ScopeLogs []struct{ LogRecords []collectedLog }
		}
	}
	c.read(t, "logs", &documents)
	var bodies []string
	risky := 0
	var records []collectedLog
	for _, d := range documents {
		for _, r := range d.ResourceLogs {
			records = append(records, r.ScopeLogs[0].LogRecords...)
		}
	}
	for _, r := range records {
		bodies = append(bodies, r.Body.StringValue+"\n")
		s, ok := spans[r.SpanID]
		if path := r.attribute("url.path"); path != "" && (!ok || s.attribute("url.path") != path || s.TraceID != r.TraceID) {
			t.Errorf("no span of %s", r.Body.StringValue)
		}
		if r.SeverityText == "ERROR" && r.attribute("socktrace.operation") == "ContainerCreate" && r.attribute("process.executable.name") == filepath.Base(docker.path) {
			risky++
		}
	}
	check(t, "containers with a folder of the host", risky, times)
	if all := strings.Join(bodies, ""); all != readFile(t, file) {
		t.Errorf("the collector has %d lines, the audit %d; or others", len(bodies), strings.Count(readFile(t, file), "\n"))
	}
}
