//go:build unix

package main

import (
	"encoding/json"
	"fmt"
	"path/filepath"
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
	const again = "socktrace: or record: socktrace demo -q --har demo.har\nsocktrace: and read: socktrace read -f compact demo.har\n"
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
			check(t, "commands", strings.Join(typedIn(got.out), " "), "events version ps start run logs rm")
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

// TestDemoOrder: what is said has the order of the recording, each time: nothing
// comes before what it depends on.
func TestDemoOrder(t *testing.T) {
	t.Parallel()
	var order []string
	for line := range strings.Lines(socktrace(t, nil, "demo", "-f", "jsonl").end().out) {
		var ev struct {
			Event, Operation string
			Conn, Status     int
		}
		if err := json.Unmarshal([]byte(line), &ev); err != nil {
			t.Fatal(err)
		}
		switch {
		case ev.Conn < 5 || ev.Conn > 7: // those of docker run
		case ev.Event == "request":
			order = append(order, ev.Operation)
		case ev.Event == "response":
			order = append(order, fmt.Sprint(ev.Status))
		}
	}
	const want = "SystemPingHead 200 ContainerCreate 201 ContainerAttach 101 ContainerWait 200 ContainerStart 204"
	check(t, "the order", strings.Join(order, " "), want)
}
