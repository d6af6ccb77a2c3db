package need

import (
	"os"
	"path/filepath"
	"testing"
)

// noted returns how a test ended, and the note that was made of it.
func noted(t *testing.T, require string, lacks func(testing.TB)) (skipped, failed bool, note string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "skipped")
	t.Setenv(requireVar, require)
	t.Setenv(skippedVar, file)
	inner := &fake{TB: t}
	lacks(inner)
	b, err := os.ReadFile(file)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return inner.skipped, inner.failed, string(b)
}

// fake is a test that notes how it ends.
type fake struct {
	testing.TB
	skipped, failed bool
}

func (f *fake) Helper() {}

func (f *fake) Name() string { return "TestThat" }

func (f *fake) Fatalf(string, ...any) { f.failed = true }

func (f *fake) Skipf(string, ...any) { f.skipped = true }

// TestNeed skips aloud, and fails where it must not.
func TestNeed(t *testing.T) {
	lacks := func(t testing.TB) {
		if path := Program(t, "no-such-program-anywhere"); path != "" {
			panic(path)
		}
	}
	const line = "*** TestThat: not tested with no-such-program-anywhere: there is none\n"
	if skipped, failed, note := noted(t, "other,any", lacks); !skipped || failed || note != line {
		t.Errorf("skipped %t, failed %t, noted %q", skipped, failed, note)
	}
	if _, failed, _ := noted(t, "other,no-such-program-anywhere", lacks); !failed {
		t.Error("it is required, and did not fail")
	}
	there := func(t testing.TB) {
		if Program(t, "go") == "" {
			panic("no go")
		}
	}
	if skipped, failed, note := noted(t, "", there); skipped || failed || note != "" {
		t.Errorf("skipped %t, failed %t, noted %q", skipped, failed, note)
	}
}
