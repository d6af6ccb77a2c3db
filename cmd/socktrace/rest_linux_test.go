package main

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/internal/need"
)

// TestRest says on a terminal, and there alone, where the rest is of a short view
// that nobody asked for.
func TestRest(t *testing.T) {
	t.Parallel()
	need.Program(t, "curl")
	dir := t.TempDir()
	har := filepath.Join(dir, "x.har")
	check(t, "status", socktrace(t, nil, "demo", "-q", "--har", har).end().status, "exit status 0")
	daemon := "unix://" + fakeDaemon(t, pong)
	curl := []string{"--", "sh", "-c", `curl -s --unix-socket "${DOCKER_HOST#unix://}" http://docker/_ping`}
	const short = "socktrace: short view: --all shows everything"
	for _, test := range []struct {
		args []string
		want string // empty: nothing
	}{
		{[]string{"read", har}, short},
		{[]string{"read", har, "--har", filepath.Join(dir, "y.har")}, short},
		{[]string{"read", "--all", har}, ""},
		{[]string{"read", "--heads", "short", har}, ""},
		{[]string{"read", "--bodies", "none", har}, ""},
		{[]string{"read", "-f", "compact", har}, ""},
		{[]string{"read", "-q", har}, ""},
		{[]string{"read", "-o", filepath.Join(dir, "z.txt"), har}, ""},
		{[]string{"run", "--upstream", daemon, "--", "true"}, ""}, // nothing was left out
		{append([]string{"run", "--upstream", daemon}, curl...), short + ", --har FILE records it"},
		{append([]string{"run", "--upstream", daemon, "--har", filepath.Join(dir, "w.har")}, curl...), short},
	} {
		s := onScreen(t, testedProgram(t), test.args...)
		<-s.done
		lines := strings.Split(strings.TrimSpace(strings.ReplaceAll(s.out.String(), "\r", "")), "\n")
		last := lines[len(lines)-1]
		if has := strings.Contains(last, "short view"); has != (test.want != "") || has && last != test.want {
			t.Errorf("%q ends with %q; want %q", test.args, last, test.want)
		}
	}
	if got := socktrace(t, nil, "read", har).end(); strings.Contains(got.out+got.err, "short view") {
		t.Error("said in a pipe")
	}
}
