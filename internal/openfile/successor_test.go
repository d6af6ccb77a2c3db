//go:build unix

package openfile

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"syscall"
	"testing"
)

// files returns how many files are in the folder.
func (f folder) files() int {
	f.Helper()
	all, err := os.ReadDir(f.dir)
	f.must(err)
	return len(all)
}

// succeed makes a successor, which there must be.
func (f folder) succeed(name string) *Successor {
	f.Helper()
	s, ok := Succeed(f.path(name))
	if !ok {
		f.Fatalf("%s has no successor", name)
	}
	return s
}

// TestSuccessor: the name is that of the old file until the new one is complete, which is
// its owner's alone.
func TestSuccessor(t *testing.T) {
	t.Parallel()
	f := newFolder(t)
	f.write("a", 0o644)
	f.must(os.Link(f.path("a"), f.path("other")))
	long := bytes.Repeat([]byte("0123456789"), successorBuffer/4) // more than is held
	for name, before := range map[string]string{"a": "old", "new": ""} {
		s := f.succeed(name)
		for _, b := range [][]byte{[]byte("<"), long, []byte(">")} {
			n, err := s.Write(b)
			if err != nil || n != len(b) {
				t.Fatalf("%d of %d, %v", n, len(b), err)
			}
			if now, err := os.ReadFile(f.path(name)); string(now) != before || err != nil && before != "" {
				t.Fatalf("%s has %q meanwhile, %v", name, now, err)
			}
		}
		f.must(s.Finish())
		f.has(name, "<"+string(long)+">")
		info, err := os.Stat(f.path(name))
		f.must(err)
		if info.Mode() != 0o600 {
			t.Errorf("%s has mode %v", name, info.Mode())
		}
		s.Abandon()
		f.must(s.Finish())
		if _, err := s.Write([]byte("x")); !errors.Is(err, fs.ErrClosed) || errors.As(err, new(*KeptError)) {
			t.Errorf("written behind the end: %v", err)
		}
		f.has(name, "<"+string(long)+">")
	}
	f.has("other", "old")
	if n := f.files(); n != 3 {
		t.Errorf("%d files", n)
	}
}

// TestSuccessorAbandoned leaves what was there, and nothing beside it.
func TestSuccessorAbandoned(t *testing.T) {
	t.Parallel()
	f := newFolder(t)
	f.write("a", 0o644)
	s := f.succeed("a")
	_, err := s.Write([]byte("new"))
	f.must(err)
	s.Abandon()
	s.Abandon()
	_, err = s.Write([]byte("more"))
	for _, err := range []error{err, s.Finish()} {
		if kept := (*KeptError)(nil); !errors.As(err, &kept) || kept.Error() != f.path("a")+" stays as it was: file already closed" {
			t.Errorf("%v", err)
		}
	}
	f.has("a", "old")
	if n := f.files(); n != 1 {
		t.Errorf("%d files", n)
	}
}

// TestSuccessorFails: the first error of writing is the end, and that of all others.
func TestSuccessorFails(t *testing.T) {
	t.Parallel()
	f := newFolder(t)
	f.write("a", 0o644)
	for name, want := range map[string]string{"a": " stays as it was: file already closed", "new": " was not made: file already closed"} {
		for _, size := range []int{1, 2 * successorBuffer} { // met when it is flushed, or at once
			s := f.succeed(name)
			s.f.Close() // as a disk that is full
			_, err := s.Write(make([]byte, size))
			if (err != nil) != (size > successorBuffer) {
				t.Errorf("%d bytes: %v", size, err)
			}
			for range 2 {
				if err := s.Finish(); err == nil || err.Error() != f.path(name)+want || !errors.Is(err, fs.ErrClosed) {
					t.Errorf("%s: %v", name, err)
				}
			}
		}
	}
	f.has("a", "old")
	if n := f.files(); n != 1 {
		t.Errorf("%d files", n)
	}
}

// TestSuccessorOf: what is no regular file of ours has no successor, nor has what is in a
// folder that does not let one be made.
func TestSuccessorOf(t *testing.T) {
	t.Parallel()
	f := newFolder(t)
	f.write("a", 0o644)
	f.must(os.Symlink("a", f.path("link")))
	f.must(os.Mkdir(f.path("dir"), 0o700))
	f.must(syscall.Mkfifo(f.path("pipe"), 0o600))
	for _, name := range []string{f.path("link"), f.path("dir"), f.path("pipe"), f.path("none/x"), os.DevNull, "/dev/stdout", "/proc/self/fd/1"} {
		if s, ok := Succeed(name); ok || s != nil {
			t.Errorf("%s has a successor", name)
		}
	}
	if n := f.files(); n != 4 {
		t.Errorf("%d files", n)
	}
}

// TestSuccessorNoRename has something else be there in the end: a folder stays, and a file
// that cannot be replaced is written to.
func TestSuccessorNoRename(t *testing.T) {
	t.Parallel()
	f := newFolder(t)
	s := f.succeed("a")
	_, err := s.Write([]byte("new"))
	f.must(err)
	f.must(os.Mkdir(f.path("a"), 0o700))
	if err := s.Finish(); !errors.As(err, new(*KeptError)) {
		t.Errorf("a folder: %v", err)
	}
	f.must(os.Remove(f.path("a")))
	if n := f.files(); n != 0 {
		t.Errorf("%d files", n)
	}

	s = f.succeed("b")
	_, err = s.Write([]byte("new"))
	f.must(errors.Join(err, s.w.Flush(), s.f.Close()))
	s.copy(errors.New("it is mounted"))
	f.must(s.Finish())
	f.has("b", "new")
	if n := f.files(); n != 1 {
		t.Errorf("%d files", n)
	}
}
