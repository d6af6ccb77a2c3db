//go:build unix

package openfile

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"testing/fstest"
	"time"

	"github.com/socktrace/socktrace/internal/need"
)

// patience is how long a test waits for what must happen; it is only used up by
// a failure.
const patience = 30 * time.Second

// folder is one with files to write over.
type folder struct {
	*testing.T
	dir string
}

func (f folder) path(name string) string { return filepath.Join(f.dir, name) }

func (f folder) must(err error) {
	f.Helper()
	if err != nil {
		f.Fatal(err)
	}
}

// write makes a file of some mode.
func (f folder) write(name string, mode os.FileMode) {
	f.Helper()
	f.must(os.WriteFile(f.path(name), []byte("old"), 0o600))
	f.must(os.Chmod(f.path(name), mode))
}

// has checks what a file has in it.
func (f folder) has(name, want string) {
	f.Helper()
	if b, err := os.ReadFile(f.path(name)); err != nil || string(b) != want {
		f.Errorf("%s: %q, %v; want %q", name, b, err, want)
	}
}

// create creates a file, writes to it, and looks at its mode.
func (f folder) create(name string) {
	f.Helper()
	w, err := Create(f.path(name))
	f.must(err)
	defer w.Close()
	_, err = io.WriteString(w, "new")
	f.must(err)
	info, err := os.Stat(f.path(name))
	if err != nil || info.Mode() != 0o600 {
		f.Errorf("%s: mode %v, %v", name, info.Mode(), err)
	}
	f.has(name, "new")
}

func newFolder(t *testing.T) folder { return folder{t, t.TempDir()} }

// TestCreate makes new files, whatever was there: who has the old one open, or
// by another name, sees nothing of the new.
func TestCreate(t *testing.T) {
	defer syscall.Umask(syscall.Umask(0))
	f := newFolder(t)
	f.create("fresh")
	for _, mode := range []os.FileMode{0o600, 0o644, 0o666, 0o400} {
		f.write("there", mode)
		old, err := os.Open(f.path("there"))
		f.must(err)
		defer old.Close()
		f.must(os.Link(f.path("there"), f.path("other")))
		f.create("there")
		if b, err := io.ReadAll(old); err != nil || string(b) != "old" {
			t.Errorf("who had it open reads %q, %v", b, err)
		}
		f.has("other", "old")
		if info, err := os.Stat(f.path("other")); err != nil || info.Mode() != mode {
			t.Errorf("the other name has mode %v, %v; want %v", info.Mode(), err, mode)
		}
		f.must(os.Remove(f.path("other")))
	}
}

// TestCreateRefuses touches nothing that may be somebody else's.
func TestCreateRefuses(t *testing.T) {
	f := newFolder(t)
	f.write("victim", 0o644)
	f.must(os.Symlink(f.path("victim"), f.path("link")))
	f.must(os.Symlink("link", f.path("link2")))
	f.must(os.Symlink(f.path("nothing"), f.path("dangling")))
	f.must(os.Mkdir(f.path("dir"), 0o700))
	const link = "it is a symbolic link; name the file itself"
	for name, want := range map[string]string{"link": link, "link2": link, "dangling": link, "dir": "it is a directory"} {
		_, err := Create(f.path(name))
		if err == nil || err.Error() != "create "+f.path(name)+": "+want {
			t.Errorf("%s: %v", name, err)
		}
	}
	f.has("victim", "old")
	if info, err := os.Stat(f.path("victim")); err != nil || info.Mode() != 0o644 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if _, err := os.Stat(f.path("nothing")); !os.IsNotExist(err) {
		t.Errorf("behind the link: %v", err)
	}
}

// TestCreateOthers refuses what belongs to another user.
func TestCreateOthers(t *testing.T) {
	if os.Geteuid() != 0 {
		need.Skip(t, "root", "nobody else can give files away")
	}
	f := newFolder(t)
	f.write("file", 0o666)
	f.must(syscall.Mkfifo(f.path("pipe"), 0o666))
	f.must(os.Symlink("pipe", f.path("link")))
	for _, name := range []string{"file", "pipe"} {
		f.must(os.Chown(f.path(name), 65534, 65534))
	}
	const others = "it belongs to another user"
	for name, want := range map[string]string{"file": others + "; remove it, or take another name", "pipe": others, "link": others} {
		if _, err := Create(f.path(name)); err == nil || err.Error() != "create "+f.path(name)+": "+want {
			t.Errorf("%s: %v", name, err)
		}
	}
	f.has("file", "old")
}

// TestCreateDevice opens a device whoever has it, but not where a link leads to it.
func TestCreateDevice(t *testing.T) {
	f := newFolder(t)
	err := errors.Join(syscall.Mknod(f.path("null"), syscall.S_IFCHR|0o666, 1<<8|3), os.Chown(f.path("null"), 65534, 65534))
	if err == nil {
		var device *os.File
		if device, err = os.OpenFile(f.path("null"), os.O_WRONLY, 0); err == nil {
			device.Close()
		}
	}
	if err != nil {
		need.Skip(t, "devices", err)
	}
	w, err := Create(f.path("null"))
	f.must(err)
	w.Close()
	f.must(os.Symlink("null", f.path("link")))
	if _, err := Create(f.path("link")); err == nil || !strings.Contains(err.Error(), "it belongs to another user") {
		t.Errorf("by a link: %v", err)
	}
}

// TestReuse empties a file where no new one can be made, if nobody else can see
// it.
func TestReuse(t *testing.T) {
	f := newFolder(t)
	f.write("private", 0o600)
	w, err := reuse(f.path("private"))
	f.must(err)
	w.Close()
	f.has("private", "")

	f.write("open", 0o640)
	f.write("other", 0o601)
	f.write("linked", 0o600)
	f.must(syscall.Mkfifo(f.path("pipe"), 0o600))
	r, err := os.OpenFile(f.path("pipe"), os.O_RDONLY|syscall.O_NONBLOCK, 0)
	f.must(err)
	defer r.Close()
	f.must(os.Link(f.path("linked"), f.path("linked2")))
	f.must(os.Symlink("linked", f.path("link")))
	for name, want := range map[string]string{
		"open": "others may have it open, and this folder lets no new file be made; chmod 600 it if that is fine", "link": "too many levels of symbolic links",
		"other":  "others may have it open, and this folder lets no new file be made; chmod 600 it if that is fine",
		"linked": "it has another name too, and this folder lets no new file be made", "pipe": "it was replaced while it was opened", "none": "no such file or directory",
	} {
		if w, err := reuse(f.path(name)); w != nil || err == nil || !strings.HasSuffix(err.Error(), ": "+want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	f.has("open", "old")
	f.has("linked", "old")
	if b, err := io.ReadAll(r); len(b) > 0 || err != nil { // nobody has it open to write to
		t.Errorf("the pipe: %q, %v", b, err)
	}
}

// TestOpenSame opens what it is told to, and nothing else.
func TestOpenSame(t *testing.T) {
	f := newFolder(t)
	null, err := os.Stat(os.DevNull)
	f.must(err)
	f.write("file", 0o600)
	if w, err := openSame(f.path("file"), null, 0); w != nil || err == nil || err.Error() != f.path("file")+" was replaced while it was opened" {
		t.Errorf("another file: %v", err)
	}
	if w, err := openSame(f.path("none"), null, 0); w != nil || !os.IsNotExist(err) {
		t.Errorf("no file: %v", err)
	}
	f.has("file", "old")
}

// TestOwner: what has no owner that is known is nobody's.
func TestOwner(t *testing.T) {
	info, err := fs.Stat(fstest.MapFS{"file": {}}, "file")
	if err != nil || ours(info) || systems(info) {
		t.Errorf("it is ours, or the system's: %v", err)
	}
}

// TestCreateSpecial opens devices as they are, also by way of a link, and pipes
// when there is a reader.
func TestCreateSpecial(t *testing.T) {
	f := newFolder(t)
	f.must(os.Symlink(os.DevNull, f.path("null")))
	f.must(syscall.Mkfifo(f.path("pipe"), 0o600))
	go func() {
		if r, err := os.Open(f.path("pipe")); err == nil {
			defer r.Close()
			_, _ = io.Copy(io.Discard, r)
		}
	}()
	for _, name := range []string{os.DevNull, f.path("null"), f.path("pipe")} {
		before, err := os.Stat(name)
		f.must(err)
		w, err := Create(name)
		f.must(err)
		after, err := w.Stat()
		if err != nil || !os.SameFile(before, after) || before.Mode() != after.Mode() {
			t.Errorf("%s: %v became %v, %v", name, before.Mode(), after.Mode(), err)
		}
		w.Close()
	}
}

// TestGiven opens what our caller has opened, whatever it is.
func TestGiven(t *testing.T) {
	for name, want := range map[string]bool{
		"/dev/stdout": true, "/dev/fd/63": true, "/dev//fd/3": true, "/dev/stderr": true, "/proc/self/fd/1": true,
		"/dev/fd": false, "/dev/null": false, "/tmp/dev/fd/1": false, "dev/stdout": false,
	} {
		if got := given(name); got != want {
			t.Errorf("%s: %v", name, got)
		}
	}
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	defer w.Close()
	again, err := Create("/dev/fd/" + strconv.Itoa(int(w.Fd())))
	if err != nil {
		t.Fatal(err)
	}
	again.Close()
	f := newFolder(t)
	f.write("file", 0o644)
	file, err := os.Open(f.path("file"))
	f.must(err)
	defer file.Close()
	again, err = Create("/dev/fd/" + strconv.Itoa(int(file.Fd())))
	f.must(err)
	_, err = io.WriteString(again, "by")
	f.must(errors.Join(err, again.Close()))
	f.has("file", "by")
}

// TestInterruptibly waits for a pipe that nobody reads until it is told not to.
func TestInterruptibly(t *testing.T) {
	f := newFolder(t)
	f.must(syscall.Mkfifo(f.path("pipe"), 0o600))
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() {
		_, err := Interruptibly(ctx, func() (*os.File, error) { return Create(f.path("pipe")) })
		ended <- err
	}()
	select {
	case err := <-ended:
		t.Fatalf("nobody reads it, but: %v", err)
	case <-time.After(50 * time.Millisecond):
	}
	stop()
	select {
	case err := <-ended:
		if !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	case <-time.After(patience):
		t.Fatal("it still waits")
	}
	// What was opened too late is closed: a reader sees the end.
	r, err := os.Open(f.path("pipe"))
	f.must(err)
	defer r.Close()
	if b, err := io.ReadAll(r); len(b) > 0 || err != nil {
		t.Errorf("%q, %v", b, err)
	}
	w, err := Interruptibly(context.Background(), func() (*os.File, error) { return Create(f.path("fresh")) })
	f.must(err)
	w.Close()
}

// TestAppend writes behind what is there, and refuses what Create does.
func TestAppend(t *testing.T) {
	f := newFolder(t)
	f.write("old", 0o600)
	for range 2 {
		for _, name := range []string{"old", "new"} {
			w, err := Append(f.path(name))
			f.must(err)
			_, err = w.WriteString("more")
			f.must(errors.Join(err, w.Close()))
		}
	}
	f.has("old", "oldmoremore")
	f.has("new", "moremore")
	if info, err := os.Stat(f.path("new")); err != nil || info.Mode() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	f.must(os.Symlink("old", f.path("link")))
	for name, why := range map[string]string{"link": "it is a symbolic link; name the file itself", ".": "it is a directory"} {
		if w, err := Append(f.path(name)); w != nil || err == nil || !strings.HasSuffix(err.Error(), why) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if os.Geteuid() != 0 {
		need.Skip(t, "root", "a file of another user cannot be made")
	}
	f.must(os.Chown(f.path("old"), 65534, 65534))
	if w, err := Append(f.path("old")); w != nil || err == nil || !strings.Contains(err.Error(), "it belongs to another user") {
		t.Errorf("of another user: %v", err)
	}
}
