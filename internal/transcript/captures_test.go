package transcript

import (
	"os"
	"path/filepath"
	"testing"
)

// TestCaptures reads every recorded session of the project.
func TestCaptures(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("..", "..", "testdata", "captures", "*.txt"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no captures: %v", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			b, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			s, err := Parse(file, b)
			if err != nil {
				t.Fatal(err)
			}
			if len(s.Conns) == 0 {
				t.Error("no connections")
			}
			checkRoundTrip(t, s)
		})
	}
}
