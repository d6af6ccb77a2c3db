//go:build unix

package main

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// typedIn returns the commands in a live output of the demo, docker cut off.
func typedIn(out string) (typed []string) {
	for line := range strings.Lines(out) {
		if command, ok := strings.CutPrefix(line, "$ docker "); ok {
			typed = append(typed, strings.Fields(command)[0])
		}
	}
	return typed
}

// TestDemoCommands shows the commands where people read, each before the first
// exchange that it made, and says what to try next.
func TestDemoCommands(t *testing.T) {
	t.Parallel()
	const again = "socktrace: or record and read: socktrace demo -q --har demo.har; socktrace read -f compact demo.har\n"
	const next = "socktrace: try next: socktrace run -- docker ps\n"
	file := filepath.Join(t.TempDir(), "a b.har")
	for _, test := range []struct {
		args   []string
		people bool
		stderr string
	}{
		{[]string{"-f", "compact"}, true, next + again},
		{[]string{"-f", "text", "--har", file}, true, next + "socktrace: or look at the recording: socktrace read -f compact '" + file + "'\n"},
		{[]string{"-f", "jsonl"}, false, ""},
		{[]string{"-q"}, false, ""},
	} {
		t.Run(strings.Join(test.args[:min(2, len(test.args))], " "), func(t *testing.T) {
			t.Parallel()
			got := socktrace(t, nil, append([]string{"demo"}, test.args...)...).end()
			check(t, "status", got.status, "exit status 0")
			if test.people {
				check(t, "stderr", got.err, test.stderr)
			} else if strings.Contains(got.err, "try next") || strings.Contains(got.out, "$ docker") {
				t.Errorf("for programs: %s%s", got.out, got.err)
			}
			if !test.people {
				return
			}
			typed := typedIn(got.out)
			slices.Sort(typed) // a machine may be too busy to keep the order
			check(t, "commands", strings.Join(typed, " "), "events logs ps rm run start version")
			if strings.Contains(got.out, "\x1b") {
				t.Error("colours in a pipe")
			}
		})
	}
	t.Run("colour", func(t *testing.T) {
		t.Parallel()
		got := socktrace(t, nil, "demo", "-f", "compact", "--color", "always").end()
		if !strings.Contains(got.out, "\x1b[2m$ docker rm demo\x1b[22m\n") {
			t.Errorf("not dim: %q", got.out)
		}
	})
}
