package disk

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
)

// kinds are those of the tests.
var kinds = []string{"traces", "logs"}

// request returns a request with a text in it, compressed.
func request(text string) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write(append([]byte{1<<3 | 2, byte(len(text))}, text...))
	z.Close()
	return b.Bytes()
}

// warned is what people were told.
type warned struct {
	mu  sync.Mutex
	all []string
}

func (w *warned) warn(err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.all = append(w.all, err.Error())
}

// opened opens a store that warns of nothing.
func opened(t *testing.T, dir string, size int64) *Store {
	t.Helper()
	s, err := Open(dir, Options{Size: size, Kinds: kinds, Warn: func(err error) { t.Errorf("warning: %v", err) }})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// warning opens a store that may warn.
func warning(t *testing.T, dir string, size int64) (*Store, *warned) {
	t.Helper()
	w := &warned{}
	s, err := Open(dir, Options{Size: size, Kinds: kinds, Warn: w.warn})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s, w
}

func put(t *testing.T, s *Store, kind string, items int64, text string) {
	t.Helper()
	if err := s.Put(kind, s.Reserve(), items, request(text)); err != nil {
		t.Fatal(err)
	}
}

// all takes out all that is kept of a kind, and returns the texts.
func all(t *testing.T, s *Store, kind string) (texts []string) {
	t.Helper()
	for {
		u, b, ok, err := s.Oldest(kind)
		if err != nil {
			t.Fatal(err)
		}
		if !ok {
			return texts
		}
		plain, err := Plain(b)
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, string(plain[2:]))
		s.Done(u)
	}
}

func equal[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

// names returns the files in a folder, but for the lock.
func names(t *testing.T, dir string) (all []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.Name() != lockName {
			all = append(all, e.Name())
		}
	}
	return all
}

// TestKeeps: what is put comes back in order, by kind, once; also from another Store.
func TestKeeps(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "spool")
	s := opened(t, dir, 1<<20)
	var want []string
	for i := range 12 {
		want = append(want, fmt.Sprint("span ", i))
		put(t, s, "traces", 3, want[i])
		put(t, s, "logs", 1, fmt.Sprint("log ", i))
	}
	late := s.Reserve()
	put(t, s, "traces", 3, "last")
	if err := s.Put("traces", late, 3, request("before the last")); err != nil {
		t.Fatal(err)
	}
	want = append(want, "before the last", "last")
	kept, dropped := s.Counts("traces")
	equal(t, "kept", kept, 42)
	equal(t, "dropped", dropped, 0)
	u, _, _, _ := s.Oldest("traces")
	s.Later(u)
	if u, _, ok, _ := s.Oldest("traces"); !ok || u.Number != 1 {
		t.Errorf("after Later: %+v", u)
	} else {
		s.Later(u)
	}
	s.Close()
	if runtime.GOOS != "windows" {
		for _, name := range append(names(t, dir), ".", lockName) {
			info, err := os.Stat(filepath.Join(dir, name))
			if err != nil {
				t.Fatal(err)
			}
			equal(t, name, info.Mode().Perm()&0o077, 0)
		}
	}

	s = opened(t, dir, 1<<20)
	if got := all(t, s, "traces"); !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
	equal(t, "logs", len(all(t, s, "logs")), 12)
	equal(t, "has", s.Has("traces") || s.Has("logs"), false)
	equal(t, "files", len(names(t, dir)), 0)
	equal(t, "bytes", s.held.Load(), 0)
	if kept, _ := s.Counts("traces"); kept != 0 {
		t.Errorf("%d are kept", kept)
	}
	put(t, s, "traces", 1, "after")
	s.Close()
	if err := s.Put("traces", s.Reserve(), 1, request("x")); err == nil {
		t.Error("a closed store keeps something")
	}
}

// TestFull: the oldest of all kinds goes, but not what is on its way; that is counted, and
// told once. What is there is never more than may be.
func TestFull(t *testing.T) {
	dir := t.TempDir()
	s, says := warning(t, dir, 4*block)
	put(t, s, "logs", 5, "a")
	put(t, s, "traces", 7, "b")
	sent, _, _, _ := s.Oldest("traces")
	for i := range 10 {
		put(t, s, "traces", 1, fmt.Sprint(i))
		if n := int64(len(names(t, dir))) * block; n > 4*block || n != s.held.Load() {
			t.Fatalf("%d bytes are held, %d counted", n, s.held.Load())
		}
	}
	if _, dropped := s.Counts("logs"); dropped != 5 {
		t.Errorf("%d logs dropped", dropped)
	}
	s.Done(sent) // it was taken meanwhile
	kept, dropped := s.Counts("traces")
	equal(t, "kept", kept, 3)
	equal(t, "dropped", dropped, 7)
	if got := all(t, s, "traces"); !slices.Equal(got, []string{"7", "8", "9"}) {
		t.Errorf("got %q", got)
	}
	if len(says.all) != 1 || !strings.Contains(says.all[0], "is full: the oldest is left out") {
		t.Errorf("told %q", says.all)
	}
	if err := s.Put("traces", s.Reserve(), 1, make([]byte, 5*block)); err == nil {
		t.Error("more than all was kept")
	}
}

// TestMany: there are no more requests than may be, however small they are.
func TestMany(t *testing.T) {
	dir := t.TempDir()
	s, _ := warning(t, dir, 1<<30)
	s.most = 5
	for i := range 20 {
		put(t, s, kinds[i%2], 1, fmt.Sprint(i))
		if n := len(names(t, dir)); n > 5 {
			t.Fatalf("%d files", n)
		}
	}
	_, traces := s.Counts("traces")
	_, logs := s.Counts("logs")
	equal(t, "dropped", traces+logs, 15)
}

// TestSmaller: a store that is smaller than the one before leaves the oldest out.
func TestSmaller(t *testing.T) {
	dir := t.TempDir()
	s := opened(t, dir, 1<<20)
	for i := range 10 {
		put(t, s, "traces", 2, fmt.Sprint(i))
	}
	s.Close()
	s, _ = warning(t, dir, 3*block)
	if got := all(t, s, "traces"); !slices.Equal(got, []string{"7", "8", "9"}) {
		t.Errorf("got %q", got)
	}
	if _, dropped := s.Counts("traces"); dropped != 14 {
		t.Errorf("%d dropped", dropped)
	}
}

// TestDamaged: a file that is damaged in any way is removed, told and counted; the others
// come. What is not ours stays.
func TestDamaged(t *testing.T) {
	whole := request("whole")
	damages := map[string][]byte{"empty": {}, "text": []byte("hello"), "no request": request("")[:0], "behind": append(bytes.Clone(whole), 'x')}
	var other bytes.Buffer
	z := gzip.NewWriter(&other)
	_, _ = z.Write([]byte{2<<3 | 2, 0})
	z.Close()
	damages["another message"] = other.Bytes()
	var none bytes.Buffer
	gzip.NewWriter(&none).Close()
	damages["nothing in it"] = none.Bytes()
	for i := range whole {
		damages[fmt.Sprint("cut at ", i)] = whole[:i]
		if i == 3 || 4 <= i && i < 10 { // flags that are heeded or not, time, system
			continue
		}
		changed := bytes.Clone(whole)
		changed[i] ^= 0x41
		damages[fmt.Sprint("changed at ", i)] = changed
	}
	for what, b := range damages {
		dir := t.TempDir()
		s := opened(t, dir, 1<<20)
		put(t, s, "traces", 1, "first")
		put(t, s, "traces", 9, "second")
		put(t, s, "traces", 1, "third")
		s.Close()
		path := filepath.Join(dir, "0000000000000002-traces-9.gz")
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		s, says := warning(t, dir, 1<<20)
		if got := all(t, s, "traces"); !slices.Equal(got, []string{"first", "third"}) {
			t.Errorf("%s: got %q", what, got)
		}
		kept, dropped := s.Counts("traces")
		equal(t, what+": kept", kept, 0)
		equal(t, what+": dropped", dropped, 9)
		if len(says.all) != 1 || !strings.Contains(says.all[0], path+": damaged: ") || !strings.Contains(says.all[0], "left out, with 9 items") {
			t.Errorf("%s: told %q", what, says.all)
		}
		equal(t, what+": files", len(names(t, dir)), 0)
		s.Close()
	}
}

// TestNotOurs: what has no name of ours stays as it is, what a kill has left behind goes.
func TestNotOurs(t *testing.T) {
	dir := t.TempDir()
	foreign := []string{"README", "0000000000000003-metrics-1.gz", "3-traces-1.gz", "0000000000000003-traces-0.gz", "0000000000000003-traces-1.gz.bak", "0000000000000003-traces-01.gz", "x.new", "0000000000000003-traces--1.gz", "99999999999999999999-traces-1.gz", "0000000000000003-traces-99999999.gz"}
	for _, name := range append(foreign, "0000000000000004-traces-1.gz"+unfinished) {
		if err := os.WriteFile(filepath.Join(dir, name), request("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "0000000000000005-traces-1.gz"), 0o700); err != nil {
		t.Fatal(err)
	}
	s := opened(t, dir, 1<<20)
	defer s.Close()
	put(t, s, "traces", 1, "a")
	if got := all(t, s, "traces"); !slices.Equal(got, []string{"a"}) {
		t.Errorf("got %q", got)
	}
	equal(t, "files", len(names(t, dir)), len(foreign)+1)
}

// TestGone: a file that somebody has removed is counted, and stops nobody.
func TestGone(t *testing.T) {
	dir := t.TempDir()
	s, says := warning(t, dir, 1<<20)
	put(t, s, "traces", 4, "a")
	put(t, s, "traces", 1, "b")
	if err := os.Remove(filepath.Join(dir, "0000000000000001-traces-4.gz")); err != nil {
		t.Fatal(err)
	}
	if got := all(t, s, "traces"); !slices.Equal(got, []string{"b"}) {
		t.Errorf("got %q", got)
	}
	if _, dropped := s.Counts("traces"); dropped != 4 || len(says.all) != 1 {
		t.Errorf("%d dropped, told %q", dropped, says.all)
	}
}

// TestRefuses: what is no folder of ours alone, or somebody else has, is refused in a word.
func TestRefuses(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	cases := map[string]string{file: "it is no folder", filepath.Join(dir, "no", "such"): "no such file"}
	if runtime.GOOS != "windows" {
		open := filepath.Join(dir, "open")
		if err := os.Mkdir(open, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(open, 0o770); err != nil {
			t.Fatal(err)
		}
		cases[open] = "others may write to it"
		other := filepath.Join(dir, "other")
		if err := os.Mkdir(other, 0o700); err != nil {
			t.Fatal(err)
		}
		if os.Geteuid() == 0 {
			if err := os.Chown(other, 4711, 4711); err != nil {
				t.Fatal(err)
			}
			cases[other] = "it belongs to another user"
		} else {
			if err := os.Chmod(other, 0o500); err != nil {
				t.Fatal(err)
			}
			cases[other] = "permission denied"
		}
		taken := filepath.Join(dir, "taken")
		s := opened(t, taken, 1<<20)
		defer s.Close()
		cases[taken] = "another process has it"
	}
	for path, want := range cases {
		s, err := Open(path, Options{Size: 1 << 20, Kinds: kinds})
		if err == nil {
			s.Close()
		}
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: %v, want %q", path, err, want)
		}
	}
}

// TestFailing: a folder that cannot be written to makes Put fail, and keeps what there is.
func TestFailing(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "spool")
	s, _ := warning(t, dir, 1<<20)
	put(t, s, "traces", 1, "a")
	moved := dir + ".moved"
	if err := os.Rename(dir, moved); err != nil {
		t.Skip(err) // a folder that is open cannot be, somewhere
	}
	if err := s.Put("traces", s.Reserve(), 1, request("b")); err == nil {
		t.Error("what has no folder was kept")
	}
	if err := os.Rename(moved, dir); err != nil {
		t.Fatal(err)
	}
	put(t, s, "traces", 1, "c")
	if got := all(t, s, "traces"); !slices.Equal(got, []string{"a", "c"}) {
		t.Errorf("got %q", got)
	}
}
