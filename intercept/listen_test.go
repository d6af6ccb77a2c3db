//go:build unix

package intercept

import (
	"bufio"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/socktrace/socktrace/internal/need"
)

func TestListenRefuses(t *testing.T) {
	dir := tempDir(t)
	path := func(name string) string { return filepath.Join(dir, name) }
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(os.WriteFile(path("file"), []byte("precious"), 0o600))
	must(os.Mkdir(path("dir"), 0o700))
	must(os.Symlink(path("file"), path("link")))
	must(os.Symlink(path("nothing"), path("dangling")))
	live, err := net.Listen("unix", path("live"))
	must(err)
	defer live.Close()
	packets, err := net.ListenPacket("unixgram", path("packets"))
	must(err)
	defer packets.Close()
	tcp, err := net.Listen("tcp", "127.0.0.1:0")
	must(err)
	defer tcp.Close()

	long := "/" + strings.Repeat("x", maxUnixPath)
	tests := []struct {
		addr Addr
		want string
	}{
		{Addr{"unix", path("file")}, "file already exists: it is a regular file"},
		{Addr{"unix", path("dir")}, "file already exists: it is a directory"},
		{Addr{"unix", path("link")}, "file already exists: it is a symbolic link"},
		{Addr{"unix", path("dangling")}, "file already exists: it is a symbolic link"},
		{Addr{"unix", path("live")}, "address already in use by a live socket"},
		{Addr{"unix", path("packets")}, "address in use, cannot tell by whom: protocol wrong type for socket"},
		{Addr{"unix", path("none/s")}, "directory " + path("none") + ": no such file or directory"},
		{Addr{"unix", long}, fmt.Sprintf("path of %d bytes; a unix socket's has at most %d", len(long), maxUnixPath)},
		{Addr{"https", "127.0.0.1:0"}, "can only listen on unix:// and tcp:// addresses"},
		{Addr{"tcp", tcp.Addr().String()}, "address already in use"},
		{Addr{"ssh", "host"}, "can only listen on unix:// and tcp:// addresses"},
	}
	for _, test := range tests {
		l, err := Listen(test.addr, ListenOptions{})
		if err == nil {
			l.Close()
		}
		if want := "listen " + test.addr.String() + ": " + test.want; err == nil || err.Error() != want {
			t.Errorf("got  %v\nwant %s", err, want)
		} else if early := CheckListen(test.addr, ListenOptions{}); early == nil || early.Error() != want {
			t.Errorf("said early: %v\nwant %s", early, want)
		}
	}
	if b, err := os.ReadFile(path("file")); string(b) != "precious" {
		t.Errorf("the file was touched: %q, %v", b, err)
	}
	if c, err := net.Dial("unix", path("live")); err != nil {
		t.Errorf("the live socket was touched: %v", err)
	} else {
		c.Close()
	}
}

// asNobody makes a listener's process run without the rights of root.
func asNobody(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	if os.Getuid() != 0 {
		need.Skip(t, "root", "nobody else can become somebody else")
	}
	copied := filepath.Join(tempDir(t), "test")
	if err := os.Chmod(filepath.Dir(copied), 0o755); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(cmd.Path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(copied, b, 0o755); err != nil {
		t.Fatal(err)
	}
	cmd.Path, cmd.Dir = copied, filepath.Dir(copied)
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
}

func TestListenWithoutPermission(t *testing.T) {
	dir := tempDir(t)
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "s")
	_, said := startListener(t, path, func(cmd *exec.Cmd) { asNobody(t, cmd) })
	if want := "listen unix://" + path + ": permission denied"; said != want {
		t.Errorf("got  %s\nwant %s", said, want)
	}
}

// Who cannot give the socket to the group gives the group no rights.
func TestListenWithoutGroup(t *testing.T) {
	dir := tempDir(t)
	like, path := filepath.Join(dir, "like"), filepath.Join(dir, "s")
	if err := os.WriteFile(like, nil, 0o660); err != nil {
		t.Fatal(err)
	}
	if os.Chmod(like, 0o660) != nil || os.Chmod(dir, 0o777) != nil {
		t.Fatal("chmod")
	}
	_, said := startListener(t, path, func(cmd *exec.Cmd) {
		asNobody(t, cmd)
		cmd.Env = append(cmd.Env, "INTERCEPT_TEST_LIKE="+like)
	})
	info, err := os.Stat(path)
	if said != "ok" || err != nil || info.Mode() != os.ModeSocket|0o600 {
		t.Errorf("%s: mode %v, %v; want 0600", said, info.Mode(), err)
	}
}

// Before it has its final mode the socket is private.
func TestBindPrivately(t *testing.T) {
	defer syscall.Umask(syscall.Umask(0))
	path := filepath.Join(tempDir(t), "s")
	l, err := bindPrivately(path)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	info, err := os.Stat(path)
	if err != nil || info.Mode() != os.ModeSocket|0o600 {
		t.Errorf("mode %v, %v; want 0600", info.Mode(), err)
	}
	if mask := syscall.Umask(0); mask != 0 {
		t.Errorf("umask %o is left", mask)
	}
}

func TestListenMode(t *testing.T) {
	tests := []struct {
		name string
		like os.FileMode // 0: no such file
		want os.FileMode
	}{
		{"like docker.sock", 0o660, 0o660},
		{"never executable", 0o777, 0o666},
		{"private", 0o600, 0o600},
		{"not even for the owner", 0o060, 0o060},
		{"nothing to be like", 0, 0o600},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			defer syscall.Umask(syscall.Umask(0))
			dir := openDir(t)
			like := filepath.Join(dir, "like")
			if test.like != 0 {
				if err := os.WriteFile(like, nil, 0o600); err != nil {
					t.Fatal(err)
				}
				if err := os.Chmod(like, test.like); err != nil {
					t.Fatal(err)
				}
			}
			checkMode(t, filepath.Join(dir, "s"), like, test.want)
			if test.like == 0 {
				checkMode(t, filepath.Join(dir, "s2"), "", test.want)
			}
		})
	}
}

func checkMode(t *testing.T, path, like string, want os.FileMode) {
	t.Helper()
	l, err := Listen(Addr{"unix", path}, ListenOptions{Like: like})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	info, err := os.Stat(path)
	if err != nil || info.Mode() != os.ModeSocket|want {
		t.Errorf("mode %v, %v; want %v", info.Mode(), err, want)
	}
}

func TestListenGroup(t *testing.T) {
	const gid = 4242
	dir := openDir(t)
	like, path := filepath.Join(dir, "like"), filepath.Join(dir, "s")
	if err := os.WriteFile(like, nil, 0o660); err != nil {
		t.Fatal(err)
	}
	if os.Chmod(like, 0o660) != nil || os.Chown(like, -1, gid) != nil {
		need.Skip(t, "root", "files cannot be given to other groups")
	}
	checkMode(t, path, like, 0o660)
	l, err := Listen(Addr{"unix", path}, ListenOptions{Like: like})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	info, err := os.Stat(path)
	if err != nil || info.Sys().(*syscall.Stat_t).Gid != gid {
		t.Errorf("group %d, %v; want %d", info.Sys().(*syscall.Stat_t).Gid, err, gid)
	}
}

func TestListenerKnowsItsAddress(t *testing.T) {
	t.Chdir(tempDir(t))
	wd, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	l, err := Listen(Addr{"unix", "s"}, ListenOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if want := (Addr{"unix", filepath.Join(wd, "s")}); l.Local() != want {
		t.Errorf("got %v; want %v", l.Local(), want)
	}
	t.Chdir("/") // it must still find its file
	l.Close()
	if _, err := os.Lstat(l.Local().Address); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the file is left: %v", err)
	}
	l, err = Listen(Addr{"tcp", "127.0.0.1:0/base"}, ListenOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if a := l.Local(); a.String() != "tcp://"+l.Addr().String()+"/base" {
		t.Errorf("got %v", a)
	}
}

func TestCloseRemovesOnlyItsOwnFile(t *testing.T) {
	path := filepath.Join(tempDir(t), "s")
	l, err := Listen(Addr{"unix", path}, ListenOptions{})
	if err != nil {
		t.Fatal(err)
	}
	os.Remove(path)
	if err := os.WriteFile(path, []byte("other"), 0o600); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := l.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	}
	if b, err := os.ReadFile(path); string(b) != "other" {
		t.Errorf("another's file is gone: %v", err)
	}
}

// openDir returns a directory that every user can search.
func openDir(t *testing.T) string {
	t.Helper()
	dir := tempDir(t)
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

// startListener starts another process that listens on path.
func startListener(t *testing.T, path string, set ...func(*exec.Cmd)) (*exec.Cmd, string) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), "INTERCEPT_TEST_ROLE=listen", "INTERCEPT_TEST_SOCKET="+path)
	for _, f := range set {
		f(cmd)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return cmd, strings.TrimSpace(line)
}

func TestKilledPredecessorIsReplaced(t *testing.T) {
	path := filepath.Join(tempDir(t), "s")
	cmd, said := startListener(t, path)
	if said != "ok" {
		t.Fatal(said)
	}
	if _, err := Listen(Addr{"unix", path}, ListenOptions{}); err == nil || !strings.Contains(err.Error(), "live socket") {
		t.Fatalf("while it lives: %v", err)
	}
	cmd.Process.Kill()
	cmd.Wait()
	if _, err := os.Lstat(path); err != nil {
		t.Fatalf("it should have left its socket: %v", err)
	}
	l, err := Listen(Addr{"unix", path}, ListenOptions{})
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
}

// Of several processes that find the same stale socket, one gets it.
func TestRaceForAStaleSocket(t *testing.T) {
	for range 5 {
		dir := tempDir(t)
		path, start := filepath.Join(dir, "s"), filepath.Join(dir, "start")
		stale, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
		if err != nil {
			t.Fatal(err)
		}
		stale.SetUnlinkOnClose(false)
		stale.Close()
		said := make(chan string)
		const racers = 6
		for range racers {
			go func() {
				_, line := startListener(t, path, func(cmd *exec.Cmd) {
					cmd.Env = append(cmd.Env, "INTERCEPT_TEST_START="+start)
				})
				said <- line
			}()
		}
		time.Sleep(100 * time.Millisecond) // most of them wait
		if err := os.WriteFile(start, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		winners := 0
		for range racers {
			switch line := <-said; {
			case line == "ok":
				winners++
			case !strings.Contains(line, "live socket"):
				t.Error(line)
			}
		}
		if winners != 1 {
			t.Errorf("%d processes got the socket", winners)
		}
	}
}

func TestCheck(t *testing.T) {
	dir := tempDir(t)
	file, sock := filepath.Join(dir, "file"), filepath.Join(dir, "s")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("unix", sock)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	stale := filepath.Join(dir, "stale")
	left, err := net.ListenUnix("unix", &net.UnixAddr{Name: stale, Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	left.SetUnlinkOnClose(false)
	left.Close()
	t.Setenv("PATH", dir)
	tests := []struct {
		addr Addr
		want string // empty: fine
	}{
		{Addr{"unix", sock}, ""},
		{Addr{"unix", stale}, "connection refused"},
		{Addr{"unix", "@abstract"}, ""},
		{Addr{"tcp", "127.0.0.1:1"}, ""},
		{Addr{"unix", file}, "not a socket but a regular file"},
		{Addr{"unix", dir}, "not a socket but a directory"},
		{Addr{"unix", dir + "/none"}, "no such file or directory"},
		{Addr{"unix", "/" + strings.Repeat("x", maxUnixPath)}, fmt.Sprintf("path of %d bytes; a unix socket's has at most %d", maxUnixPath+1, maxUnixPath)},
	}
	for _, test := range tests {
		err := Upstream{Addr: test.addr}.Check()
		want := "upstream " + test.addr.String() + ": " + test.want
		if test.want == "" && err != nil || test.want != "" && (err == nil || err.Error() != want) {
			t.Errorf("got  %v\nwant %s", err, want)
		}
	}
	raw, err := l.(*net.UnixListener).SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	if err := raw.Control(func(fd uintptr) {
		if _, _, err := syscall.Accept(int(fd)); err != syscall.EAGAIN {
			t.Errorf("a check has connected: %v", err)
		}
	}); err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	u := Upstream{Addr: Addr{"ssh", "host"}, Command: []string{self, "no command"}}
	if err := u.Check(); err != nil {
		t.Error(err)
	}
	u.Command = []string{"ssh", self}
	if err := u.Check(); err == nil || err.Error() != "upstream ssh://host: no ssh command in PATH" {
		t.Errorf("got %v", err)
	}
	if os.Getuid() == 0 {
		return // may do everything
	}
	if err := os.Chmod(sock, 0); err != nil {
		t.Fatal(err)
	}
	if err := (Upstream{Addr: Addr{"unix", sock}}).Check(); !errors.Is(err, os.ErrPermission) {
		t.Errorf("got %v; want permission denied", err)
	}
}
