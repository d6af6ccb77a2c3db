package main

import (
	"errors"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/socktrace/socktrace/internal/need"
)

// pingDaemon answers every request on a connection.
func pingDaemon(t testing.TB) string {
	t.Helper()
	return fakeDaemon(t, func(c net.Conn) {
		b := make([]byte, 4096)
		for {
			if _, err := c.Read(b); err != nil {
				return
			}
			if _, err := io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK"); err != nil {
				return
			}
		}
	})
}

// TestVia has strace see what a command says that heeds no DOCKER_HOST.
func TestVia(t *testing.T) {
	needStrace(t)
	curl := need.Program(t, "curl")
	t.Parallel()
	path := pingDaemon(t)
	r := recordingsIn(t.TempDir())
	args := append(append([]string{"run", "--via", "strace"}, r.flags()...), "--", curl, "-s", "--unix-socket", path, "http://x/_ping", "http://x/second")
	got := socktrace(t, nil, args...).end()
	check(t, "status", got.status, "exit status 0")
	check(t, "stdout", got.out, "OKOK")
	all := eventsIn(t, r.live)
	if len(all.of("exchange")) != 2 || len(all.of("open")) != 1 {
		t.Fatalf("got %v", all)
	}
	open := all.of("open")[0]
	check(t, "server", open.Server.Addr, "unix://"+path)
	check(t, "client", open.Client.Name, "curl")
	checkAgree(t, r)
}

// TestViaLeavesAlone compares commands with and without: environment, descriptors, input,
// exit status.
func TestViaLeavesAlone(t *testing.T) {
	needStrace(t)
	for _, script := range []string{
		"echo $DOCKER_HOST; echo to stderr >&2", "cat; exit 7", "kill -TERM $$", "ls /proc/self/fd | wc -l", "ps -o args= -p $PPID >/dev/null; cat /proc/$$/stat | cut -d' ' -f5 >/dev/null",
	} {
		t.Run(script, func(t *testing.T) {
			t.Parallel()
			prepare := func(c *exec.Cmd) {
				c.Env = append(os.Environ(), "DOCKER_HOST=tcp://192.0.2.1:1")
				c.Stdin = strings.NewReader("some input\n")
			}
			direct := launch(t, prepare, "sh", "-c", script).end()
			traced := socktrace(t, prepare, "run", "--via", "strace", "-o", filepath.Join(t.TempDir(), "trace"), "--", "sh", "-c", script).end()
			checkAlike(t, direct, traced)
		})
	}
}

// TestViaFails says why a command cannot be traced, as run does.
func TestViaFails(t *testing.T) {
	text := filepath.Join(t.TempDir(), "text")
	if err := os.WriteFile(text, []byte("\x7fno program"), 0o700); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		env          []string
		args         []string
		status, want string
	}{
		"no strace":     {[]string{"PATH=/nowhere"}, []string{"--", "/bin/true"}, "exit status 125", "socktrace: strace is not installed\nsocktrace: hint: its package is called strace: apt install strace"},
		"no command":    {nil, nil, "exit status 125", "socktrace: run: no command\n"},
		"not found":     {nil, []string{"--", "nosuchcommand"}, "exit status 127", "socktrace: run nosuchcommand: "},
		"no program":    {nil, []string{"--", text}, "exit status 126", "socktrace: run " + text + ": exec format error\n"},
		"another":       {nil, []string{"--via", "gdb", "--", "true"}, "exit status 125", `socktrace: --via "gdb": not strace`},
		"upstream":      {nil, []string{"--upstream", "unix:///x", "--", "true"}, "exit status 125", "socktrace: --upstream has no meaning with strace"},
		"no process":    {nil, []string{"--pid", "4194305"}, "exit status 125", "socktrace: --pid 4194305: there is no such process\n"},
		"pid no number": {nil, []string{"--pid", "x"}, "exit status 125", "socktrace: --pid \"x\": not the number of a process\n"},
		"pid and more":  {nil, []string{"--pid", "1", "--", "true"}, "exit status 125", "socktrace: --pid and a command (true) exclude each other\n"},
		"no connection": {nil, []string{"-q", "--", "true"}, "exit status 0", "socktrace: true made no connection that speaks HTTP\n"},
	} {
		t.Run(name, func(t *testing.T) {
			if name != "no strace" {
				needStrace(t)
			}
			t.Parallel()
			got := socktrace(t, environ(test.env...), append([]string{"run", "--via", "strace"}, test.args...)...).end()
			check(t, "status", got.status, test.status)
			if !strings.Contains(got.err, test.want) {
				t.Errorf("stderr: got %q, want %q", got.err, test.want)
			}
		})
	}
}

// TestViaLeftBehind ends with the command, and lets go of what it leaves behind.
func TestViaLeftBehind(t *testing.T) {
	needStrace(t)
	t.Parallel()
	got := socktrace(t, nil, "run", "--via", "strace", "-q", "--", "sh", "-c", "sleep 1000 >/dev/null 2>&1 & echo $!").end()
	check(t, "status", got.status, "exit status 0")
	pid := number(t, got.out)
	defer func() { _ = syscall.Kill(pid, syscall.SIGKILL) }()
	await(t, "the end of tracing", func() bool { _, _, tracer := threadStatus(pid); return tracer == 0 })
	if err := syscall.Kill(pid, 0); err != nil {
		t.Errorf("what was left behind is gone: %v", err)
	}
}

// number reads a number in a line.
func number(t *testing.T, line string) int {
	t.Helper()
	n, err := strconv.Atoi(strings.TrimSpace(line))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// TestViaPid looks at a process that runs, until it is interrupted, and lets go of it.
func TestViaPid(t *testing.T) {
	needStrace(t)
	t.Parallel()
	path := pingDaemon(t)
	curl := need.Program(t, "curl")
	client := launch(t, nil, "sh", "-c", "while :; do "+curl+" -s --unix-socket "+path+" http://x/_ping; done")
	file := filepath.Join(t.TempDir(), "trace.jsonl")
	p := socktrace(t, nil, "run", "--pid", strconv.Itoa(client.Process.Pid), "-f", "jsonl", "-o", file)
	await(t, "exchanges", func() bool { return len(eventsIn(t, file).of("exchange")) > 2 })
	got := p.stop(syscall.SIGINT)
	check(t, "status", got.status, "exit status 0")
	_, _, tracer := threadStatus(client.Process.Pid)
	check(t, "who traces it", tracer, 0)
	if !slices.ContainsFunc(eventsIn(t, file).of("open"), func(ev event) bool { return ev.Client.Name == "curl" && ev.Server.Addr == "unix://"+path }) {
		t.Errorf("no connection of curl in %s", tail(readFile(t, file)))
	}
	before := len(client.out.String())
	await(t, "the process to go on", func() bool { return len(client.out.String()) > before })
}

// TestViaKilled lets go of a process that does nothing, when socktrace itself is killed.
func TestViaKilled(t *testing.T) {
	needStrace(t)
	t.Parallel()
	idle := launch(t, nil, "sleep", "1000")
	traced := func() bool { _, _, tracer := threadStatus(idle.Process.Pid); return tracer > 0 }
	p := socktrace(t, nil, "run", "-q", "--pid", strconv.Itoa(idle.Process.Pid))
	await(t, "being traced", traced)
	p.stop(syscall.SIGKILL)
	await(t, "being let go", func() bool { return !traced() })
	if err := idle.Process.Signal(syscall.Signal(0)); err != nil {
		t.Errorf("what was traced is gone: %v", err)
	}
}

// TestViaRefusals takes apart what strace says of processes that it cannot trace.
func TestViaRefusals(t *testing.T) {
	got := refusals("strace: Process 1 attached\n/usr/bin/strace: attach: ptrace(PTRACE_SEIZE, 12): Operation not permitted\n" +
		"strace: attach: ptrace(PTRACE_ATTACH, 34): No such process\nattach: ptrace(, x): \nattach: ptrace(\n")
	if len(got) != 2 || got[0].Error() != "--pid 12: strace cannot trace it: operation not permitted" || errors.Is(got[0], errEnded) ||
		got[1].Error() != "--pid 34: strace cannot trace it: it has ended" || !errors.Is(got[1], errEnded) {
		t.Errorf("got %q", got)
	}
}
