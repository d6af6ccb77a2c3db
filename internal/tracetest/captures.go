package tracetest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/internal/transcript"
)

// Capture is a session in a transcript file.
type Capture struct {
	Name string // of its file, without ".txt"
	*transcript.Session
}

// Captures returns the sessions in testdata/captures, by name. It finds them
// from any package of the module.
func Captures(t testing.TB) []Capture {
	t.Helper()
	return Load(t, filepath.Join(moduleRoot(t), "testdata", "captures", "*.txt"))
}

// Load returns the sessions in the transcripts that match pattern, by name.
// That there are none is a failure.
func Load(t testing.TB, pattern string) []Capture {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		t.Fatalf("no transcripts match %s: %v", pattern, err)
	}
	var all []Capture
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		s, err := transcript.Parse(file, b)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, Capture{strings.TrimSuffix(filepath.Base(file), ".txt"), s})
	}
	return all
}

// moduleRoot returns the directory of go.mod, above the working directory of
// the test.
func moduleRoot(t testing.TB) string {
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		up := filepath.Dir(dir)
		if up == dir {
			t.Fatal("no go.mod above the working directory")
		}
		dir = up
	}
}
