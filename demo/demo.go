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
type Session struct {
	*transcript.Session
	// Commands are what was typed to make a connection, by the first that it made.
	Commands map[*transcript.Conn]string
}

// Recorded returns the session that comes with the program: docker version, ps,
// run, logs -f, events, and an error.
func Recorded() (Session, error) {
	s, err := transcript.Parse("session.txt", recorded)
	if err != nil {
		return Session{}, err
	}
	return Session{s, commands(s, recorded)}, nil
}

// commandMark begins a line of the session's text with the command that made the
// connections behind it.
const commandMark = "# $ "

// commands returns the commands in the text of s.
func commands(s *transcript.Session, text []byte) map[*transcript.Conn]string {
	all := make(map[*transcript.Conn]string)
	typed, n := "", 0
	for line := range bytes.Lines(text) {
		line = bytes.TrimSpace(line)
		if command, ok := bytes.CutPrefix(line, []byte(commandMark)); ok {
			typed = string(command)
		} else if bytes.HasPrefix(line, []byte("conn")) && n < len(s.Conns) {
			if typed != "" {
				all[s.Conns[n]] = typed
			}
			typed, n = "", n+1
		}
	}
	return all
}

// Serve answers on l as the recorded daemon did, until l is closed. A client is
// recognised by what it sends: each connection of the recording is served once.
func (s Session) Serve(l net.Listener) error {
	p := &pool{left: append([]*transcript.Conn(nil), s.Conns...)}
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
			p.answer(c)
		})
	}
}

// Ask says to dial's daemon what the recorded client said, at the times it did,
// and returns when the last connection has ended. It calls begins with each command
// before its first connection.
func (s Session) Ask(ctx context.Context, dial func() (net.Conn, error), begins func(command string)) error {
	errs := make([]error, len(s.Conns))
	var asking sync.WaitGroup
	for i, rec := range s.Conns {
		asking.Go(func() {
			if !sleep(ctx, rec.Start) {
				return
			}
			if command := s.Commands[rec]; command != "" {
				begins(command)
			}
			c, err := dial()
			if err == nil {
				defer c.Close()
				defer context.AfterFunc(ctx, func() { c.Close() })()
				err = ask(ctx, c, rec)
			}
			errs[i] = err
		})
	}
	asking.Wait()
	return errors.Join(errs...)
}

// ask is the client of a recorded connection: it sends what the client did, and
// waits for what came before it.
func ask(ctx context.Context, c net.Conn, rec *transcript.Conn) error {
	for i, ch := range rec.Chunks {
		if ch.Dir == wire.ToClient {
			if _, err := io.CopyN(io.Discard, c, int64(len(ch.Data))); err != nil {
				return fmt.Errorf("demo: read: %w", err)
			}
			if ch.EOF {
				_, _ = io.Copy(io.Discard, c) // it hangs up when the daemon has
			}
			continue
		}
		if !sleep(ctx, pause(rec, i)) {
			return ctx.Err()
		}
		if err := send(c, ch); err != nil {
			return err
		}
	}
	return nil
}

// pause is how long the recorded sender of a chunk waited behind the chunk
// before it.
func pause(rec *transcript.Conn, i int) time.Duration {
	if i == 0 {
		return rec.Chunks[0].At
	}
	return rec.Chunks[i].At - rec.Chunks[i-1].At
}

// send writes a chunk, and ends the output if it was the last.
func send(c net.Conn, ch transcript.Chunk) error {
	if len(ch.Data) > 0 {
		if _, err := c.Write(ch.Data); err != nil {
			return fmt.Errorf("demo: write: %w", err)
		}
	}
	if half, ok := c.(interface{ CloseWrite() error }); ok && ch.EOF {
		_ = half.CloseWrite() // the other end may have closed already
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
