package need

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// noted returns the test that lacks what lacks says, and the note that was made of it.
func noted(t *testing.T, require, file string, lacks func(testing.TB)) (inner *fake, note string) {
	t.Helper()
	t.Setenv("SOCKTRACE_REQUIRE", require)
	t.Setenv("SOCKTRACE_SKIPPED", file)
	inner = &fake{TB: t}
	lacks(inner)
	b, err := os.ReadFile(file)
	if err != nil && file != "" && !os.IsNotExist(err) && !inner.failed {
		t.Fatal(err)
	}
	return inner, string(b)
}

// fake is a test that notes how it ends, and goes on.
type fake struct {
	testing.TB
	skipped, failed bool
	said            string
	helpers         int
}

func (f *fake) Helper() { f.helpers++ }

func (f *fake) Name() string { return "TestThat" }

func (f *fake) Fatalf(format string, args ...any) {
	f.failed = true
	f.said += fmt.Sprintf(format, args...)
}

func (f *fake) Error(args ...any) {
	f.failed = true
	f.said += fmt.Sprint(args...)
}

func (f *fake) Skipf(format string, args ...any) {
	f.skipped = true
	f.said += fmt.Sprintf(format, args...)
}

const missing = "no-such-program-anywhere"

// lacks is a test of a program that no machine has.
func lacks(t testing.TB) {
	if path := Program(t, missing); path != "" {
		panic(path)
	}
}

// TestNeed skips aloud, and fails where it must not.
func TestNeed(t *testing.T) {
	file := filepath.Join(t.TempDir(), "skipped")
	const line = "*** TestThat: not tested with " + missing + ": there is none\n"
	const said = "*** NOT TESTED with " + missing + ": there is none"
	for i := range 2 { // the second line is behind the first
		inner, note := noted(t, "other,any", file, lacks)
		if !inner.skipped || inner.failed || inner.said != said || note != strings.Repeat(line, i+1) {
			t.Errorf("%+v, noted %q", inner, note)
		}
		if inner.helpers != 3 {
			t.Errorf("%d functions say that they only help", inner.helpers)
		}
	}
	if info, err := os.Stat(file); err != nil || runtime.GOOS != "windows" && info.Mode().Perm()&^0o600 != 0 {
		t.Errorf("anybody may read it: %v, %v", info.Mode(), err)
	}
	for _, require := range []string{missing, "other," + missing, missing + ",other"} {
		if inner, _ := noted(t, require, filepath.Join(t.TempDir(), "x"), lacks); !inner.failed || inner.said != missing+" is required: there is none"+said {
			t.Errorf("it is required: %+v", inner)
		}
	}
	there := func(t testing.TB) {
		if Program(t, "go") == "" {
			panic("no go")
		}
	}
	if inner, note := noted(t, "go", filepath.Join(t.TempDir(), "x"), there); inner.skipped || inner.failed || note != "" {
		t.Errorf("%+v, noted %q", inner, note)
	}
}

// TestNote: a note is one line, in a file that somebody wants; that it cannot be
// written fails the test.
func TestNote(t *testing.T) {
	file := filepath.Join(t.TempDir(), "skipped")
	inner, note := noted(t, "", file, func(t testing.TB) { Skip(t, "a", "b\nc\nd") })
	if want := "*** TestThat: not tested with a: b c d\n"; note != want || inner.said != "*** NOT TESTED with a: b\nc\nd" {
		t.Errorf("noted %q, said %q", note, inner.said)
	}
	if inner, _ := noted(t, "", "", lacks); !inner.skipped || inner.failed {
		t.Errorf("nobody wants a note: %+v", inner)
	}
	inner, _ = noted(t, "", filepath.Join(t.TempDir(), "no-such", "folder"), lacks)
	if !inner.failed || !inner.skipped || !strings.HasPrefix(inner.said, "open ") {
		t.Errorf("there is no file: %+v", inner)
	}
}
