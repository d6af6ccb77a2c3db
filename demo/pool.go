package demo

import (
	"bytes"
	"context"
	"io"
	"net"
	"sync"

	"github.com/socktrace/socktrace/internal/transcript"
	"github.com/socktrace/socktrace/wire"
)

// pool holds the connections of a recording that nobody has asked for yet.
// Several begin alike, and clients may come in another order than they did: a
// connection leaves the pool when what the client has sent tells it apart.
type pool struct {
	mu   sync.Mutex
	left []*transcript.Conn
}

// find returns the oldest connection that begins with what a client has sent,
// nil if there is none. If it is the only one it leaves the pool, and is the
// client's.
func (p *pool) find(sent []byte) (rec *transcript.Conn, own bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	var at, fit int
	for i, r := range p.left {
		if bytes.HasPrefix(r.Bytes(wire.ToServer), sent) {
			if fit++; fit == 1 {
				rec, at = r, i
			}
		}
	}
	if fit == 1 {
		p.left = append(p.left[:at], p.left[at+1:]...)
	}
	return rec, fit == 1
}

// answer is the daemon of one connection, until the recording or the client
// ends.
func (p *pool) answer(c net.Conn) {
	var (
		rec  *transcript.Conn
		own  bool   // rec is told apart from all others
		sent []byte // by the client
		buf  = make([]byte, 64<<10)
	)
	for i := 0; rec == nil || i < len(rec.Chunks); i++ {
		for rec == nil || len(sent) < asked(rec, i) {
			n, err := c.Read(buf)
			if n == 0 || err != nil {
				return
			}
			sent = append(sent, buf[:n]...)
			if !own {
				rec, own = p.find(sent)
			}
			if rec == nil {
				return
			}
		}
		switch ch := rec.Chunks[i]; {
		case ch.Dir == wire.ToClient:
			if !sleep(context.Background(), pause(rec, i)) || send(c, ch) != nil {
				return
			}
		case ch.EOF:
			_, _ = io.Copy(io.Discard, c) // whatever ends it
		}
	}
}

// asked is how many bytes the client had sent with the first i+1 chunks.
func asked(rec *transcript.Conn, i int) int {
	n := 0
	for _, ch := range rec.Chunks[:i+1] {
		if ch.Dir == wire.ToServer {
			n += len(ch.Data)
		}
	}
	return n
}
