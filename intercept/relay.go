package intercept

import (
	"errors"
	"io"
	"sync"
	"syscall"
	"time"

	"github.com/socktrace/socktrace/wire"
)

// relay copies both directions until the link has ended. It closes both ends.
func (l *link) relay() {
	var other sync.WaitGroup
	other.Go(l.toServer)
	l.toClient()
	other.Wait()
}

// The two copiers have names so that a stack dump tells them apart.

func (l *link) toServer() { l.copy(wire.ToServer) }

func (l *link) toClient() { l.copy(wire.ToClient) }

// copy relays one direction until it ends.
func (l *link) copy(d wire.Dir) {
	deepen()
	src, dst := watchDescriptors(l.ends[d], l.lost), sender(l.ends[d.Other()])
	b := newBuffer(l.larges)
	defer b.free()
	for {
		n, readErr := src.Read(b.bytes)
		goesOn := true
		if n > 0 {
			goesOn = l.pass(d, dst, b.bytes[:n])
			b.adapt(n)
		}
		if goesOn && readErr == nil && n >= smallBuffer { // it may be bulk
			goesOn, readErr = l.passUnseen(d, &b)
		}
		switch {
		case !goesOn:
			return
		case readErr != nil:
			l.inputEnded(d, readErr)
			return
		}
	}
}

// inputEnded passes the end of d's input on. Everything that was read has been
// written.
func (l *link) inputEnded(d wire.Dir, err error) {
	src, dst := l.ends[d], l.ends[d.Other()]
	if d == wire.ToClient && l.stalled.Load() {
		return // the client is to miss nobody
	}
	if err != io.EOF {
		l.fail(d, err)
		l.finish(d, err)
		return
	}
	l.announce(wire.Chunk{Conn: l.conn, Time: time.Now(), Dir: d, EOF: true})
	l.show(d)
	if d == wire.ToServer && l.meddler != nil && !l.steer(nil, true) {
		return
	}
	// An end that is gone altogether is not one that only has nothing more to say.
	if last := l.end(); last || hungUp(src) || !closeWrite(dst) {
		l.finish(d, nil)
		return
	}
	if gone, err := hangup(src); gone {
		if l.secure[d] != nil && errors.Is(err, syscall.ECONNRESET) {
			err = nil // it has said that it is at its end, and takes no answer to that
		}
		if err != nil {
			l.fail(d, err)
		}
		l.finish(d, err)
	}
}
