package intercept

import (
	"context"
	"crypto/tls"
	"fmt"
	"io/fs"
	"net"
	"os"
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

func checkSocket(path string) error {
	if err := checkUnixPath(path); err != nil {
		return err
	}
	if isAbstract(path) {
		return nil // no file, hence nothing to look at
	}
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if !isSocket(info.Mode()) {
		return fmt.Errorf("not a socket but %s", fileKind(info.Mode()))
	}
	if err := checkWritable(path); err != nil {
		return err
	}
	return checkBound(path)
}

func checkUnixPath(path string) error {
	longest := maxUnixPath
	if isAbstract(path) {
		longest++ // no zero is behind it
	}
	if len(path) > longest {
		return fmt.Errorf("path of %d bytes; a unix socket's has at most %d", len(path), longest)
	}
	return nil
}

// isSocket reports whether a file of this mode may be a socket: Windows shows
// them as irregular files.
func isSocket(m fs.FileMode) bool { return m&(fs.ModeSocket|fs.ModeIrregular) != 0 }

// fileKind names what is not a socket, for messages.
func fileKind(m fs.FileMode) string {
	switch {
	case m.IsDir():
		return "a directory"
	case m&fs.ModeSymlink != 0:
		return "a symbolic link"
	case m.IsRegular():
		return "a regular file"
	}
	return "a special file"
}
