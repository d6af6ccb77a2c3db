//go:build unix

package main

import (
	"path/filepath"
	"strings"
	"testing"
)

// TestDiffDocker: what the same command of the docker CLI says twice to the same daemon is the
// same, and another command is not.
func TestDiffDocker(t *testing.T) {
	for _, docker := range dockers(t) {
		t.Run(docker.version, func(t *testing.T) {
			t.Parallel()
			name := uniqueName()
			docker.must(t, "run", "-d", "--name", name, "--network", "none", testImage, "sh", "-c", "echo out; echo err >&2; sleep 1000")
			t.Cleanup(func() { docker.must(t, "rm", "-f", name) })
			record := func(args ...string) string {
				t.Helper()
				file := filepath.Join(t.TempDir(), "session.har")
				socktrace(t, nil, append([]string{"run", "-q", "--har", file, "--", docker.path}, args...)...).end()
				return file
			}
			for _, args := range [][]string{
				{"version"},
				{"run", "--rm", "--network", "none", testImage, "echo", "hi"},
				{"run", "--rm", "--network", "none", "-e", "TOKEN=hunter2", "-w", "/tmp", testImage, "sh", "-c", "echo a; echo b >&2; exit 3"},
				{"run", "--rm", "--network", "none", testImage, "/no/such"},
				{"exec", name, "sh", "-c", "echo a; echo b >&2; exit 3"},
				{"logs", "--timestamps", name},
				{"inspect", name},
				{"stats", "--no-stream", name},
				{"top", name},
				{"cp", name + ":/bin/sh", "-"},
				{"image", "ls", testImage},
				{"image", "inspect", testImage},
				{"pause", "no-such"},
				{"rename", name, name},
				{"volume", "inspect", "no-such"},
				{"pull", "no-such.invalid/x"},
			} {
				first, second := record(args...), record(args...)
				got := socktrace(t, nil, "diff", first, second).end()
				if got.status != "exit status 0" {
					t.Errorf("%s, twice: %s\n%s%s", strings.Join(args, " "), got.status, got.out, got.err)
				}
			}
			plain := record("run", "--rm", "--network", "none", testImage, "echo", "hi")
			small := record("run", "--rm", "--network", "none", "-m", "64m", testImage, "echo", "ho")
			got := socktrace(t, nil, "diff", plain, small).end()
			check(t, "status", got.status, "exit status 1")
			for _, says := range []string{"body HostConfig.Memory  0 → 64m\n", "      - hi\n", "      + ho\n", "\n2 exchanges differ; "} {
				if !strings.Contains(strings.Join(strings.Fields(got.out), " "), strings.Join(strings.Fields(says), " ")) {
					t.Errorf("%q is not there:\n%s", says, got.out)
				}
			}
		})
	}
}
