//go:build unix

package main

import (
	"path/filepath"
	"strings"
	"testing"
)

// TestServeDockerPyObjects records a script that prints each object that docker-py makes of what the
// daemon answers, ids and times too, and runs it again with the recording in the daemon's place: each
// object must be the same. Archives are not masked only with --show-secrets.
func TestServeDockerPyObjects(t *testing.T) {
	dockers(t)
	for _, py := range pythons(t) {
		for _, c := range []struct {
			name   string
			keep   []string // of both runs
			words  []string // of the script
			speeds []string
			least  int // as many calls are made
		}{
			{"archives", []string{"--show-secrets", "--max-body", "8M"}, []string{"archives"}, []string{"1", "max"}, 100},
			{"masked", nil, nil, []string{"max"}, 95},
		} {
			t.Run(py.version+" "+c.name, func(t *testing.T) {
				t.Parallel()
				har := filepath.Join(t.TempDir(), "session.har")
				command := append([]string{"--", py.path, "testdata/dockerpy/objects.py", testImage, uniqueName()}, c.words...)
				run := func(args ...string) []string {
					return append(append(append([]string{"run", "-q"}, c.keep...), args...), command...)
				}
				live := socktrace(t, nil, run("--har", har)...).end()
				check(t, "status of the recorded run", live.status, "exit status 0")
				then := strings.SplitAfter(live.out, "\n")
				if len(then) <= c.least {
					t.Fatalf("%d calls\n%s%s", len(then)-1, live.out, live.err)
				}
				for _, speed := range c.speeds {
					served := socktrace(t, environ(nowhere), run("--serve", har, "--check", "--speed", speed)...).end()
					check(t, speed+": status", served.status, "exit status 0")
					checkObjects(t, speed, strings.SplitAfter(served.out, "\n"), then)
					if !strings.Contains(served.err, ", 0 not recorded\n") {
						t.Errorf("%s: %s", speed, served.err)
					}
				}
			})
		}
	}
}

// checkObjects compares what was printed of each call, to the byte.
func checkObjects(t *testing.T, speed string, got, want []string) {
	t.Helper()
	for i := range max(len(got), len(want)) {
		var a, b string
		if i < len(want) {
			a = want[i]
		}
		if i < len(got) {
			b = got[i]
		}
		if a != b {
			t.Errorf("%s: recorded was\n\t%.2000sserved is\n\t%.2000s", speed, a, b)
		}
	}
}
