//go:build !windows

package intercept

import (
	"context"
	"errors"
	"net"
)

var errNoPipes = errors.New("only Windows has named pipes")

func dialPipe(context.Context, string) (net.Conn, error) { return nil, errNoPipes }

func listenPipe(Addr) (*Listener, error) { return nil, errNoPipes }
