//go:build unix

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/socktrace/socktrace/render"
)

// nasty is a name that would drive a terminal, or hides what it is: escape
// sequences, a line of its own, bidirectional controls, a zero-width space, tags,
// variation selectors, many marks, and a byte that is no character.
var nasty = "\x1b]0;x\a\r\nsocktrace: ok\u202e\u200b\U000e0041\ufe0f\u3164e" + strings.Repeat("\u0301", 50) + "\xff"

// TestMessagesAreEscaped has names of all kinds in messages.
func TestMessagesAreEscaped(t *testing.T) {
	t.Parallel()
	dir := shortDir(t)
	odd := filepath.Join(dir, nasty)
	if err := os.WriteFile(odd, []byte("no recording"), 0o600); err != nil {
		t.Fatal(err)
	}
	daemon := idle(t)
	up := func(command string, args ...string) []string {
		return append([]string{command, "--upstream", "unix://" + daemon}, args...)
	}
	for _, args := range [][]string{
		{nasty},
		{"--" + nasty},
		{"-" + nasty},
		{"help", nasty},
		{"version", nasty},
		{"read", odd},
		{"read", filepath.Join(dir, "none"+nasty)},
		{"read", "-o", odd, odd},
		{"demo", "-q", "--har", dir + "/none/" + nasty},
		{"demo", "-q", "--pcapng", filepath.Join(dir, "x"+nasty)},
		{"demo", "--max-body", nasty},
		{"demo", "--heads", nasty},
		{"sniff", "-i", nasty},
		{"sniff", "--port", nasty},
		{"listen", "--upstream", nasty},
		{"listen", "--upstream", "unix://" + odd, "--listen", "unix://" + odd},
		{"listen", "--upstream", "ssh://" + nasty},
		up("listen", "--listen", nasty),
		up("listen", "--listen", "unix://"+odd),
		up("listen", "--listen", "unix://"+dir+"/"+nasty+"/s"),
		up("listen", "--listen", "tcp://"+nasty+":1"),
		up("run", "--", nasty),
		up("run", "--", odd),
		up("run", "--env", nasty+"=", "--", "true"),
		up("run", "-q", "--har", filepath.Join(dir, "y"+nasty), "--", "true"),
		up("run", "--mask", "", "--"+nasty, "--", "true"),
		{"run", "--upstream", "unix://" + odd, "--", "true"},
	} {
		got := socktrace(t, nil, args...).end()
		text := got.err
		if args[0] == "help" || args[0] == "demo" {
			text += got.out
		}
		checkSafe(t, fmt.Sprintf("%q", args), text)
	}
	for name, env := range map[string]string{"DOCKER_HOST": "tcp://" + nasty, "DOCKER_CONTEXT": nasty, "DOCKER_CONFIG": odd} {
		got := socktrace(t, func(c *exec.Cmd) {
			c.Env = append(os.Environ(), "DOCKER_HOST=", "HOME="+dir, name+"="+env)
		}, "listen", "-q", "--listen", "unix://"+dir+"/none/s").end()
		checkSafe(t, name, got.err)
	}
}

// checkSafe checks that text is made of lines that the tool itself has begun, and
// of nothing that drives a terminal or cannot be seen.
func checkSafe(t *testing.T, what, text string) {
	t.Helper()
	if text == "" || !utf8.ValidString(text) {
		t.Errorf("%s: %q", what, text)
	}
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "socktrace: ok") {
			t.Errorf("%s: a line of another: %q", what, line)
		}
		if line = strings.TrimSuffix(line, "\n"); render.Escaped(line) != line {
			t.Errorf("%s: %q is shown as it is", what, line)
		}
	}
}
