//go:build unix

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/internal/need"
)

// composed is a project for docker compose, without networks.
const composed = `services:
  first: {image: ` + testImage + `, network_mode: none, command: [sleep, "600"], init: true, stop_grace_period: 1s}
  second: {image: ` + testImage + `, network_mode: none, command: [echo, hello], depends_on: [first]}
`

// compose returns the command with a project of its own, which is gone at the end.
func compose(t *testing.T) []string {
	t.Helper()
	dockers(t)
	path := need.Program(t, "docker-compose")
	file := filepath.Join(t.TempDir(), "compose.yaml")
	if err := os.WriteFile(file, []byte(composed), 0o600); err != nil {
		t.Fatal(err)
	}
	args := []string{path, "-f", file, "-p", uniqueName()}
	t.Cleanup(func() { _ = exec.Command(args[0], append(slices.Clone(args[1:]), "kill")...).Run() })
	t.Cleanup(func() { _ = exec.Command(args[0], append(slices.Clone(args[1:]), "down")...).Run() })
	return args
}

// untraced are variables of clients that are not to export anything by themselves.
var untraced = []string{"OTEL_EXPORTER_OTLP_ENDPOINT=", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=", "OTEL_TRACES_EXPORTER=", "OTEL_SERVICE_NAME=", "OTEL_RESOURCE_ATTRIBUTES=", "TRACEPARENT="}

// TestComposeSpans: each command of docker compose is one trace, below one span, though it
// names spans of its own, which go nowhere.
func TestComposeSpans(t *testing.T) {
	command, c, trace := compose(t), startCollector(t), filepath.Join(t.TempDir(), "trace.jsonl")
	l := listenToDocker(t, untraced, "--otlp", c.url, "-f", "jsonl", "-o", trace)
	for _, args := range [][]string{{"up", "-d"}, {"ps"}, {"down"}} {
		got := launch(t, environ(append(untraced, "DOCKER_HOST=unix://"+l.path)...), command[0], slices.Concat(command[1:], args)...).end()
		check(t, "status", got.status, "exit status 0")
	}
	check(t, "status", l.stop(os.Interrupt).status, "exit status 0")
	spans := c.spans(t)
	checkSpans(t, spans, readFile(t, trace))
	all := traces(spans)
	check(t, "traces", len(all), 3)
	for _, spans := range all {
		checkRooted(t, spans, "docker-compose")
	}
}

// checkRooted checks that spans are below one, a command, and links to those of the client.
func checkRooted(t *testing.T, spans []*otlpSpan, command string) {
	t.Helper()
	ids, links := make(map[string]bool), 0
	for _, s := range spans {
		ids[s.SpanID] = true
	}
	for _, s := range spans {
		switch {
		case s.ParentSpanID == "":
			check(t, "root", s.Name, command)
			check(t, "kind of the root", s.Kind, kindInternal)
		case !ids[s.ParentSpanID]:
			t.Errorf("%s: its parent is not there", s.Name)
		default:
			check(t, "kind of "+s.Name, s.Kind, kindClient)
			links += len(s.Links)
		}
	}
	if links < 2 {
		t.Errorf("%d of %d spans have links", links, len(spans))
	}
}

// TestComposeExports: docker compose that exports its spans, by gRPC as it does, and
// socktrace make one trace a command.
func TestComposeExports(t *testing.T) {
	command, c, trace := compose(t), startCollector(t), filepath.Join(t.TempDir(), "trace.jsonl")
	args := append([]string{"run", "--otlp", c.url, "-f", "jsonl", "-o", trace, "--"}, append(command, "up", "-d")...)
	got := socktrace(t, environ(append(untraced, "OTEL_EXPORTER_OTLP_ENDPOINT="+c.grpc, "OTEL_EXPORTER_OTLP_INSECURE=true")...), args...).end()
	check(t, "status", got.status, "exit status 0")
	spans := c.spans(t)
	ours := ofService(spans, "socktrace")
	checkSpans(t, ours, readFile(t, trace))
	checkBelow(t, ours, ofService(spans, "compose"))
	alone := 0
	for _, spans := range traces(spans) {
		if len(spans) == 2 && strings.HasSuffix(spans[0].Name, "/_ping") { // compose has that in no command
			alone++
		}
	}
	check(t, "traces beside those of pings", len(traces(spans))-alone, 1)
}

// TestBuildxSpans: a build is one trace, below one span, unless buildx exports its own: then
// calls of BuildKit are below those, in the trace that buildx was given.
func TestBuildxSpans(t *testing.T) {
	given := "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
	for _, b := range builders(t) {
		if !strings.HasSuffix(b.name, "buildx") {
			continue
		}
		for _, exports := range []bool{false, true} {
			name := b.name
			env := append(slices.Clone(b.env), untraced...)
			c, trace := startCollector(t), filepath.Join(t.TempDir(), "trace.jsonl")
			if exports {
				name += " exports"
				env = append(env, "OTEL_EXPORTER_OTLP_ENDPOINT="+c.grpc, "OTEL_EXPORTER_OTLP_PROTOCOL=grpc", "TRACEPARENT="+given)
			}
			t.Run(name, func(t *testing.T) {
				args := append([]string{"run", "--otlp", c.url, "-f", "jsonl", "-o", trace, "--"}, b.build(t, buildFolder(t))...)
				got := socktrace(t, environ(env...), args...).end()
				check(t, "status", got.status, "exit status 0")
				spans := c.spans(t)
				ours := ofService(spans, "socktrace")
				checkSpans(t, ours, readFile(t, trace))
				if !exports {
					of := 0
					for _, spans := range traces(spans) {
						if !slices.ContainsFunc(spans, func(s *otlpSpan) bool { return s.Name == "docker" || strings.HasPrefix(s.Name, "docker ") }) { // which may ask too
							checkRooted(t, spans, "docker-buildx")
							of++
						}
					}
					check(t, "traces of buildx", of, 1)
					return
				}
				var joined []otlpSpan // the others, that name none, are of the command
				for _, s := range ours {
					if s.Kind == kindServer {
						joined = append(joined, s)
						check(t, "trace of "+s.Name, s.TraceID, given[3:35])
					}
				}
				checkBelow(t, joined, ofService(spans, "buildx"))
				for _, call := range []string{"Control/Solve", "Control/Status", "LLBBridge/Solve"} {
					if !slices.ContainsFunc(joined, func(s otlpSpan) bool { return strings.HasSuffix(s.Name, call) }) {
						t.Errorf("no %s below one of buildx", call)
					}
				}
			})
		}
	}
}

// TestFilteredSpans: calls of BuildKit that a filter shows are below the command, though what
// carries them is hidden.
func TestFilteredSpans(t *testing.T) {
	b := builders(t)[0] // buildx
	c := startCollector(t)
	args := append([]string{"run", "-q", "--otlp", c.url, "--op", "Control/Solve", "--"}, b.build(t, buildFolder(t))...)
	check(t, "status", socktrace(t, environ(append(slices.Clone(b.env), untraced...)...), args...).end().status, "exit status 0")
	spans := c.spans(t)
	check(t, "traces", len(traces(spans)), 1)
	count := make(map[string]int)
	by := make(map[string]*otlpSpan)
	for i := range spans {
		by[spans[i].SpanID] = &spans[i]
		count[spans[i].Name]++
	}
	const solve, hidden, root = "moby.buildkit.v1.Control/Solve", "not shown", "docker-buildx"
	if count[solve] == 0 || count[hidden] == 0 || count[root] != 1 || len(count) != 3 {
		t.Errorf("spans %v", count)
	}
	up := map[string]string{solve: hidden, hidden: root}
	for _, s := range spans {
		switch parent := by[s.ParentSpanID]; {
		case s.Name == root:
			check(t, "parent of "+root, s.ParentSpanID, "")
		case parent == nil:
			t.Errorf("%s: its parent is not there", s.Name)
		default:
			check(t, "parent of "+s.Name, parent.Name, up[s.Name])
			if !s.within(parent) {
				t.Errorf("%s is from %s to %s, its parent from %s to %s", s.Name, s.Start, s.End, parent.Start, parent.End)
			}
		}
	}
}
