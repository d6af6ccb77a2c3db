package intercept

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"sync"
	"time"
)

// commandGrace is how long a command may take, after the connection was closed,
// to send what it still holds.
const commandGrace = 3 * time.Second

// commandConn is a connection that a command carries: its standard input and
// output, such as those of ssh.
type commandConn struct {
	stdin  *os.File
	stdout *os.File
	cmd    *exec.Cmd
	stderr tail
	exited chan struct{} // closed when the command has ended, after
	err    error         // was set
	close  sync.Once
}

// dialCommand starts a command, given by its name and arguments. That it returns
// no error does not mean that the daemon was reached: a failure is what the
// first Read returns.
func dialCommand(command []string) (*commandConn, error) {
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
	c := &commandConn{stdin: inWrite, stdout: outRead, exited: make(chan struct{})}
	c.cmd = exec.Command(command[0], command[1:]...)
	c.cmd.Stdin, c.cmd.Stdout, c.cmd.Stderr = inRead, outWrite, &c.stderr
	// What the command leaves behind, such as ssh its master connection, may
	// hold stderr for ever.
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

// wait reaps the command.
func (c *commandConn) wait() {
	err := c.cmd.Wait()
	if errors.Is(err, exec.ErrWaitDelay) {
		err = nil // it did end well
	}
	if err != nil {
		c.err = &commandError{c.cmd.Args[0], c.stderr.String(), err}
	}
	close(c.exited)
}

// commandError is why a command failed.
type commandError struct {
	name, said string
	err        error
}

func (e *commandError) Error() string {
	if e.said == "" {
		return fmt.Sprintf("%s: %v", e.name, e.err)
	}
	return fmt.Sprintf("%s: %v: %s", e.name, e.err, e.said)
}

func (e *commandError) Unwrap() error { return e.err }

// Read reads what the daemon sends. If the command has failed, the end of
// input is its failure.
func (c *commandConn) Read(b []byte) (int, error) {
	n, err := c.stdout.Read(b)
	if err == io.EOF && c.awaitExit() && c.err != nil {
		err = c.err
	}
	return n, err
}

// Write sends to the daemon.
func (c *commandConn) Write(b []byte) (int, error) { return c.stdin.Write(b) }

// CloseWrite tells the daemon that nothing more is sent.
func (c *commandConn) CloseWrite() error { return c.stdin.Close() }

// Close ends the command, which is killed if it takes longer than commandGrace.
func (c *commandConn) Close() error {
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

func (c *commandConn) kill() { c.cmd.Process.Kill() }

// awaitExit waits for the end of the command as long as commandGrace.
func (c *commandConn) awaitExit() bool {
	t := time.NewTimer(commandGrace)
	defer t.Stop()
	select {
	case <-c.exited:
		return true
	case <-t.C:
		return false
	}
}

// LocalAddr returns an address without content: pipes have none.
func (c *commandConn) LocalAddr() net.Addr { return &net.UnixAddr{Net: "command"} }

// RemoteAddr is as LocalAddr.
func (c *commandConn) RemoteAddr() net.Addr { return c.LocalAddr() }

// SetDeadline sets both deadlines.
func (c *commandConn) SetDeadline(t time.Time) error {
	return errors.Join(c.SetReadDeadline(t), c.SetWriteDeadline(t))
}

// SetReadDeadline bounds the next reads.
func (c *commandConn) SetReadDeadline(t time.Time) error { return c.stdout.SetReadDeadline(t) }

// SetWriteDeadline bounds the next writes.
func (c *commandConn) SetWriteDeadline(t time.Time) error { return c.stdin.SetWriteDeadline(t) }
