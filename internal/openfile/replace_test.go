//go:build unix

package openfile

import (
	"os"
	"testing"
)

// TestReplace: a file has all of the new text, is its owner's alone, and is another one than
// before; nothing else is left in the folder. What Create refuses stays as it is.
func TestReplace(t *testing.T) {
	t.Parallel()
	f := newFolder(t)
	for _, text := range []string{"one", "two"} {
		f.must(Replaceable(f.path("a")))
		f.must(Replace(f.path("a"), []byte(text)))
		f.has("a", text)
		f.must(os.Chmod(f.path("a"), 0o644))
	}
	f.must(os.Link(f.path("a"), f.path("other")))
	f.must(Replace(f.path("a"), []byte("three")))
	f.has("a", "three")
	f.has("other", "two")
	info, err := os.Stat(f.path("a"))
	f.must(err)
	if info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v", info.Mode())
	}
	f.must(os.Symlink("other", f.path("link")))
	f.must(os.Mkdir(f.path("dir"), 0o700))
	for _, name := range []string{"link", "dir", "no/such"} {
		if Replaceable(f.path(name)) == nil || Replace(f.path(name), []byte("x")) == nil {
			t.Errorf("%s was replaced", name)
		}
	}
	f.has("other", "two")
	f.must(Replaceable(os.DevNull))
	f.must(Replace(os.DevNull, []byte("x")))
	all, err := os.ReadDir(f.dir)
	f.must(err)
	if len(all) != 4 {
		t.Errorf("left over: %v", all)
	}
}
