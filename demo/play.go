package demo

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"time"

	"github.com/socktrace/socktrace/internal/transcript"
	"github.com/socktrace/socktrace/wire"
)

// step is a moment of a session: a connection begins, one side says something, or the
// connection ends.
type step struct {
	at    time.Duration // since the session began
	conn  *transcript.Conn
	chunk int // which of the connection's; before the first it begins, behind the last it ends
}

// steps returns all that happens in a session, in the order of time.
func (s Session) steps() (all []step) {
	for _, c := range s.Conns {
		all = append(all, step{c.Start, c, -1})
		for i, ch := range c.Chunks {
			all = append(all, step{c.Start + ch.At, c, i})
		}
		all = append(all, step{c.Start + c.Duration(), c, len(c.Chunks)})
	}
	slices.SortStableFunc(all, func(a, b step) int { return cmp.Compare(a.at, b.at) })
	return all
}

// Play has the recorded client talk to the recorded daemon, which listens on l; dial
// leads there. Whoever speaks waits until all that came before was heard at the other
// end, and then as long as in the recording: so nothing is said that could not have
// been, however slow the machine is. begins is called with each command before its
// first connection. Play returns when the last connection has ended, or why it could
// not go on; when ctx ends, its cause.
func (s Session) Play(ctx context.Context, l net.Listener, dial func() (net.Conn, error), begins func(command string)) error {
	defer context.AfterFunc(ctx, func() { l.Close() })()
	p := player{s, l, dial, begins, make(map[*transcript.Conn]*link, len(s.Conns))}
	defer p.close()
	var last time.Duration
	for _, step := range s.steps() {
		var err error
		if sleep(ctx, step.at-last) {
			err = p.take(ctx, step)
		}
		switch {
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case err != nil:
			return fmt.Errorf("demo: %w", err)
		}
		last = step.at
	}
	return nil
}

// player plays a session.
type player struct {
	Session
	listener net.Listener
	dial     func() (net.Conn, error)
	begins   func(command string)
	links    map[*transcript.Conn]*link // that have begun
}

// take has a step happen.
func (p *player) take(ctx context.Context, s step) (err error) {
	switch s.chunk {
	case -1:
		if command := p.Commands[s.conn]; command != "" {
			p.begins(command)
		}
		var k *link
		if k, err = p.connect(ctx); err == nil {
			p.links[s.conn] = k
		}
	case len(s.conn.Chunks):
		p.links[s.conn].close()
	default:
		err = p.links[s.conn].say(s.conn.Chunks[s.chunk])
	}
	return err
}

func (p *player) close() {
	for _, k := range p.links {
		k.close()
	}
}

// link is a connection, from the client, by whatever stands between, to the daemon.
type link struct {
	ends [2]net.Conn // by the direction in which they send
	free func() bool // has nobody close them any more when ctx ends
}

// connect has a client come to the daemon.
func (p *player) connect(ctx context.Context) (*link, error) {
	client, err := p.dial()
	if err != nil {
		return nil, err
	}
	daemon, err := p.listener.Accept()
	if err != nil {
		client.Close()
		return nil, fmt.Errorf("accept: %w", err)
	}
	k := &link{ends: [2]net.Conn{wire.ToServer: client, wire.ToClient: daemon}}
	k.free = context.AfterFunc(ctx, k.hangUp)
	return k, nil
}

// say has one side say something, and the other one hear it.
func (k *link) say(ch transcript.Chunk) error {
	from, to := k.ends[ch.Dir], k.ends[1-ch.Dir]
	sent := make(chan error, 1)
	go func() { sent <- send(from, ch) }()
	if err := hear(to, ch); err != nil {
		return err
	}
	return <-sent
}

// send writes a chunk, and ends the output if it was the last.
func send(c net.Conn, ch transcript.Chunk) error {
	if len(ch.Data) > 0 {
		if _, err := c.Write(ch.Data); err != nil {
			return fmt.Errorf("write: %w", err)
		}
	}
	if half, ok := c.(interface{ CloseWrite() error }); ok && ch.EOF {
		return half.CloseWrite()
	}
	return nil
}

// hear reads what has to come.
func hear(c net.Conn, ch transcript.Chunk) error {
	heard := make([]byte, len(ch.Data))
	if _, err := io.ReadFull(c, heard); err != nil {
		return fmt.Errorf("read: %w", err)
	}
	if !bytes.Equal(heard, ch.Data) {
		return fmt.Errorf("read %.40q; %.40q was sent", heard, ch.Data)
	}
	if !ch.EOF {
		return nil
	}
	if n, err := c.Read(make([]byte, 1)); n > 0 || err != io.EOF {
		return errors.Join(errors.New("read: no end"), err)
	}
	return nil
}

// close ends the connection.
func (k *link) close() {
	k.free()
	k.hangUp()
}

func (k *link) hangUp() {
	for _, c := range k.ends {
		c.Close()
	}
}

// sleep waits for d, or returns false when ctx is done.
func sleep(ctx context.Context, d time.Duration) bool {
	select {
	case <-time.After(d):
		return ctx.Err() == nil
	case <-ctx.Done():
		return false
	}
}
