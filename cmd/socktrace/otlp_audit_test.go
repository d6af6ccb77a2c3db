//go:build unix

package main

import (
	"encoding/json"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/socktrace/socktrace/protobuf"
)

// sentRecord is what tests look at of a log record.
type sentRecord struct {
	Body            struct{ StringValue string }
	TraceID, SpanID string
	EventName       string
	SeverityText    string
	line            struct {
		Seq, Conn, Exchange int
		Event, Target       string
	}
}

// sent decodes requests of one kind into all.
func (c *collected) sent(t testing.TB, path, kind string, all any) {
	t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	schema := protobuf.Embedded()
	request := schema.Named("opentelemetry.proto.collector." + kind)
	var texts []string
	for _, b := range c.bodies[path] {
		text, _ := schema.AppendJSON(nil, request, b, protobuf.Limits{Depth: 64, Fields: 1 << 20, Size: 64 << 20})
		texts = append(texts, string(text))
	}
	if err := json.Unmarshal([]byte("["+strings.Join(texts, ",")+"]"), all); err != nil {
		t.Fatal(err)
	}
}

// records returns the log records that are lines of an audit, in the order of those.
func (c *collected) records(t testing.TB) (all []sentRecord) {
	t.Helper()
	var requests []struct {
		ResourceLogs []struct {
			ScopeLogs []struct{ LogRecords []sentRecord }
		}
	}
	c.sent(t, "/v1/logs", "logs.v1.ExportLogsServiceRequest", &requests)
	for _, q := range requests {
		for _, r := range q.ResourceLogs[0].ScopeLogs[0].LogRecords {
			if !strings.HasPrefix(r.EventName, "socktrace.audit.") {
				continue
			}
			if err := json.Unmarshal([]byte(r.Body.StringValue), &r.line); err != nil {
				t.Fatal(err)
			}
			all = append(all, r)
		}
	}
	slices.SortStableFunc(all, func(a, b sentRecord) int { return a.line.Seq - b.line.Seq })
	return all
}

// asFile returns records as the file that they are of.
func asFile(all []sentRecord) string {
	var s strings.Builder
	for _, r := range all {
		s.WriteString(r.Body.StringValue + "\n")
	}
	return s.String()
}

// spanPaths returns the paths of the exchanges that were sent, by their spans.
func (c *collected) spanPaths(t testing.TB) map[string]string {
	t.Helper()
	var requests []struct {
		ResourceSpans []struct {
			ScopeSpans []struct {
				Spans []struct {
					TraceID, SpanID string
					Attributes      []struct {
						Key   string
						Value struct{ StringValue string }
					}
				}
			}
		}
	}
	c.sent(t, "/v1/traces", "trace.v1.ExportTraceServiceRequest", &requests)
	all := make(map[string]string)
	for _, q := range requests {
		for _, s := range q.ResourceSpans[0].ScopeSpans[0].Spans {
			for _, a := range s.Attributes {
				if a.Key == "url.path" {
					all[s.TraceID+" "+s.SpanID] = a.Value.StringValue
				}
			}
		}
	}
	return all
}

// TestOTLPAudit: each line of the file is one record, as it stands there, with the span of its
// exchange; no secret is in one.
func TestOTLPAudit(t *testing.T) {
	conns := make(chan net.Conn, 1)
	release := make(chan struct{})
	t.Cleanup(func() { close(release) })
	daemon := fakeDaemon(t, func(c net.Conn) { conns <- c; <-release })
	for _, strict := range []bool{false, true} {
		file, c := filepath.Join(t.TempDir(), "audit.jsonl"), collectorFor(t, 200)
		flags := []string{"-q", "--audit", file, "--audit-reads", "--otlp", c.URL, "--otlp-audit", "--audit-max-size", "64k", "--mask", "pin", "--mask", "Voucher", "--mask", "x-badge"}
		if strict {
			flags = append(flags, "--audit-strict")
		}
		l, all := listenWith(t, nil, daemon, flags...), plants()
		for _, p := range all {
			p.play(t, l.path, conns)
		}
		check(t, "status", l.stop(syscall.SIGTERM).status, "exit status 0")
		files, err := filepath.Glob(file + "*")
		if err != nil {
			t.Fatal(err)
		}
		slices.SortFunc(files, func(a, b string) int { // the one without a time is the last
			return strings.Compare(a+"~", b+"~")
		})
		var text strings.Builder
		for _, f := range files {
			text.WriteString(readFile(t, f))
		}
		records := c.records(t)
		if got := asFile(records); got != text.String() {
			t.Errorf("%d records, %d lines in %d files; or others", len(records), strings.Count(text.String(), "\n"), len(files))
		}
		for _, p := range all {
			for _, secret := range p.secrets {
				if seen(c.text(), secret) {
					t.Errorf("%s: %q was sent", p.name, secret)
				}
			}
		}
		paths := c.spanPaths(t)
		for _, r := range records {
			if r.line.Exchange == 0 {
				check(t, r.EventName+" has a span", r.SpanID, "")
				continue
			}
			path, ok := paths[r.TraceID+" "+r.SpanID]
			if want, _, _ := strings.Cut(r.line.Target, "?"); !ok || want != "" && path != want {
				t.Errorf("line %d of %s has span %q, of %q", r.line.Seq, r.line.Target, r.SpanID, path)
			}
		}
		if len(records) < len(all) {
			t.Errorf("%d records", len(records))
		}
	}
}

// TestOTLPAuditAlone: there are lines without a file, also over a time when the collector is
// away, and they are a chain.
func TestOTLPAuditAlone(t *testing.T) {
	dir, addr := filepath.Join(t.TempDir(), "spool"), filepath.Join(shortDir(t), "c")
	alerts := filepath.Join(t.TempDir(), "alerts")
	flags := []string{"-q", "--otlp", "unix://" + addr, "--otlp-audit", "--otlp-spool", dir, "--alert", "cat >>" + alerts}
	l := listenWith(t, nil, fakeDaemon(t, echoTarget), flags...)
	c := l.dial()
	const n = 20
	for i := range n {
		if _, err := fmt.Fprintf(c, "POST /v1.47/containers/0-%d/update HTTP/1.1\r\nHost: docker\r\nContent-Length: 0\r\n\r\n", i); err != nil {
			t.Fatal(err)
		}
		if _, err := c.Read(make([]byte, 4096)); err != nil {
			t.Fatal(err)
		}
	}
	c.Close()
	got := l.stop(syscall.SIGTERM)
	check(t, "status", got.status, "exit status 0")
	if !strings.Contains(got.err, "audit: 23 lines, head ") || !strings.Contains(got.err, "kept in "+dir+": 21 spans, 23 log records") || !strings.Contains(got.err, "20 alerts sent") {
		t.Errorf("told %q", got.err)
	}

	there := collectorFor(t, 200)
	there.at(t, addr)
	l = listenWith(t, nil, fakeDaemon(t, echoTarget), flags[:3]...)
	l.stop(syscall.SIGTERM)
	check(t, "records", len(there.records(t)), 0)
	l = listenWith(t, nil, fakeDaemon(t, echoTarget), "-q", "--otlp", "unix://"+addr, "--otlp-spool", dir)
	got = l.stop(syscall.SIGTERM)
	if !strings.Contains(got.err, "otlp: 21 spans, 23 log records sent") {
		t.Errorf("told %q", got.err)
	}
	records := there.records(t)
	check(t, "records", len(records), 23)
	file := filepath.Join(t.TempDir(), "audit.jsonl")
	if err := os.WriteFile(file, []byte(asFile(records)), 0o600); err != nil {
		t.Fatal(err)
	}
	if said := verifies(t, file); !strings.Contains(said, "23 lines") {
		t.Errorf("verify says %q", said)
	}
	check(t, "severity", records[2].SeverityText, "WARN")
}
