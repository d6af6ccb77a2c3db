//go:build unix

package intercept

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/socktrace/socktrace/internal/need"
)

// Users of TestShare, and what they belong to.
const (
	alice = 4001 // of the group staff
	bob   = 4002 // of the group docker
	carol = 4003 // of both
	dave  = 4004 // of neither

	docker = 4242
	staff  = 4243
)

// groupsOf are the groups of the users of TestShare.
var groupsOf = map[int][]int{alice: {staff}, bob: {docker}, carol: {docker, staff}, dave: nil}

// perm says who has a file, and what they may do with it.
type perm struct {
	mode     os.FileMode
	uid, gid int
}

// allows reports whether a user has the rights of a mask (1 to search, 2 to write).
func (p perm) allows(uid int, mask os.FileMode) bool {
	if uid == p.uid {
		return p.mode>>6&mask == mask
	}
	for _, g := range groupsOf[uid] {
		if g == p.gid {
			return p.mode>>3&mask == mask
		}
	}
	return p.mode&mask == mask
}

// TestShare gives a socket's stand-in, at a path that everybody reaches, to nobody
// who cannot connect to the socket itself, whatever the modes of that and of the
// folders above it are; and where they are usual, to everybody who can.
func TestShare(t *testing.T) {
	if os.Getuid() != 0 {
		need.Skip(t, "root", "nobody else can give files away")
	}
	for _, sock := range []perm{{0o660, 0, docker}, {0o666, 0, 0}, {0o606, 0, docker}, {0o600, 0, 0}, {0o777, 0, 0}, {0o660, alice, docker}, {0o066, alice, staff}} {
		for _, dir := range []perm{{0o755, 0, 0}, {0o700, 0, 0}, {0o750, 0, docker}, {0o750, 0, staff}, {0o711, 0, 0}, {0o705, 0, staff}, {0o701, 0, docker}, {0o710, 0, docker}, {0o770, alice, docker}} {
			above := openDir(t)
			folder, like, path := filepath.Join(above, "d"), filepath.Join(above, "d", "s"), filepath.Join(above, "new")
			if err := os.Mkdir(folder, 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(like, nil, 0o600); err != nil {
				t.Fatal(err)
			}
			for name, p := range map[string]perm{folder: dir, like: sock} {
				if err := os.Chown(name, p.uid, p.gid); err != nil {
					t.Fatal(err)
				}
				if err := os.Chmod(name, p.mode); err != nil {
					t.Fatal(err)
				}
			}
			got := stoodInFor(t, path, like)
			for uid := range groupsOf {
				can := dir.allows(uid, 1) && sock.allows(uid, 2)
				usual := dir.mode == 0o755 && sock.uid == 0
				if could := got.allows(uid, 2); could && !can || !could && can && usual {
					t.Errorf("socket %o in %o: user %d may use it: %t; may use its stand-in %o: %t", sock, dir, uid, can, got, could)
				}
			}
		}
	}
}

// stoodInFor listens at path for like, and returns what the socket is.
func stoodInFor(t *testing.T, path, like string) perm {
	t.Helper()
	l, err := Listen(Addr{"unix", path}, ListenOptions{Like: like})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return permOf(t, path)
}

func permOf(t *testing.T, path string) perm {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	s := info.Sys().(*syscall.Stat_t)
	return perm{info.Mode().Perm(), int(s.Uid), int(s.Gid)}
}

// TestShareOwner keeps from all others what the owner has kept from itself, if that
// is somebody else than we, and can be kept from anything.
func TestShareOwner(t *testing.T) {
	for _, test := range []struct {
		owner, us int
		want      model
	}{
		{alice, alice, model{owner: 4, group: 6, other: 2}},
		{0, alice, model{owner: 4, group: 6, other: 2}},
		{0, 0, model{owner: 4, group: 6, other: 2}},
		{alice, bob, model{owner: 4, group: 4}},
		{alice, 0, model{owner: 4, group: 4}},
	} {
		m := model{owner: 4, group: 6, other: 2}
		if m.ownedBy(test.owner, test.us); m != test.want {
			t.Errorf("of %d, by %d: %+v; want %+v", test.owner, test.us, m, test.want)
		}
	}
}

// TestShareByLink goes by what a link leads to.
func TestShareByLink(t *testing.T) {
	dir := openDir(t)
	private := filepath.Join(dir, "private")
	if err := os.Mkdir(private, 0o700); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]os.FileMode{"private/s": 0o600, "s": 0o666} {
		like, link := filepath.Join(dir, name), filepath.Join(dir, "link")
		if err := os.WriteFile(like, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(like, 0o666); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(like, link); err != nil {
			t.Fatal(err)
		}
		checkMode(t, filepath.Join(dir, "new"), link, want)
		if err := os.Remove(link); err != nil {
			t.Fatal(err)
		}
	}
}

// TestShareAbove goes by all folders above a socket, however far.
func TestShareAbove(t *testing.T) {
	for private, want := range map[string]os.FileMode{"a": 0o600, "a/b": 0o600, "a/b/c": 0o600, "": 0o666} {
		dir := openDir(t)
		like := filepath.Join(dir, "a/b/c/s")
		if err := os.MkdirAll(filepath.Dir(like), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(os.WriteFile(like, nil, 0o600), os.Chmod(like, 0o666)); err != nil {
			t.Fatal(err)
		}
		for folder := filepath.Dir(like); folder != dir; folder = filepath.Dir(folder) {
			mode := os.FileMode(0o755)
			if folder == filepath.Join(dir, private) {
				mode = 0o700
			}
			if err := os.Chmod(folder, mode); err != nil {
				t.Fatal(err)
			}
		}
		checkMode(t, filepath.Join(dir, "new"), like, want)
	}
}

// TestShareAbstract takes no file for an abstract socket.
func TestShareAbstract(t *testing.T) {
	t.Chdir(openDir(t))
	if err := os.WriteFile("@name", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod("@name", 0o666); err != nil {
		t.Fatal(err)
	}
	checkMode(t, "s", "@name", 0o600)
}
