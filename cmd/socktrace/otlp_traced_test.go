//go:build unix

package main

import (
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"github.com/socktrace/socktrace/internal/need"
)

// listenToDocker starts socktrace listen before the docker daemon that tests have.
func listenToDocker(t *testing.T, env []string, flags ...string) *listener {
	t.Helper()
	path := filepath.Join(shortDir(t), "s.sock")
	l := &listener{process: socktrace(t, environ(env...), append([]string{"listen", "--listen", "unix://" + path}, flags...)...), path: path}
	l.process.err.await(t, "listening on unix://"+path)
	return l
}

// ofService returns the spans of a service.
func ofService(spans []otlpSpan, service string) (some []otlpSpan) {
	for _, s := range spans {
		if s.service == service {
			some = append(some, s)
		}
	}
	return some
}

// within reports whether a span begins and ends while another is open.
func (s *otlpSpan) within(outer *otlpSpan) bool {
	at := func(text string) uint64 { n, _ := strconv.ParseUint(text, 10, 64); return n }
	return at(outer.Start) <= at(s.Start) && at(s.Start) <= at(s.End) && at(s.End) <= at(outer.End)
}

// TestTracedClient: moby's client, which traces itself with otelhttp, and socktrace make one
// trace: each of our spans is that of the server, below the client's, at a time within that.
func TestTracedClient(t *testing.T) {
	dockers(t)
	traced := need.Program(t, "traced")
	for _, how := range []string{"run", "listen"} {
		t.Run(how, func(t *testing.T) {
			c, trace := startCollector(t), filepath.Join(t.TempDir(), "trace.jsonl")
			env := []string{"OTEL_SERVICE_NAME=", "OTEL_RESOURCE_ATTRIBUTES=", "OTEL_EXPORTER_OTLP_ENDPOINT=" + c.url}
			flags := []string{"--otlp", "env", "-f", "jsonl", "-o", trace}
			command := []string{traced, testImage, "echo", "hello"}
			var got result
			if how == "run" {
				got = socktrace(t, environ(env...), slices.Concat([]string{"run"}, flags, []string{"--"}, command)...).end()
			} else {
				l := listenToDocker(t, env, flags...)
				got = launch(t, environ(append(env, "DOCKER_HOST=unix://"+l.path)...), command[0], command[1:]...).end()
				check(t, "status", l.stop(os.Interrupt).status, "exit status 0")
			}
			check(t, "status", got.status, "exit status 0")
			check(t, "output", got.out, "hello\n")
			spans := c.spans(t)
			own, theirs := ofService(spans, "socktrace"), ofService(spans, "unknown_service:traced")
			checkBelow(t, own, theirs)
			for _, s := range own {
				if s.attribute("http.response.status_code") == "404" {
					check(t, "status of a span of a server that has found nothing", s.Status.Code, 0)
				}
			}
			checkSpans(t, own, readFile(t, trace))
			check(t, "traces", len(traces(spans)), 1)
		})
	}
}

// checkBelow checks that our spans and those of a client are one trace: each of ours, which
// are those of the server, is below one of theirs, which are all taken.
func checkBelow(t *testing.T, ours, theirs []otlpSpan) {
	t.Helper()
	by := make(map[string]*otlpSpan)
	for i := range theirs {
		by[theirs[i].SpanID] = &theirs[i]
	}
	parents := make(map[string]bool)
	for _, s := range ours {
		check(t, "kind of "+s.Name, s.Kind, kindServer)
		if parents[s.ParentSpanID] {
			t.Errorf("%s: its parent has another child", s.Name)
		}
		parents[s.ParentSpanID] = true
		up := by[s.ParentSpanID]
		switch {
		case up != nil:
			check(t, "trace of "+s.Name, s.TraceID, up.TraceID)
			check(t, "kind of the parent of "+s.Name, up.Kind, kindClient)
			if !s.within(up) {
				t.Errorf("%s is from %s to %s, its parent from %s to %s", s.Name, s.Start, s.End, up.Start, up.End)
			}
		case s.attribute("http.response.status_code") != "101": // moby's client never ends its span of an upgrade
			t.Errorf("%s: its parent %q is not the client's", s.Name, s.ParentSpanID)
		}
	}
	for _, s := range theirs {
		if s.Kind == kindClient && !parents[s.SpanID] {
			t.Errorf("the client's %s has no child", s.Name)
		}
	}
	if len(ours) < 5 {
		t.Errorf("%d spans", len(ours))
	}
}
