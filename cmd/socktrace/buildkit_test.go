//go:build unix

package main

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/internal/need"
)

// buildsWithBuildKit returns the clients that build with BuildKit by themselves: newer
// ones leave that to a plugin.
func buildsWithBuildKit(t *testing.T) (list []cli) {
	t.Helper()
	for _, docker := range dockers(t) {
		if strings.HasPrefix(docker.version, "20.") {
			list = append(list, docker)
		}
	}
	if len(list) == 0 {
		need.Skip(t, "buildkit", "no docker here builds with BuildKit by itself, as 20.10 does")
	}
	return list
}

// TestDockerBuildCalls builds with BuildKit: each call and each message has a name, the
// list of the context is that of the folder without what is ignored, what the steps
// print is told, the secrets are in no output, and the recordings say the same.
func TestDockerBuildCalls(t *testing.T) {
	for _, docker := range buildsWithBuildKit(t) {
		t.Run(docker.version, func(t *testing.T) {
			t.Parallel()
			folder, want := contextFolder(t)
			name := uniqueName()
			t.Cleanup(func() { _ = exec.Command(docker.path, "rmi", "-f", name).Run() })
			r := recordingsIn(t.TempDir())
			args := append(append([]string{"run"}, r.flags()...), "--", docker.path, "build", "--no-cache", "--network", "none", "--build-arg", "DB_PASSWORD="+secret("arg"), "-t", name, folder)
			with := func(c *exec.Cmd) { c.Env = append(os.Environ(), "DOCKER_BUILDKIT=1") }
			got := socktrace(t, with, args...).end()
			check(t, "status", got.status, "exit status 0")
			all := eventsIn(t, r.live)
			checkCalls(t, all)
			stats := all.context(t)
			if !slices.Equal(stats, pathsOf(want)) {
				t.Errorf("the context is\n%q, want\n%q", stats, pathsOf(want))
			}
			checkHidden(t, secret("arg"), r.live, r.har)
			r.pcapng = r.har // what is masked later has other marks
			checkAgree(t, r, "--show-secrets=false")
		})
	}
}

// TestDockerBuildCallsFail builds what fails: the client is told so as without socktrace,
// and so is who looks at the trace.
func TestDockerBuildCallsFail(t *testing.T) {
	for _, docker := range buildsWithBuildKit(t) {
		t.Run(docker.version, func(t *testing.T) {
			t.Parallel()
			folder := filepath.Join(buildFolder(t), "broken")
			with := func(c *exec.Cmd) { c.Env = append(os.Environ(), "DOCKER_BUILDKIT=1") }
			args := []string{"build", "--no-cache", "--network", "none", folder}
			direct := launch(t, with, docker.path, args...).end()
			p, file := docker.trace(t, with, args...)
			traced := p.end()
			check(t, "status", traced.status, direct.status)
			check(t, "status", direct.status, "exit status 1")
			all := parseEvents(t, readFile(t, file))
			checkCalls(t, all)
			const why = "exit code: 7"
			if !slices.ContainsFunc(all.of("message"), func(ev event) bool { return ev.Kind == "grpc" && bytes.Contains(ev.JSON, []byte(why)) }) {
				t.Error("no message says why the step failed")
			}
			if !slices.ContainsFunc(all.of("exchange"), func(ev event) bool { return ev.Operation == "ImageBuild" && strings.Contains(ev.Error, why) }) {
				t.Error("the build does not say why it failed")
			}
		})
	}
}

// checkCalls checks that all calls of gRPC have names, and their messages types.
func checkCalls(t *testing.T, all events) {
	t.Helper()
	calls := 0
	for _, ev := range all.of("exchange") {
		if ev.Operation == "" {
			t.Errorf("no operation for %s %s", ev.Method, ev.Target)
		}
		if strings.Contains(ev.Operation, "/") {
			calls++
		}
	}
	if calls < 2 {
		t.Errorf("%d calls of gRPC", calls)
	}
	for _, ev := range all.of("message") {
		switch {
		case ev.Kind == "raw":
			t.Errorf("%d.%d has raw bytes", ev.Conn, ev.Exchange)
		case strings.HasSuffix(ev.Type, ".ExportTraceServiceRequest"): // dockerd refuses it, perhaps before it is whole
		case ev.Kind == "grpc" && (ev.Type == "" || bytes.Contains(ev.JSON, []byte(`"!"`)) || bytes.Contains(ev.JSON, []byte(`:len"`))):
			t.Errorf("a message of type %q is %.200s", ev.Type, ev.JSON)
		}
	}
	if codes := all.anomalies(); len(codes) > 0 {
		t.Errorf("anomalies: %q", codes)
	}
}

// context returns the paths that BuildKit is told of when it fetches the folder, which
// is the transfer with the most of them, sorted.
func (all events) context(t *testing.T) []string {
	t.Helper()
	lists := map[[2]int][]string{}
	var longest []string
	for _, ev := range all.of("message") {
		if ev.Type != "fsutil.types.Packet" {
			continue
		}
		var p struct{ Stat struct{ Path string } }
		if err := json.Unmarshal(ev.JSON, &p); err != nil {
			t.Fatal(err)
		}
		if key := [2]int{ev.Conn, ev.Exchange}; p.Stat.Path != "" {
			lists[key] = append(lists[key], p.Stat.Path)
			if len(lists[key]) > len(longest) {
				longest = lists[key]
			}
		}
	}
	slices.Sort(longest)
	return longest
}

// pathsOf returns the paths of entries of an archive, sorted.
func pathsOf(list []archived) (paths []string) {
	for _, e := range list {
		paths = append(paths, strings.TrimSuffix(e.Name, "/"))
	}
	slices.Sort(paths)
	return paths
}
