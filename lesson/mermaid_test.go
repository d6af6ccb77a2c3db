package lesson

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/internal/need"
)

// TestMermaid has Mermaid's own parser read the diagrams of the lessons in testdata. It is
// there after make diagrams.
func TestMermaid(t *testing.T) {
	node := need.Program(t, "node")
	if _, err := os.Stat(filepath.Join("testdata", "mermaid", "node_modules", "mermaid")); err != nil {
		need.Skip(t, "mermaid", "make diagrams gets it")
	}
	files, err := filepath.Glob(filepath.Join("testdata", "*.md"))
	if err != nil || len(files) < 5 {
		t.Fatalf("%q, %v", files, err)
	}
	check := filepath.Join("testdata", "mermaid", "check.mjs")
	out, err := exec.Command(node, append([]string{check}, files...)...).CombinedOutput()
	if err != nil || strings.Count(string(out), ": sequence\n") != len(files) {
		t.Errorf("%v\n%s", err, out)
	}
	broken := filepath.Join(t.TempDir(), "broken.md")
	if err := os.WriteFile(broken, []byte("```mermaid\nsequenceDiagram\n    A->>B: a; b\n```\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(node, check, broken).CombinedOutput(); err == nil {
		t.Errorf("what is broken is taken: %s", out)
	}
}
