// Package need is for tests of what not every machine has: programs, rights, a
// daemon. Who lacks it is told, and a machine that should have it fails.
package need

import (
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const (
	// requireVar lists, with commas between, what must be there.
	requireVar = "SOCKTRACE_REQUIRE"
	// skippedVar names a file that gets a line for each test that is skipped: go
	// test says nothing of them.
	skippedVar = "SOCKTRACE_SKIPPED"
)

// Program returns the path of a program, without which the test is skipped.
func Program(t testing.TB, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		Skip(t, name, "there is none")
	}
	return path
}

// Skip skips a test, or a part of it, that lacks what, since why; it fails it where
// that is required.
func Skip(t testing.TB, what string, why any) {
	t.Helper()
	// Asking for the variable also keeps go test from reusing a result when it has
	// changed.
	if slices.Contains(strings.Split(os.Getenv(requireVar), ","), what) {
		t.Fatalf("%s is required: %v", what, why)
	}
	note(t, what, why)
	t.Skipf("*** NOT TESTED with %s: %v", what, why)
}

// note writes down what is skipped, if somebody wants to know.
func note(t testing.TB, what string, why any) {
	t.Helper()
	name := os.Getenv(skippedVar)
	if name == "" {
		return
	}
	f, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err == nil {
		_, err = fmt.Fprintf(f, "*** %s: not tested with %s: %v\n", t.Name(), what, strings.ReplaceAll(fmt.Sprint(why), "\n", " "))
		f.Close()
	}
	if err != nil {
		t.Error(err)
	}
}
