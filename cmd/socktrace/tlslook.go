package main

import (
	"bytes"
	"fmt"
	"sync"

	"github.com/socktrace/socktrace/wire"
)

// firstLook is a tap that looks at how a connection begins: plain HTTP sent to who
// speaks TLS, and TLS sent to us who do not, are told.
type firstLook struct {
	wire.Tap
	mixed  func(c *wire.Conn, toServer bool) // is told of it; toServer: the server speaks TLS, else the client does
	live   bool                              // we are in between; else it is a capture, which may be of TLS
	seen   [2]bool
	secure [2]bool // that end speaks TLS, with us or with the other
}

// TLS passes on what was agreed on.
func (f *firstLook) TLS(ev *wire.TLS) {
	f.secure[wire.ToServer] = f.secure[wire.ToServer] || ev.Peer == "client"
	f.secure[wire.ToClient] = f.secure[wire.ToClient] || ev.Peer == "server"
	if next, ok := f.Tap.(wire.TLSTap); ok {
		next.TLS(ev)
	}
}

// Chunk looks at the first bytes of each direction, and passes all on.
func (f *firstLook) Chunk(c wire.Chunk) {
	if !f.seen[c.Dir&1] && len(c.Data) > 0 {
		f.seen[c.Dir&1] = true
		f.look(c)
	}
	f.Tap.Chunk(c)
}

// Passes returns how many bytes need not be shown: behind the first, as the next tap says.
func (f *firstLook) Passes(d wire.Dir) int64 {
	if !f.seen[d&1] {
		return 0
	}
	return wire.Passes(f.Tap, d)
}

// look tells what c, the first of a direction, shows.
func (f *firstLook) look(c wire.Chunk) {
	switch {
	case f.secure[c.Dir&1]:
	case c.Dir == wire.ToServer && isRecord(handshakeRecord, c.Data):
		f.secure = [2]bool{true, true}
		if f.live {
			f.mixed(c.Conn, false)
		}
	case c.Dir == wire.ToClient && f.seen[wire.ToServer] && refusesPlain(c.Data):
		f.mixed(c.Conn, true)
	}
}

// Types of records.
const (
	alertRecord     = 21
	handshakeRecord = 22
)

// isRecord reports whether b begins as a record of TLS of a type does (RFC 8446,
// section 5.1).
func isRecord(kind byte, b []byte) bool { return len(b) > 2 && b[0] == kind && b[1] == 3 && b[2] <= 4 }

// toPlain is what servers of TLS say to who sends them plain HTTP: those of Go, as
// dockerd is one, nginx, Apache.
var toPlain = [][]byte{
	[]byte("Client sent an HTTP request to an HTTPS server"),
	[]byte("The plain HTTP request was sent to HTTPS port"),
	[]byte("speaking plain HTTP to an SSL-enabled server port"),
}

// refusesPlain reports whether b is what such a server says: in plain HTTP, or in TLS.
func refusesPlain(b []byte) bool {
	if isRecord(alertRecord, b) {
		return true
	}
	const most = 1 << 10
	b = b[:min(len(b), most)]
	if len(b) < len("HTTP/1.1 400") || !bytes.HasPrefix(b, []byte("HTTP/1.")) || string(b[8:12]) != " 400" {
		return false
	}
	for _, text := range toPlain {
		if bytes.Contains(b, text) {
			return true
		}
	}
	return false
}

// mixing tells who speaks TLS to whom that does not, once for each server.
type mixing struct {
	warn  func(error)
	hints [2]string // what to do: if a client speaks TLS, if the server does; empty: nothing can be done
	mu    sync.Mutex
	told  map[string]bool
}

// maxMixing bounds how many servers are told of.
const maxMixing = 32

func (m *mixing) tell(c *wire.Conn, toServer bool) {
	at, hint := c.Server.Addr, m.hints[0]
	err := fmt.Errorf("connection %d: a client speaks TLS to a listener that does not: it is passed on, but cannot be read", c.ID)
	if toServer {
		hint = m.hints[1]
		err = fmt.Errorf("connection %d: %s speaks TLS, and was sent plain HTTP", c.ID, at)
	} else {
		at = "client"
	}
	m.mu.Lock()
	known := m.told[at] || len(m.told) >= maxMixing
	if !known {
		if m.told == nil {
			m.told = make(map[string]bool)
		}
		m.told[at] = true
	}
	m.mu.Unlock()
	if known {
		return
	}
	m.warn(hinted{err, hint})
}
