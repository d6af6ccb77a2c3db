package intercept

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"os/exec"
	"time"
)

// dialTimeout bounds how long a client waits for a daemon's machine that does
// not answer at all. It ends once the connection stands.
const dialTimeout = 30 * time.Second

// Upstream is the daemon that the traffic goes to.
type Upstream struct {
	Addr Addr
	TLS  *tls.Config // nil: plain; an https:// address has one
	// Command, if not nil, is the name and the arguments of a command that each
	// connection starts: it carries the bytes to Addr, from its standard input
	// and to its standard output.
	Command []string
	// reach, if not nil, connects instead: to a daemon whose socket changes its name.
	reach func(context.Context) (net.Conn, error)
}

// Dial connects to the daemon. ctx bounds the dialling, TLS handshake included,
// not the connection. The connection has a CloseWrite method. An error names
// the upstream: "upstream unix:///run/docker.sock: connection refused".
func (u Upstream) Dial(ctx context.Context) (net.Conn, error) {
	c, _, err := u.open(ctx, nil)
	return c, err
}

// open is Dial, with the protocols to offer over TLS (ALPN). It tells what is known of
// TLS, if that is spoken.
func (u Upstream) open(ctx context.Context, offered []string) (net.Conn, *secured, error) {
	if u.TLS != nil && u.Command == nil {
		network, address := u.Addr.dialled()
		s, err := dialTLS(ctx, &net.Dialer{Timeout: dialTimeout}, network, address, u.TLS, offered)
		if err != nil {
			return nil, nil, u.wrap(err)
		}
		return s.conn, s, nil
	}
	c, err := u.dial(ctx)
	if err != nil {
		return nil, nil, u.wrap(err)
	}
	return c, nil, nil
}

func (u Upstream) dial(ctx context.Context) (net.Conn, error) {
	// The system looks after a peer that is gone without a word: a Dialer has it send
	// keep-alives, as the clients' own do.
	d := net.Dialer{Timeout: dialTimeout}
	network, address := u.Addr.dialled()
	switch {
	case u.reach != nil:
		return u.reach(ctx)
	case u.Command != nil:
		return dialCommand(u.Command)
	case network == "npipe":
		return dialPipe(ctx, address)
	case network == "unix":
		if err := checkUnixPath(address); err != nil {
			return nil, err
		}
	}
	return d.DialContext(ctx, network, address)
}

// descriptors returns how many a connection to the daemon takes: a socket; or of
// a command three pipes and the process.
func (u Upstream) descriptors() int {
	if u.Command != nil {
		return 4
	}
	return 1
}

func (u Upstream) wrap(err error) error {
	return fmt.Errorf("upstream %s: %w", u.Addr, cause(err))
}

// Check says early what would make every Dial fail, without connecting: a unix
// socket that is missing, is none, may not be used, or was left behind; no such
// command. That it returns nil promises nothing.
func (u Upstream) Check() error {
	var err error
	switch {
	case u.Command != nil:
		if _, lookErr := exec.LookPath(u.Command[0]); lookErr != nil {
			err = fmt.Errorf("no %s command in PATH", u.Command[0])
		}
	case u.Addr.Network == "unix":
		err = checkSocket(u.Addr.Address)
	}
	if err != nil {
		return u.wrap(err)
	}
	return nil
}

// Try starts the command that reaches the daemon once and says nothing by it, and returns
// why that fails. Whatever it asks a person, such as for a password or whether to trust a
// host, it asks then. A command that still runs when ctx ends is ended: the error is that
// of ctx. It is for an upstream with a Command.
func (u Upstream) Try(ctx context.Context) error {
	c, err := dialCommand(u.Command)
	if err != nil {
		return u.wrap(err)
	}
	defer context.AfterFunc(ctx, func() {
		c.kill()
		c.stdout.Close() // others may have it
	})()
	defer c.Close()
	_ = c.CloseWrite() // a daemon ends a connection on which nothing is asked
	_, err = io.Copy(io.Discard, c)
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil:
		return u.wrap(err)
	}
	return nil
}
