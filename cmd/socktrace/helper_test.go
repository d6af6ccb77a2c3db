//go:build unix

package main

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/socktrace/socktrace/internal/testpeer"
)

// patience is how long a test waits for what must happen; it is only used up
// by a failure.
const patience = 60 * time.Second

// programFolder makes the folder that the program is in.
var programFolder = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", folderOfProgram)
	if err != nil {
		return "", err
	}
	return dir, os.Chmod(dir, 0o755) // some tests run it as another user
})

const folderOfProgram = "st-program-"

// programFile is the program that the tests run: a copy of their own file, which is
// the program where it stands in that folder. So they run what they were built with.
var programFile = sync.OnceValues(func() (string, error) {
	dir, err := programFolder()
	if err != nil {
		return "", err
	}
	own, err := os.Executable()
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "socktrace")
	// Not written by us: what we start meanwhile would have it open for a moment, and
	// then it could not be run.
	if out, err := exec.Command("cp", own, path).CombinedOutput(); err != nil {
		return "", fmt.Errorf("cp: %w\n%s", err, out)
	}
	return path, nil
})

// isProgram reports whether this process is one of the program's.
func isProgram() bool {
	own, err := os.Executable()
	return err == nil && strings.HasPrefix(filepath.Base(filepath.Dir(own)), folderOfProgram)
}

// builtFile builds the program as a user would, once, for those who measure it: what
// the tests add takes memory, and time.
var builtFile = sync.OnceValues(func() (string, error) {
	dir, err := programFolder()
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "built")
	if out, err := exec.Command("go", "build", "-o", path, ".").CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	return path, nil
})

// testedProgram returns the path of the program.
func testedProgram(t testing.TB) string {
	t.Helper()
	file := programFile
	if _, times := t.(*testing.B); times || weighs(t) {
		file = builtFile
	}
	path, err := file()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// weighs reports whether a test looks at how much memory the program needs.
func weighs(t testing.TB) bool {
	name, _, _ := strings.Cut(t.Name(), "/")
	return strings.HasPrefix(name, "TestMemory") || slices.Contains([]string{"TestManyConnections", "TestHostilePeers"}, name)
}

// underRace reports whether the tests run with the race detector; then the
// program does too, and needs more memory and time.
func underRace() bool {
	info, _ := debug.ReadBuildInfo()
	for _, s := range info.Settings {
		if s.Key == "-race" && s.Value == "true" {
			return true
		}
	}
	return false
}

// TestMain runs the program, a client, or the tests, and removes what those have made.
func TestMain(m *testing.M) {
	if isProgram() {
		main()
	}
	if socket := os.Getenv(soakClientVar); socket != "" {
		playSoakClient(socket)
		os.Exit(0)
	}
	code := m.Run()
	if dir, err := programFolder(); err == nil {
		os.RemoveAll(dir)
	}
	os.Exit(code)
}

// shortDir returns a new folder whose path leaves room for the name of a
// socket.
func shortDir(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "st")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

// syncBuffer collects the output of a process while a test looks at it.
type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// process is a program that a test runs.
type process struct {
	*exec.Cmd
	t        testing.TB
	out, err syncBuffer // where Stdout and Stderr go, unless prepare changed them
	done     chan struct{}
}

// launch starts a program in a process group of its own, without input.
// prepare may change how. The end of the test kills what is left of it.
func launch(t testing.TB, prepare func(*exec.Cmd), name string, args ...string) *process {
	t.Helper()
	p := &process{Cmd: exec.Command(name, args...), t: t, done: make(chan struct{})}
	p.Stdout, p.Stderr = &p.out, &p.err
	p.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	p.WaitDelay = 10 * time.Second // for a grandchild that holds the pipes
	if prepare != nil {
		prepare(p.Cmd)
	}
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		_ = p.Wait()
		close(p.done)
	}()
	t.Cleanup(func() {
		select {
		case <-p.done:
		default:
			_ = syscall.Kill(-p.Process.Pid, syscall.SIGKILL)
			<-p.done
		}
	})
	return p
}

// socktrace starts the program itself.
func socktrace(t testing.TB, prepare func(*exec.Cmd), args ...string) *process {
	t.Helper()
	return launch(t, prepare, testedProgram(t), args...)
}

// result is how a program ended.
type result struct{ out, err, status string }

// end waits for the end of the process.
func (p *process) end() result {
	p.t.Helper()
	select {
	case <-p.done:
	case <-time.After(patience):
		p.t.Fatalf("%s does not end\nstdout: %s\nstderr: %s", p, tail(p.out.String()), tail(p.err.String()))
	}
	return result{p.out.String(), p.err.String(), p.ProcessState.String()}
}

// stop sends a signal and waits for the end.
func (p *process) stop(s os.Signal) result {
	p.t.Helper()
	if err := p.Process.Signal(s); err != nil {
		p.t.Errorf("%s: %v", p, err)
	}
	return p.end()
}

// tail returns the end of a long output.
func tail(s string) string {
	const most = 4 << 10
	if len(s) > most {
		return "…" + s[len(s)-most:]
	}
	return s
}

// await polls until ok returns true.
func await(t testing.TB, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("waited in vain for %s", what)
		}
	}
}

// await waits for text in what the buffer collects.
func (s *syncBuffer) await(t testing.TB, text string) {
	t.Helper()
	for end := time.Now().Add(patience); !strings.Contains(s.String(), text); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("waited in vain for %q in %q", text, tail(s.String()))
		}
	}
}

// environ runs a program with these variables, besides those there are.
func environ(pairs ...string) func(*exec.Cmd) {
	return func(c *exec.Cmd) { c.Env = append(os.Environ(), pairs...) }
}

// fakeDaemon serves connections on a unix socket with handle, and returns the
// socket's path.
func fakeDaemon(t testing.TB, handle func(net.Conn)) string {
	t.Helper()
	path := filepath.Join(shortDir(t), "d.sock")
	l, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	testpeer.Serve(t, l, handle)
	return path
}

// listener is a running socktrace listen.
type listener struct {
	*process
	path string // of its socket
	file string // of its output
}

// listenTo starts socktrace listen before the daemon at upstream, with its
// output in a file.
func listenTo(t testing.TB, upstream string, args ...string) *listener {
	t.Helper()
	file := filepath.Join(t.TempDir(), "trace")
	l := listenWith(t, nil, upstream, append([]string{"-o", file}, args...)...)
	l.file = file
	return l
}

// listenWith is the same with the output where prepare says.
func listenWith(t testing.TB, prepare func(*exec.Cmd), upstream string, args ...string) *listener {
	t.Helper()
	path := filepath.Join(shortDir(t), "s.sock")
	args = append([]string{"listen", "--listen", "unix://" + path, "--upstream", "unix://" + upstream}, args...)
	l := &listener{process: socktrace(t, prepare, args...), path: path}
	l.process.err.await(t, "listening on unix://"+path)
	return l
}

// dial connects to the listener.
func (l *listener) dial() *net.UnixConn {
	l.t.Helper()
	return dialUnix(l.t, l.path)
}

// dialUnix connects to a socket, with a deadline for everything.
func dialUnix(t testing.TB, path string) *net.UnixConn {
	t.Helper()
	c, err := net.Dial("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	if err := c.SetDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	return c.(*net.UnixConn)
}

// saved returns what the output file holds.
func (l *listener) saved() string {
	l.t.Helper()
	return readFile(l.t, l.file)
}

func readFile(t testing.TB, name string) string {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// check fails the test if got is not want.
func check[T comparable](t testing.TB, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s:\ngot  %v\nwant %v", what, got, want)
	}
}

// checkLines is check for texts of many lines: it shows from where on, and how,
// they differ.
func checkLines(t testing.TB, what, got, want string) {
	t.Helper()
	if got == want {
		return
	}
	g, w := strings.SplitAfter(got, "\n"), strings.SplitAfter(want, "\n")
	same := 0
	for same < min(len(g), len(w)) && g[same] == w[same] {
		same++
	}
	few := func(lines []string) []string { return lines[same:min(len(lines), same+5)] }
	t.Errorf("%s, from line %d:\ngot  %.2000q\nwant %.2000q", what, same+1, few(g), few(w))
}
