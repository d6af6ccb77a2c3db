package intercept

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/socktrace/socktrace/internal/need"
)

// deadSocket leaves a socket at path that nobody listens on.
func deadSocket(t *testing.T, path string) {
	t.Helper()
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	l.SetUnlinkOnClose(false)
	l.Close()
}

// TestRestore finds a place in each state that a kill can leave it in, and in others.
func TestRestore(t *testing.T) {
	const (
		nothing = iota
		live
		dead
		file
	)
	for _, test := range []struct {
		name        string
		path, aside int
		ours        string // the one that the lock says is ours; empty: it says nothing
		kept        string // the socket that is at the path in the end; empty: none
		did         string // or the error; %s: aside
	}{
		{"nothing to do", live, nothing, "", "path", ""},
		{"of a dead daemon", dead, nothing, "", "path", ""},
		{"killed in place", dead, live, "path", "aside", "the daemon's own socket is back"},
		{"killed in place, no note", dead, live, "", "aside", "the daemon's own socket is back"},
		{"killed before", live, dead, "aside", "path", "removed what was left at %s"},
		{"the daemon made a new one", live, dead, "", "path", "removed what was left at %s"},
		{"both killed", dead, dead, "path", "aside", "the daemon's own socket is back"},
		{"both killed before", dead, dead, "aside", "path", "removed what was left at %s"},
		{"both killed, no note", dead, dead, "", "path", "removed what was left at %s"},
		{"ours alone", dead, nothing, "path", "", "the daemon's own socket, %s, is not there any more: start the daemon again"},
		{"removed by somebody", nothing, live, "", "aside", "the daemon's socket was missing: it is back"},
		{"the daemon ended", nothing, dead, "", "", "removed what was left at %s"},
		{"nobody knows", live, live, "", "path", "somebody listens both on it and on %s: neither was touched"},
		{"a file aside", dead, file, "", "path", "%s: not a socket but a regular file"},
		{"a file in the place", file, live, "", "path", "not a socket but a regular file"},
	} {
		t.Run(test.name, func(t *testing.T) {
			p, err := placeOf(filepath.Join(openDir(t), "d.sock"))
			if err != nil {
				t.Fatal(err)
			}
			made := make(map[string]fileID)
			for name, at := range map[string]struct {
				path string
				what int
			}{"path": {p.path, test.path}, "aside": {p.aside, test.aside}} {
				switch at.what {
				case live:
					echoDaemon(t, at.path)
				case dead:
					deadSocket(t, at.path)
				case file:
					if err := os.WriteFile(at.path, nil, 0o600); err != nil {
						t.Fatal(err)
					}
				}
				made[name] = inode(at.path)
			}
			if id := made[test.ours]; test.ours != "" {
				if err := os.WriteFile(p.lock, fmt.Appendf(nil, "1 %d %d\n", id.dev, id.ino), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			did, err := Restore(p.path)
			if err != nil {
				did = err.Error()
			}
			want := strings.ReplaceAll(test.did, "%s", p.aside)
			if did != want && (err == nil || !strings.HasSuffix(did, want)) {
				t.Errorf("it says %q, want %q", did, want)
			}
			if got := inode(p.path); got != made[test.kept] {
				t.Errorf("at the path %v of %v", got, made)
			}
			if isThere(p.lock) {
				t.Error("the lock is left")
			}
			// Again: it has nothing to do, or says the same.
			again, err := Restore(p.path)
			if err == nil && again != "" || err != nil && err.Error() != did && !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("again: %q, %v", again, err)
			}
		})
	}
}

// inode returns which file is at path, whatever it is.
func inode(path string) fileID {
	var s unix.Stat_t
	if unix.Lstat(path, &s) != nil {
		return fileID{}
	}
	return fileID{s.Dev, s.Ino}
}

// TestRestoreOthers does not have anybody's socket be the daemon's in a directory
// where everybody may make files.
func TestRestoreOthers(t *testing.T) {
	if os.Getuid() != 0 {
		need.Skip(t, "root", "nobody else can give files away")
	}
	p, err := placeOf(filepath.Join(openDir(t), "d.sock"))
	if err != nil {
		t.Fatal(err)
	}
	deadSocket(t, p.path)
	echoDaemon(t, p.aside)
	if err := os.Lchown(p.aside, 65534, 65534); err != nil {
		t.Fatal(err)
	}
	before := inode(p.path)
	if _, err := Restore(p.path); err == nil || !strings.Contains(err.Error(), "belongs to another user") {
		t.Errorf("restore: %v", err)
	}
	if inode(p.path) != before {
		t.Error("it is in the place")
	}
	// Its note is not believed either.
	if err := os.WriteFile(p.lock, fmt.Appendf(nil, "1 %d %d\n", before.dev, before.ino), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chown(p.lock, 65534, 65534); err != nil {
		t.Fatal(err)
	}
	l, err := lockPlace(p.lock)
	if err != nil {
		t.Fatal(err)
	}
	defer l.release()
	if l.left != (fileID{}) {
		t.Errorf("it says %v", l.left)
	}
}

// TestInPlaceTaken refuses a place that somebody has, and says who.
func TestInPlaceTaken(t *testing.T) {
	t.Parallel()
	path := filepath.Join(openDir(t), "d.sock")
	echoDaemon(t, path)
	s := standInFor(t, path)
	want := &InPlaceError{PID: os.Getpid()}
	for name, try := range map[string]func() error{
		"check":   func() error { return CheckInPlace(path) },
		"open":    func() error { _, err := OpenInPlace(path, InPlaceOptions{}); return err },
		"restore": func() error { _, err := Restore(path); return err },
	} {
		var got *InPlaceError
		if err := try(); !errors.As(err, &got) || *got != *want {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := CheckInPlace(s.l.Aside()); err == nil || !strings.Contains(err.Error(), "name the daemon's path: "+path) {
		t.Errorf("aside: %v", err)
	}
	s.end()
	if err := CheckInPlace(path); err != nil {
		t.Error(err)
	}
	noneLeft(t, path)
}

// TestInPlaceNot says of what there is no place to take.
func TestInPlaceNot(t *testing.T) {
	dir := openDir(t)
	at := func(name string) string { return filepath.Join(dir, name) }
	deadSocket(t, at("dead"))
	if err := os.WriteFile(at("file"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.Symlink("file", at(".link.socktrace.lock")), os.Mkdir(at(".folder.socktrace.lock"), 0o700)); err != nil {
		t.Fatal(err)
	}
	for name, kind := range map[string]string{"datagrams": "unixgram", "packets": "unixpacket"} {
		var l interface{ Close() error }
		var err error
		if kind == "unixgram" {
			l, err = net.ListenUnixgram(kind, &net.UnixAddr{Name: at(name), Net: kind})
		} else {
			l, err = net.ListenUnix(kind, &net.UnixAddr{Name: at(name), Net: kind})
		}
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
	}
	for name, want := range map[string]string{
		at("missing"):                "no such file or directory",
		at("dead"):                   "connection refused",
		at("file"):                   "not a socket but a regular file",
		at("datagrams"):              "it is no stream socket: no HTTP daemon listens there",
		at("packets"):                "it is no stream socket: no HTTP daemon listens there",
		at("no/such"):                "directory " + at("no") + ": no such file or directory",
		at("link"):                   at(".link.socktrace.lock") + ": not a regular file",
		at("folder"):                 at(".folder.socktrace.lock") + ": not a regular file",
		"@abstract":                  "an abstract socket has no file: nothing can take its place",
		at(strings.Repeat("x", 100)): fmt.Sprintf("a unix socket's has at most %d", maxUnixPath),
	} {
		for what, err := range map[string]error{"check": CheckInPlace(name), "open": openError(name)} {
			if err == nil || !strings.HasPrefix(err.Error(), "in place of "+name+": ") || !strings.HasSuffix(err.Error(), want) {
				t.Errorf("%s %s: %v, want %s", what, name, err, want)
			}
		}
	}
	names, err := os.ReadDir(dir)
	if err != nil || len(names) != 6 {
		t.Errorf("left: %v, %v", names, err)
	}
}

func openError(path string) error {
	l, err := OpenInPlace(path, InPlaceOptions{})
	if err == nil {
		l.Close()
	}
	return err
}

// TestInPlaceLink takes the place of what a link leads to: both names are traced.
func TestInPlaceLink(t *testing.T) {
	t.Parallel()
	dir := openDir(t)
	path, link := filepath.Join(dir, "d.sock"), filepath.Join(dir, "run", "l.sock")
	echoDaemon(t, path)
	if err := errors.Join(os.Symlink(dir, filepath.Join(dir, "run")), os.Symlink("d.sock", filepath.Join(dir, "l.sock"))); err != nil {
		t.Fatal(err)
	}
	s := standInFor(t, link)
	for _, at := range []string{path, link} {
		if err := tellAndHear(at, []byte("hi")); err != nil {
			t.Error(err)
		}
	}
	s.end()
	if n := s.proxy.Connections(); n != 2 || s.l.Local().Address != path {
		t.Errorf("%d connections to %s", n, s.l.Local())
	}
}

// TestInPlaceAccess keeps owner, group, mode, list and label, and what is changed of
// them meanwhile.
func TestInPlaceAccess(t *testing.T) {
	if os.Getuid() != 0 {
		need.Skip(t, "root", "nobody else can give files away")
	}
	path := filepath.Join(openDir(t), "d.sock")
	echoDaemon(t, path)
	setACL(t, path, aclAttribute, listOf(6, 6, 4, 6, 0))
	if err := errors.Join(os.Lchown(path, alice, docker), unix.Lsetxattr(path, labelAttribute, []byte("system_u:object_r:test_t:s0\x00"), 0)); err != nil {
		t.Fatal(err)
	}
	same := sameSocket(t, path)
	_, before := socketOf(t, path)
	if before.uid != alice || before.gid != docker || before.list == "" || before.label == "" {
		t.Fatalf("%+v", before)
	}
	s := standInFor(t, path)
	if _, a := socketOf(t, path); a != before {
		t.Errorf("in place %+v, want %+v", a, before)
	}
	s.end()
	same()
	s = standInFor(t, path)
	if err := errors.Join(dropACL(path), os.Lchown(path, 0, staff), os.Chmod(path, 0o606)); err != nil {
		t.Fatal(err)
	}
	_, after := socketOf(t, path)
	s.awaitAccess(after)
	s.end()
	if _, a := socketOf(t, path); a != after || a.gid != staff || a.mode != 0o606 {
		t.Errorf("after a change %+v, want %+v", a, after)
	}
}

// awaitAccess waits until the daemon's own socket has some access.
func (s *standIn) awaitAccess(want access) {
	s.t.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(time.Millisecond) {
		if _, a := socketOf(s.t, s.l.Aside()); a == want {
			return
		}
	}
	s.t.Errorf("%s never has %+v", s.l.Aside(), want)
}
