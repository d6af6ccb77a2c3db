// Package demo is a daemon and a client that say to each other what a real
// docker CLI and a real dockerd once said: for a look at socktrace on a machine
// without Docker. Both use real sockets and keep the times of the recording;
// what stands between them is not known to either.
package demo

import (
	"bytes"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"time"

	"github.com/socktrace/socktrace/internal/transcript"
	"github.com/socktrace/socktrace/wire"
)

// recorded was made by go run ./demo/record.
//
//go:embed session.txt
var recorded []byte

// Session is a recorded session.
type Session struct{ *transcript.Session }

// Recorded returns the session that comes with the program: docker version, ps,
// run, logs -f, events, and an error.
func Recorded() (Session, error) {
	s, err := transcript.Parse("session.txt", recorded)
	return Session{s}, err
}

// Serve answers on l as the recorded daemon did, until l is closed. A client is
// recognised by the first bytes it sends: each connection of the recording is
// served once.
func (s Session) Serve(l net.Listener) error {
	m := &matcher{left: append([]*transcript.Conn(nil), s.Conns...)}
	var serving sync.WaitGroup
	defer serving.Wait()
	for {
		c, err := l.Accept()
		if errors.Is(err, net.ErrClosed) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("demo: accept: %w", err)
		}
		serving.Go(func() {
			defer c.Close()
			if rec, seen := m.match(c); rec != nil {
				_ = play(context.Background(), c, rec, wire.ToClient, seen) // the client has gone
			}
		})
	}
}

// Ask says to dial's daemon what the recorded client said, at the times it did,
// and returns when the last connection has ended.
func (s Session) Ask(ctx context.Context, dial func() (net.Conn, error)) error {
	errs := make([]error, len(s.Conns))
	var asking sync.WaitGroup
	for i, rec := range s.Conns {
		asking.Go(func() {
			if !sleep(ctx, rec.Start) {
				return
			}
			c, err := dial()
			if err == nil {
				defer c.Close()
				err = play(ctx, c, rec, wire.ToServer, 0)
			}
			errs[i] = err
		})
	}
	asking.Wait()
	return errors.Join(errs...)
}

// matcher finds the recording of a connection.
type matcher struct {
	mu   sync.Mutex
	left []*transcript.Conn // not served yet, in the order they began
}

// match reads from c, and returns the oldest connection that begins with the
// bytes that came, and how many they are; or nil.
func (m *matcher) match(c net.Conn) (rec *transcript.Conn, seen int) {
	buf := make([]byte, 4<<10)
	seen, _ = c.Read(buf) // no bytes match nothing
	m.mu.Lock()
	defer m.mu.Unlock()
	for i, rec := range m.left {
		if seen > 0 && bytes.HasPrefix(rec.Bytes(wire.ToServer), buf[:seen]) {
			m.left = append(m.left[:i], m.left[i+1:]...)
			return rec, seen
		}
	}
	return nil, seen
}

// play is one end of a recorded connection: it sends what went in direction
// dir, and waits for what came before it from the other. seen bytes of that
// were read already.
func play(ctx context.Context, c net.Conn, rec *transcript.Conn, dir wire.Dir, seen int) error {
	var last time.Duration // when the chunk before was seen
	for _, ch := range rec.Chunks {
		pause := ch.At - last
		last = ch.At
		if ch.Dir != dir {
			n := max(len(ch.Data)-seen, 0)
			seen -= len(ch.Data) - n
			if _, err := io.CopyN(io.Discard, c, int64(n)); err != nil {
				return fmt.Errorf("demo: read: %w", err)
			}
			if ch.EOF {
				_, _ = io.Copy(io.Discard, c) // whatever ends it
			}
			continue
		}
		if !sleep(ctx, pause) {
			return ctx.Err()
		}
		if len(ch.Data) > 0 {
			if _, err := c.Write(ch.Data); err != nil {
				return fmt.Errorf("demo: write: %w", err)
			}
		}
		if half, ok := c.(interface{ CloseWrite() error }); ok && ch.EOF {
			_ = half.CloseWrite() // the other end may have closed already
		}
	}
	return nil
}

// sleep waits for d, or returns false when ctx is done.
func sleep(ctx context.Context, d time.Duration) bool {
	select {
	case <-time.After(d):
		return true
	case <-ctx.Done():
		return false
	}
}
