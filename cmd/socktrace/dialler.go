package main

import (
	"context"
	"errors"
	"net"
	"sync"

	"github.com/socktrace/socktrace/intercept"
	"github.com/socktrace/socktrace/wire"
)

// dialler connects to a listener of ours that nobody else connects to, and knows by which
// number each connection goes in the trace.
type dialler struct {
	to     intercept.Upstream
	mu     sync.Mutex // held until the listener has accepted: so it is known whose turn it is
	opened chan int
}

// newDialler returns what connects to a listener at an address.
func newDialler(at intercept.Addr) *dialler {
	return &dialler{to: intercept.Upstream{Addr: at}, opened: make(chan int, 1)}
}

// tapping returns a function that makes taps as tap does, and tells the dialler of each.
func (d *dialler) tapping(tap func(*wire.Conn) wire.Tap) func(*wire.Conn) wire.Tap {
	return func(c *wire.Conn) wire.Tap {
		select {
		case d.opened <- c.ID:
		default: // it is none of ours
		}
		return tap(c)
	}
}

// dial connects, and returns the number of the connection. It may be called concurrently.
func (d *dialler) dial(ctx context.Context) (net.Conn, int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	c, err := d.to.Dial(ctx)
	if err != nil {
		return nil, 0, err
	}
	select {
	case number := <-d.opened:
		return c, number, nil
	case <-ctx.Done():
		c.Close()
		return nil, 0, errors.New("interrupted")
	}
}
