//go:build unix

package main

import (
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/socktrace/socktrace/protobuf"
)

// collected is what a collector for tests was sent, by path and not compressed.
type collected struct {
	*httptest.Server
	mu     sync.Mutex
	bodies map[string][][]byte
}

// collectorFor returns a collector that answers with a status.
func collectorFor(t testing.TB, status int) *collected {
	t.Helper()
	c := &collected{bodies: make(map[string][][]byte)}
	c.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		z, err := gzip.NewReader(r.Body)
		if err != nil {
			t.Error(err)
			return
		}
		b, err := io.ReadAll(z)
		if err != nil {
			t.Error(err)
		}
		c.mu.Lock()
		c.bodies[r.URL.Path] = append(c.bodies[r.URL.Path], b)
		c.mu.Unlock()
		w.WriteHeader(status)
	}))
	t.Cleanup(c.Close)
	return c
}

// text returns all that was sent.
func (c *collected) text() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	var s strings.Builder
	for _, bodies := range c.bodies {
		for _, b := range bodies {
			s.Write(b)
		}
	}
	return s.String()
}

// exchanges returns the spans that are exchanges: name, start and end, sorted. They are read
// with the descriptors of ours: the collector's own code has no place in this program, which
// the tests also trace with, and would open a file at each start (package otlp compares
// with it).
func (c *collected) exchanges(t testing.TB) (all []string) {
	t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	schema := protobuf.Embedded()
	request := schema.Named("opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest")
	for _, b := range c.bodies["/v1/traces"] {
		text, _ := schema.AppendJSON(nil, request, b, protobuf.Limits{Depth: 64, Fields: 1 << 20, Size: 64 << 20})
		var q struct {
			ResourceSpans []struct {
				ScopeSpans []struct {
					Spans []struct{ Name, Kind, StartTimeUnixNano, EndTimeUnixNano string }
				}
			}
		}
		if err := json.Unmarshal(text, &q); err != nil {
			t.Fatal(err)
		}
		for _, s := range q.ResourceSpans[0].ScopeSpans[0].Spans {
			if s.Kind == "SPAN_KIND_CLIENT" {
				all = append(all, fmt.Sprintln(s.Name, s.StartTimeUnixNano, s.EndTimeUnixNano))
			}
		}
	}
	slices.Sort(all)
	return all
}

// TestOTLP exports a session live, and from its recordings: each time the same exchanges.
func TestOTLP(t *testing.T) {
	live, har := collectorFor(t, 200), filepath.Join(t.TempDir(), "s.har")
	got := socktrace(t, nil, "demo", "-q", "--har", har, "--otlp", live.URL).end()
	check(t, "status", got.status, "exit status 0")
	if !strings.Contains(got.err, "otlp: ") || !strings.Contains(got.err, " spans sent\n") {
		t.Errorf("told %q", got.err)
	}
	again := collectorFor(t, 200)
	got = socktrace(t, environ("OTEL_EXPORTER_OTLP_ENDPOINT="+again.URL), "read", "-q", "--otlp", "env", har).end()
	check(t, "status", got.status, "exit status 0")
	want := live.exchanges(t)
	checkLines(t, "read", strings.Join(again.exchanges(t), ""), strings.Join(want, ""))
	if len(want) < 10 {
		t.Errorf("%d exchanges", len(want))
	}
}

// TestMetrics: figures are exported, and served to Prometheus while clients are.
func TestMetrics(t *testing.T) {
	c, addr := collectorFor(t, 200), filepath.Join(shortDir(t), "m")
	daemon := fakeDaemon(t, func(c net.Conn) {
		defer c.Close()
		b := make([]byte, 4096)
		for {
			if _, err := c.Read(b); err != nil {
				return
			}
			if _, err := io.WriteString(c, "HTTP/1.1 204 No Content\r\n\r\n"); err != nil {
				return
			}
		}
	})
	l := listenWith(t, nil, daemon, "-q", "--otlp", c.URL, "--otlp-metrics", "--metrics", "unix://"+addr)
	client := l.dial()
	const request = "GET /v1.41/info HTTP/1.1\r\nHost: docker\r\n\r\n"
	if _, err := io.WriteString(client, request); err != nil {
		t.Fatal(err)
	}
	if _, err := client.Read(make([]byte, 4096)); err != nil {
		t.Fatal(err)
	}
	dial := func(context.Context, string, string) (net.Conn, error) { return net.Dial("unix", addr) }
	web := &http.Client{Transport: &http.Transport{DialContext: dial}}
	const line = "http_server_request_duration_seconds_count{http_request_method=\"GET\",url_scheme=\"http\",http_route=\"/info\",http_response_status_code=\"204\"} 1\n"
	carried := fmt.Sprintf("socktrace_network_io_bytes_total{network_io_direction=\"receive\"} %d\n", len(request)) // though it is open
	await(t, "metrics", func() bool {
		r, err := web.Get("http://socktrace/metrics")
		if err != nil {
			t.Fatal(err)
		}
		defer r.Body.Close()
		b, err := io.ReadAll(r.Body)
		return err == nil && strings.Contains(string(b), line) && strings.Contains(string(b), "socktrace_connections_open 1\n") && strings.Contains(string(b), carried)
	})
	client.Close()
	got := l.stop(syscall.SIGTERM)
	check(t, "status", got.status, "exit status 0")
	if !strings.Contains(got.err, "metrics are served at unix://"+addr+", under /metrics\n") {
		t.Errorf("told %q", got.err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	n := len(c.bodies["/v1/metrics"])
	if n == 0 || !strings.Contains(string(c.bodies["/v1/metrics"][n-1]), "http.server.request.duration") {
		t.Errorf("%d requests with metrics", n)
	}
}

// TestOTLPRefused: what a recording has and the collector does not take makes read fail; live
// it does not.
func TestOTLPRefused(t *testing.T) {
	c, har := collectorFor(t, 400), filepath.Join(t.TempDir(), "s.har")
	got := socktrace(t, nil, "demo", "-q", "--har", har, "--otlp", c.URL).end()
	check(t, "status", got.status, "exit status 0")
	if !strings.Contains(got.err, "the collector answers 400 Bad Request\n") || !strings.Contains(got.err, " spans rejected\n") {
		t.Errorf("told %q", got.err)
	}
	check(t, "status", socktrace(t, nil, "read", "-q", "--otlp", c.URL, har).end().status, "exit status 1")
}

// TestOTLPUsage: addresses and variables that cannot be meant are refused, in a word.
func TestOTLPUsage(t *testing.T) {
	dir := shortDir(t)
	if err := os.Symlink("s", filepath.Join(dir, "link")); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		env, says string
		code      string
		args      []string
	}{
		{"", "--otlp-bodies needs --otlp URL", "2", []string{"demo", "--otlp-bodies"}},
		{"", "--otlp-join needs --otlp URL", "2", []string{"demo", "--otlp-join", "never"}},
		{"", "--otlp-join some: one of auto, always, never", "2", []string{"demo", "--otlp", "http://127.0.0.1:4318", "--otlp-join", "some"}},
		{"", "unknown flag: --otlp", "2", []string{"stats", "--otlp", "http://127.0.0.1:4318", "x"}}, // read exports recordings
		{"", "--otlp-metrics needs --otlp URL", "2", []string{"demo", "--otlp-metrics"}},
		{"", "not an address such as tcp://127.0.0.1:9464", "2", []string{"demo", "--metrics", "9464"}},
		{"", "--otlp-audit needs --otlp URL", "2", []string{"read", "--otlp-audit", dir}},
		{"", "--otlp-audit and --filter exclude each other", "2", []string{"read", "--otlp", "http://127.0.0.1:4318", "--otlp-audit", "--filter", "status == 200", dir}},
		{"", "--otlp-spool needs --otlp URL", "2", []string{"demo", "--otlp-spool", dir}},
		{"", "--otlp-spool-size needs --otlp-spool DIR", "2", []string{"demo", "--otlp", "http://127.0.0.1:4318", "--otlp-spool-size", "1G"}},
		{"", "--otlp-spool-size 1m: less than 4m", "2", []string{"demo", "--otlp", "http://127.0.0.1:4318", "--otlp-spool", dir, "--otlp-spool-size", "1M"}},
		{"", "no such file or directory", "1", []string{"demo", "--otlp", "http://127.0.0.1:4318", "--otlp-spool", dir + "/no/such"}},
		{"", "0.0.0.0", "1", []string{"demo", "--metrics", "tcp://0.0.0.0:0"}},
		{"", "not an address such as http", "2", []string{"demo", "--otlp", "127.0.0.1:4318"}},
		{"", "not an address such as http", "2", []string{"demo", "--otlp", "tcp://127.0.0.1:4318"}},
		{"", "no name and password", "2", []string{"demo", "--otlp", "http://a:S3cret@127.0.0.1:4318"}},
		{"", "OTEL_EXPORTER_OTLP_ENDPOINT is not set", "1", []string{"demo", "--otlp", "env"}},
		{"OTEL_EXPORTER_OTLP_PROTOCOL=grpc", "OTEL_EXPORTER_OTLP_PROTOCOL grpc: only http/protobuf is spoken", "1", []string{"demo", "--otlp", "env"}},
		{"OTEL_EXPORTER_OTLP_TIMEOUT=soon", `OTEL_EXPORTER_OTLP_TIMEOUT "soon": not a number of milliseconds`, "1", []string{"demo", "--otlp", "http://127.0.0.1:4318"}},
		{"OTEL_EXPORTER_OTLP_HEADERS=a b=c", `OTEL_EXPORTER_OTLP_HEADERS: "a b" is no header`, "1", []string{"demo", "--otlp", "http://127.0.0.1:4318"}},
		{"", "clients are listened to there", "2", []string{"listen", "--listen", "unix://" + dir + "/s", "--upstream", "unix://" + dir + "/d", "--otlp", "unix://" + dir + "/s"}},
		{"", "clients are listened to there", "2", []string{"listen", "--listen", "unix://" + dir + "/s", "--upstream", "unix://" + dir + "/d", "--otlp", "unix://" + dir + "/link"}},
		{"", "clients are listened to there", "2", []string{"listen", "--listen", "tcp://127.0.0.1:4318", "--upstream", "unix://" + dir + "/d", "--otlp", "http://127.0.0.1:4318"}},
	} {
		prepare := environ("OTEL_EXPORTER_OTLP_ENDPOINT=")
		if tt.env != "" {
			prepare = environ(tt.env)
		}
		got := socktrace(t, prepare, tt.args...).end()
		if !strings.Contains(got.err, tt.says) || strings.Contains(got.err, "S3cret") {
			t.Errorf("%v: told %q", tt.args, got.err)
		}
		check(t, fmt.Sprint(tt.args), got.status, "exit status "+tt.code)
	}
}

// TestOTLPUnharmed: traffic goes on with a collector that takes nothing, and the end comes.
func TestOTLPUnharmed(t *testing.T) {
	hangs, err := net.Listen("unix", filepath.Join(shortDir(t), "c"))
	if err != nil {
		t.Fatal(err)
	}
	defer hangs.Close() // it accepts nobody
	daemon := fakeDaemon(t, func(c net.Conn) {
		defer c.Close()
		b := make([]byte, 4096)
		for {
			if _, err := c.Read(b); err != nil {
				return
			}
			if _, err := io.WriteString(c, "HTTP/1.1 204 No Content\r\n\r\n"); err != nil {
				return
			}
		}
	})
	l := listenWith(t, nil, daemon, "-q", "--otlp", "unix://"+hangs.Addr().String())
	c := l.dial()
	b := make([]byte, 4096)
	for range 200 {
		if _, err := io.WriteString(c, "GET /info HTTP/1.1\r\nHost: docker\r\n\r\n"); err != nil {
			t.Fatal(err)
		}
		if _, err := c.Read(b); err != nil {
			t.Fatal(err)
		}
	}
	c.Close()
	got := l.stop(syscall.SIGTERM)
	check(t, "status", got.status, "exit status 0")
	if !strings.Contains(got.err, "otlp: 201 spans not sent") {
		t.Errorf("told %q", got.err)
	}
}
