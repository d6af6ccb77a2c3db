//go:build unix

package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestServeBuildKit records builds by the clients that build with BuildKit by themselves, and has
// them build again with the recording in the daemon's place.
func TestServeBuildKit(t *testing.T) {
	for _, docker := range buildsWithBuildKit(t) {
		checkServedBuilds(t, builder{docker.version + " build", []string{docker.path, "build"}, []string{"DOCKER_BUILDKIT=1"}, nil})
	}
}

// TestServeBuildx does so with buildx.
func TestServeBuildx(t *testing.T) {
	for _, b := range builders(t) {
		checkServedBuilds(t, b)
	}
}

// TestServeBuildOther builds by buildx with a label that the recording does not have: it fails, and both
// sides say why.
func TestServeBuildOther(t *testing.T) {
	for _, b := range builders(t) {
		if b.args[1] != "buildx" {
			continue
		}
		t.Run(b.name, func(t *testing.T) {
			t.Parallel()
			folder, har := shortDir(t), filepath.Join(t.TempDir(), "a.har")
			if err := os.WriteFile(filepath.Join(folder, "Dockerfile"), []byte("FROM "+testImage+"\nRUN echo begun\n"), 0o644); err != nil {
				t.Fatal(err)
			}
			command := b.build(t, folder)
			live := socktrace(t, environ(b.env...), append([]string{"run", "-q", "--har", har, "--"}, command...)...).end()
			check(t, "status of the recorded build", live.status, "exit status 0")
			other := slices.Insert(command, len(b.args), "--label", "for=somebody")
			served := socktrace(t, environ(append([]string{nowhere}, b.env...)...), append([]string{"run", "-q", "--serve", har, "--check", "--"}, other...)...).end()
			check(t, "status", served.status, "exit status 1")
			if n := strings.Count(served.err, "not recorded: nearest is exchange "); n < 2 {
				t.Errorf("said %d times what is not recorded:\n%s", n, served.err)
			}
		})
	}
}

// checkServedBuilds has b build what succeeds and what fails, as it is recorded and in all forms in
// which it is.
func checkServedBuilds(t *testing.T, b builder) {
	t.Helper()
	const from = "FROM " + testImage + "\n"
	for _, c := range []struct{ name, dockerfile, status, says string }{
		{"succeeds", from + "COPY a.txt /{n}.txt\nRUN echo begun && cat /{n}.txt\n", "exit status 0", "hello from a"},
		{"fails", from + "RUN echo begun {n}; false\n", "exit status 1", "exit code: 1"},
		{"misses a file", from + "COPY no-such-file /{n}\n", "exit status 1", "no-such-file"},
	} {
		t.Run(b.name+" "+c.name, func(t *testing.T) {
			t.Parallel()
			folder := shortDir(t)
			dockerfile := strings.ReplaceAll(c.dockerfile, "{n}", uniqueName()) // of steps that builds share one may tell
			for name, text := range map[string]string{"Dockerfile": dockerfile, "a.txt": "hello from a\n"} {
				if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			r := recordingsIn(t.TempDir())
			command := append([]string{"--"}, b.build(t, folder)...)
			live := socktrace(t, environ(b.env...), slices.Concat([]string{"run"}, r.flags(), command)...).end()
			check(t, "status of the recorded build", live.status, c.status)
			for _, file := range []string{r.har, r.pcapng, r.live} {
				for _, speed := range []string{"1", "max"} {
					env := environ(append([]string{nowhere}, b.env...)...)
					served := socktrace(t, env, slices.Concat([]string{"run", "-q", "--serve", file, "--check", "--speed", speed}, command)...).end()
					checkBuilt(t, live.withoutOurs(), served, c.says)
				}
			}
		})
	}
}
