package intercept

import (
	"context"
	"fmt"
	"net"
	"os/user"
	"strings"

	"github.com/Microsoft/go-winio"
)

// windowsPath returns the path of a pipe as Windows has it.
func windowsPath(path string) string { return strings.ReplaceAll(path, "/", `\`) }

// dialPipe connects to a named pipe. While all its places are taken it waits, until
// ctx ends, as the docker CLI does.
func dialPipe(ctx context.Context, path string) (net.Conn, error) {
	return winio.DialPipeContext(ctx, windowsPath(path))
}

// listenPipe makes a named pipe that only this user, administrators and the system
// may use. Its messages are those of docker's: an empty one is a half-close.
func listenPipe(a Addr) (*Listener, error) {
	me, err := user.Current()
	if err != nil {
		return nil, fmt.Errorf("who is it for: %w", err)
	}
	l, err := winio.ListenPipe(windowsPath(a.Address), &winio.PipeConfig{
		SecurityDescriptor: "D:P(A;;GA;;;SY)(A;;GA;;;BA)(A;;GA;;;" + me.Uid + ")",
		MessageMode:        true,
	})
	if err != nil {
		return nil, err
	}
	return &Listener{Listener: l, local: a}, nil
}
