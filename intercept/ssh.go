package intercept

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"
)

const (
	// sshGrace is how long an ssh command may take, after the connection was
	// closed, to send what it still holds.
	sshGrace = 3 * time.Second
	// maxStderr bounds what is kept of an ssh command's messages.
	maxStderr = 2 << 10
)

// sshConn is a connection through "docker system dial-stdio" on another
// machine: the standard input and output of an ssh command.
type sshConn struct {
	stdin  *os.File
	stdout *os.File
	cmd    *exec.Cmd
	stderr tail
	exited chan struct{} // closed when the command has ended, after
	err    error         // was set
	close  sync.Once
}

// dialSSH starts the command that the docker CLI would start. That it returns
// no error does not mean that the other machine was reached: a failure is what
// the first Read returns.
func dialSSH(a Addr) (*sshConn, error) {
	args, err := sshArgs(a)
	if err != nil {
		return nil, err
	}
	inRead, inWrite, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	outRead, outWrite, err := os.Pipe()
	if err != nil {
		inRead.Close()
		inWrite.Close()
		return nil, err
	}
	c := &sshConn{stdin: inWrite, stdout: outRead, exited: make(chan struct{})}
	c.cmd = exec.Command("ssh", args...)
	c.cmd.Stdin, c.cmd.Stdout, c.cmd.Stderr = inRead, outWrite, &c.stderr
	// A master connection that ssh leaves behind may hold stderr for ever.
	c.cmd.WaitDelay = time.Second
	err = c.cmd.Start()
	inRead.Close()
	outWrite.Close()
	if err != nil {
		inWrite.Close()
		outRead.Close()
		return nil, err
	}
	go c.wait()
	return c, nil
}

// sshArgs returns the arguments of ssh, as the docker CLI chooses them.
func sshArgs(a Addr) ([]string, error) {
	u, err := url.Parse(a.String())
	if err != nil {
		return nil, err
	}
	args := []string{"-T"}
	if port := u.Port(); port != "" {
		args = append(args, "-p", port)
	}
	if user := u.User.Username(); user != "" {
		args = append(args, "-l", user)
	}
	args = append(args, "-o", "ConnectTimeout=30", "--", u.Hostname(), "docker")
	if u.Path != "" {
		args = append(args, shellQuote("--host=unix://"+u.Path))
	}
	return append(args, "system", "dial-stdio"), nil
}

// shellQuote quotes s for the shell of the other machine, if it has to.
func shellQuote(s string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-_./:=@+,%", r)
	}
	if strings.TrimFunc(s, plain) == "" {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// wait reaps the command.
func (c *sshConn) wait() {
	err := c.cmd.Wait()
	if errors.Is(err, exec.ErrWaitDelay) {
		err = nil // it did end well
	}
	if text := c.stderr.String(); err != nil && text != "" {
		err = fmt.Errorf("ssh: %w: %s", err, text)
	} else if err != nil {
		err = fmt.Errorf("ssh: %w", err)
	}
	c.err = err
	close(c.exited)
}

// Read reads what the daemon sends. If the command has failed, the end of
// input is its failure.
func (c *sshConn) Read(b []byte) (int, error) {
	n, err := c.stdout.Read(b)
	if err == io.EOF && c.awaitExit() && c.err != nil {
		err = c.err
	}
	return n, err
}

// Write sends to the daemon.
func (c *sshConn) Write(b []byte) (int, error) { return c.stdin.Write(b) }

// CloseWrite tells the daemon that nothing more is sent.
func (c *sshConn) CloseWrite() error { return c.stdin.Close() }

// Close ends the command, which is killed if it takes longer than sshGrace.
func (c *sshConn) Close() error {
	c.close.Do(func() {
		c.stdin.Close()
		c.stdout.Close()
		if !c.awaitExit() {
			c.kill()
			<-c.exited
		}
	})
	return nil
}

func (c *sshConn) kill() { c.cmd.Process.Kill() }

// awaitExit waits for the end of the command as long as sshGrace.
func (c *sshConn) awaitExit() bool {
	t := time.NewTimer(sshGrace)
	defer t.Stop()
	select {
	case <-c.exited:
		return true
	case <-t.C:
		return false
	}
}

// LocalAddr returns an address without content: pipes have none.
func (c *sshConn) LocalAddr() net.Addr { return &net.UnixAddr{Net: "ssh"} }

// RemoteAddr is as LocalAddr.
func (c *sshConn) RemoteAddr() net.Addr { return c.LocalAddr() }

// SetDeadline sets both deadlines.
func (c *sshConn) SetDeadline(t time.Time) error {
	return errors.Join(c.SetReadDeadline(t), c.SetWriteDeadline(t))
}

// SetReadDeadline bounds the next reads.
func (c *sshConn) SetReadDeadline(t time.Time) error { return c.stdout.SetReadDeadline(t) }

// SetWriteDeadline bounds the next writes.
func (c *sshConn) SetWriteDeadline(t time.Time) error { return c.stdin.SetWriteDeadline(t) }

// tail keeps the end of what is written to it, for messages.
type tail struct {
	mu   sync.Mutex
	kept []byte
}

// Write keeps b; it never fails.
func (t *tail) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.kept = append(t.kept, b...)
	if over := len(t.kept) - maxStderr; over > 0 {
		t.kept = append(t.kept[:0], t.kept[over:]...)
	}
	return len(b), nil
}

// String returns the lines of it in one.
func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(bytes.Join(bytes.FieldsFunc(t.kept, func(r rune) bool { return r == '\r' || r == '\n' }), []byte("; ")))
}
