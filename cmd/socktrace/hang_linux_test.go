package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/socktrace/socktrace/internal/need"
)

// TestDiskHangs records to a file on which writes hang after a while: that holds
// one connection, and others go on. The program ends when it is asked to, and
// closes both.
func TestDiskHangs(t *testing.T) {
	t.Parallel()
	if out, err := exec.Command(need.Program(t, "strace"), "-D", "-o", os.DevNull, "true").CombinedOutput(); err != nil {
		need.Skip(t, "strace", fmt.Errorf("%w: %s", err, out))
	}
	for _, flag := range []string{"--har", "--pcapng"} {
		t.Run(flag, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(t.TempDir(), "recording")
			l := listenWith(t, hangs(t, file), fakeDaemon(t, frames), "-q", flag, file)
			held := l.dial()
			if err := held.SetReadDeadline(time.Now().Add(5 * time.Second)); err != nil {
				t.Fatal(err)
			}
			answers, err := bufio.NewReader(held), error(nil)
			for n := 0; err == nil; n++ {
				if err = readFrames(held, answers, 1); n > 10_000 {
					t.Fatal("no write hangs")
				}
			}
			if !errors.Is(err, os.ErrDeadlineExceeded) {
				t.Fatalf("the connection that is to be held: %v", err)
			}
			other := l.dial()
			for range 20 {
				readSome(t, other, bufio.NewReader(other), 1)
			}
			tracer := tracerOf(t, l.Process.Pid)
			if err := l.Process.Signal(syscall.SIGTERM); err != nil {
				t.Fatal(err)
			}
			l.err.await(t, fmt.Sprintf("\nsocktrace: %s does not move: its end was not written\n", file))
			l.err.await(t, fmt.Sprintf("\nsocktrace: %s was too slow: ", file))
			for _, c := range []net.Conn{held, other} {
				err := c.SetReadDeadline(time.Now().Add(patience))
				if err == nil {
					_, err = c.Read(make([]byte, 1))
				}
				if err == nil || errors.Is(err, os.ErrDeadlineExceeded) {
					t.Errorf("it was not closed: %v", err)
				}
			}
			await(t, "the end", func() bool { return exited(l.Process.Pid) })
			if err := syscall.Kill(tracer, syscall.SIGKILL); err != nil { // it holds the thread that hangs
				t.Fatal(err)
			}
			check(t, "status", l.end().status, "exit status 0")
		})
	}
}

// hangs has writes to the file hang from some write on, in the system call.
func hangs(t *testing.T, file string) func(*exec.Cmd) {
	path := need.Program(t, "strace")
	return func(c *exec.Cmd) {
		args := []string{"strace", "-D", "-f", "-o", os.DevNull, "-P", file, "-e", "trace=write,pwrite64",
			"-e", "inject=write,pwrite64:delay_enter=600000000:when=20+", c.Path}
		c.Path, c.Args = path, append(args, c.Args[1:]...)
	}
}

// exited reports whether nothing is left of a process but a thread that its tracer
// holds.
func exited(pid int) bool {
	threads, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/status", pid))
	for _, name := range threads {
		if state := statusIn(name, "State"); state != "" && !strings.ContainsAny(state[:1], "tXZ") {
			return false
		}
	}
	return true
}

// statusIn returns what a file of the system says of a thread, by name: "" if it
// is gone.
func statusIn(file, name string) string {
	b, _ := os.ReadFile(file)
	for line := range bytes.Lines(b) {
		if value, ok := strings.CutPrefix(string(line), name+":"); ok {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

// tracerOf returns the process that traces pid.
func tracerOf(t *testing.T, pid int) int {
	t.Helper()
	tracer, err := strconv.Atoi(statusIn(fmt.Sprintf("/proc/%d/status", pid), "TracerPid"))
	if err != nil || tracer == 0 {
		t.Fatalf("no tracer: %d, %v", tracer, err)
	}
	return tracer
}
