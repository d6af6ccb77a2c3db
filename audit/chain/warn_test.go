//go:build unix

package chain

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestWarnings: who is told names the file, so warnings do not.
func TestWarnings(t *testing.T) {
	name := filepath.Join(t.TempDir(), "a")
	if err := os.WriteFile(name, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(name, 0o644); err != nil {
		t.Fatal(err)
	}
	var told []string
	l, err := Open(name, Options{Warn: func(err error) { told = append(told, err.Error()) }})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	put := func() error { return l.Put([]byte(`"event":"x"`), nil) }
	if err := put(); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(name, name+".moved"); err != nil {
		t.Fatal(err)
	}
	if err := put(); err != nil {
		t.Fatal(err)
	}
	if len(told) != 2 || !strings.HasPrefix(told[0], "others may") || !strings.HasPrefix(told[1], "it was moved or removed") {
		t.Errorf("told %q", told)
	}
	if err := os.Remove(name); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(name, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := put(); err == nil || strings.Contains(err.Error(), name) {
		t.Errorf("a folder in its place: %v", err)
	}
}
