package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// soakStrace looks at processes that run already, by strace, until it is interrupted; and
// then once more, until it is killed. They go on as before.
func soakStrace(ctx context.Context, t *testing.T) {
	needStrace(t)
	daemon, file := newSoakDaemon(t, nil), filepath.Join(t.TempDir(), "all.har")
	s := newSoakClients(t, daemon, daemon.address, nil)
	clients := []*soakRemote{newSoakRemote(t, daemon.address), newSoakRemote(t, daemon.address)}
	args := []string{"run", "-q", "--max-body", "4k"}
	for _, c := range clients {
		args = append(args, "--pid", fmt.Sprint(c.Process.Pid))
	}
	p := socktrace(t, nil, append(args, "--har", file)...)
	for _, c := range clients {
		await(t, "being traced", func() bool { return c.traced() == len(c.threads()) })
	}
	w := newSoakWatch(t, p)
	for id, c := range clients {
		s.all.Go(func() { s.run(ctx, id, c.do) })
	}
	s.soak(ctx, w)
	for _, c := range clients {
		s.dialed.Add(c.dialed)
	}
	summary := s.end(w, "exit status 0", nil)
	checkSoakHAR(t, file, countIn(t, summary, "exchange"), s.right)

	p = socktrace(t, nil, args...)
	for _, c := range clients {
		await(t, "being traced", func() bool { return c.traced() == len(c.threads()) })
	}
	p.stop(syscall.SIGKILL)
	for _, c := range clients {
		await(t, "being let go", func() bool { return c.traced() == 0 })
		if err := c.do("logs", "last"); err != nil {
			t.Errorf("a client whom nobody traces any more: %v", err)
		}
	}
}

// soakRemote is a client in a process of its own.
type soakRemote struct {
	*process
	to     io.Writer
	from   *bufio.Reader
	dialed int64 // how often it has connected
}

func newSoakRemote(t testing.TB, socket string) *soakRemote {
	t.Helper()
	var to io.WriteCloser
	var from io.ReadCloser
	p := launch(t, func(c *exec.Cmd) {
		var err1, err2 error
		c.Stdout = nil
		to, err1 = c.StdinPipe()
		from, err2 = c.StdoutPipe()
		if err := errors.Join(err1, err2); err != nil {
			t.Fatal(err)
		}
		c.Env = append(os.Environ(), soakClientVar+"="+socket)
	}, os.Args[0])
	return &soakRemote{process: p, to: to, from: bufio.NewReader(from)}
}

// do has it do one thing.
func (r *soakRemote) do(kind, name string) error {
	if _, err := fmt.Fprintln(r.to, kind, name); err != nil {
		return err
	}
	line, err := r.from.ReadString('\n')
	if err != nil {
		return err
	}
	count, said, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
	if _, err := fmt.Sscan(count, &r.dialed); err != nil {
		return err
	}
	if said != "well" {
		return errors.New(said)
	}
	return nil
}

// threads are its threads.
func (r *soakRemote) threads() []string {
	r.t.Helper()
	all, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*", r.Process.Pid))
	if err != nil || len(all) == 0 {
		r.t.Fatalf("%s has no threads: %v", r, err)
	}
	return all
}

// traced is how many of its threads are traced.
func (r *soakRemote) traced() (n int) {
	for _, dir := range r.threads() {
		var tid int
		if _, err := fmt.Sscan(filepath.Base(dir), &tid); err == nil {
			if _, _, tracer := threadStatus(tid); tracer > 0 {
				n++
			}
		}
	}
	return n
}
