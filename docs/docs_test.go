package docs

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestPages compares what is in the program with the folder.
func TestPages(t *testing.T) {
	files, err := filepath.Glob("*.md")
	if err != nil || len(files) < 5 {
		t.Fatalf("%q, %v", files, err)
	}
	pages, err := Pages()
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, p := range pages {
		names = append(names, p.Name+".md")
		b, err := os.ReadFile(p.Name + ".md")
		if err != nil || p.Text != string(b) {
			t.Errorf("%s: not what the file has (%v)", p.Name, err)
		}
		if p.Title == "" || !strings.HasPrefix(p.Text, "# "+p.Title+"\n") {
			t.Errorf("%s: title %q", p.Name, p.Title)
		}
	}
	if !slices.Equal(names, files) {
		t.Errorf("got %q; want %q", names, files)
	}
}
