package strace

import (
	"bytes"
	"math"
	"path/filepath"
	"slices"
	"time"

	"github.com/socktrace/socktrace/wire"
)

// state is what is known of a connection.
type state uint8

const (
	undecided state = iota // whether it is worth a look
	open                   // it has a tap
	ignored                // it is something else
	closed
)

// way is whether the source of a connection read bytes or wrote them.
type way uint8

const (
	in way = iota
	out
)

const (
	// maxAsked is how much of what is no request waits for its answer, which may be
	// one of HTTP all the same, and of what may become one for the rest.
	maxAsked = 16 << 10
	// maxWaiting is how much of what was read waits for the end of a write that began
	// before.
	maxWaiting = 1 << 20
)

// conn is a connection: what one of its ends, its source, reads and writes.
type conn struct {
	r      *reader
	source *socket // nil: nothing was said
	ends   [2]*socket
	start  time.Time
	last   time.Time // of what the tap has seen
	state  state

	early  []step // what came while undecided, if all of it is there
	said   [2][]byte
	torn   [2]bool // bytes of a way are missing
	owed   [2]int  // bytes that went by unread
	passed [2]bool // bytes went by unread
	held   int     // bytes in memory

	writing int    // writes that have begun and not ended
	waiting []step // what was read meanwhile
	waits   int    // its bytes

	conn  *wire.Conn // nil while undecided
	tap   wire.Tap
	lost  [2]int // as in wire.Chunk, before the next bytes
	ended [2]bool
}

// step is what one call moved.
type step struct {
	way    way
	time   time.Time
	pieces []piece
	eof    bool // behind them
}

// keep returns s with memory of its own, and how much.
func (s step) keep() (step, int) {
	n := 64
	s.pieces = slices.Clone(s.pieces)
	for i := range s.pieces {
		s.pieces[i].data = bytes.Clone(s.pieces[i].data)
		n += len(s.pieces[i].data) + 32
	}
	return s, n
}

// say takes what a call moved. What is read while a write has not ended comes behind
// that: it may be the answer to it.
func (c *conn) say(s step) {
	if c.writing == 0 || s.way == out {
		c.take(s)
		return
	}
	kept, n := s.keep()
	c.waiting = append(c.waiting, kept)
	c.waits += n
	if c.hold(n); c.waits > maxWaiting || c.r.held > c.r.o.MaxHeld {
		c.catchUp()
	}
}

// wrote notes that a write has ended, of which say was told.
func (c *conn) wrote() {
	if c.writing = max(c.writing-1, 0); c.writing == 0 {
		c.catchUp()
	}
}

// catchUp takes what waits.
func (c *conn) catchUp() {
	all := c.waiting
	c.hold(-c.waits)
	c.waiting, c.waits = nil, 0
	for _, s := range all {
		c.take(s)
	}
}

func (c *conn) hold(n int) {
	c.held += n
	c.r.held += n
}

func (c *conn) take(s step) {
	switch c.state {
	case undecided:
		c.decide(s)
	case open:
		c.tell(s)
	}
}

// tell shows a step to the tap.
func (c *conn) tell(s step) {
	for i, p := range s.pieces {
		eof := s.eof && i == len(s.pieces)-1 && p.lost == 0
		c.chunk(s.way, s.time, p.data, eof)
		if p.lost != 0 {
			c.lost[s.way] = lostTogether(c.lost[s.way], p.lost)
			c.chunk(s.way, s.time, nil, s.eof && i == len(s.pieces)-1)
		}
	}
	if len(s.pieces) == 0 && s.eof {
		c.chunk(s.way, s.time, nil, true)
	}
}

func (c *conn) chunk(w way, t time.Time, data []byte, eof bool) {
	if len(data) == 0 && c.lost[w] == 0 && !eof || c.ended[w] {
		return
	}
	if o := 1 - w; c.lost[o] > 0 && !c.ended[o] {
		c.chunk(o, t, nil, false)
	}
	if t.Before(c.last) {
		t = c.last
	}
	c.last, c.ended[w] = t, eof
	lost := c.lost[w]
	c.lost[w] = 0
	c.tap.Chunk(wire.Chunk{Conn: c.conn, Time: t, Dir: c.dir(w), Data: data, Lost: lost, EOF: eof})
}

// lostTogether adds numbers of bytes, as wire.Chunk.Lost has them: -1 if one is not known,
// or the sum is too large.
func lostTogether(a, b int) int {
	if a < 0 || b < 0 || a > math.MaxInt-b {
		return -1
	}
	return a + b
}

// dir returns the direction of what the source reads or writes.
func (c *conn) dir(w way) wire.Dir {
	if (w == out) == (c.source.role == client) {
		return wire.ToServer
	}
	return wire.ToClient
}

// decide finds out whether the connection is worth a look. If all of it was seen, its
// first bytes tell. Else any call may be the first that is understood.
func (c *conn) decide(s step) {
	first, n := first(s)
	switch {
	case c.source.late:
		c.decideLate(s, first, n)
	case c.source.role != anyRole && known(c.path()) && (n > 0 || s.eof):
		c.begin(c.source.role)
		c.tell(s)
	case n == 0 && !s.eof:
	default:
		c.decideWhole(s, first, n)
	}
}

func (c *conn) decideWhole(s step, first []byte, n int) {
	if !c.torn[s.way] {
		c.said[s.way] = append(c.said[s.way], first...)
	}
	c.torn[s.way] = c.torn[s.way] || len(first) < n
	v := c.opening(c.said[s.way])
	if r := c.begins(s.way, v); r != anyRole {
		c.begin(r)
		c.tell(s)
		return
	}
	kept, size := s.keep()
	c.early = append(c.early, kept)
	if c.hold(size + len(first)); !c.mayBegin(s.way, v) || c.held > 4*maxAsked || c.r.held > c.r.o.MaxHeld {
		c.ignore()
	}
}

// mayBegin reports whether a connection may turn out to be HTTP of which a way shows no
// more than v.
func (c *conn) mayBegin(w way, v wire.Opening) bool {
	asks := (w == out) == (c.source.role != server)
	switch {
	case v == wire.OpensUnclear:
		return true
	case !asks:
		return v == wire.OpensGreeting
	}
	return v != wire.OpensResponse && len(c.said[w]) <= maxAsked && len(c.said[1-w]) == 0
}

// decideLate is decide for a connection whose beginning was not seen.
func (c *conn) decideLate(s step, first []byte, n int) {
	r := anyRole
	if len(first) > 0 {
		r = c.begins(s.way, c.opening(first))
	}
	torn := r == anyRole // it is in the middle of something
	if torn && c.source.role != anyRole && known(c.path()) && n > 0 {
		r = c.source.role
	}
	if r == anyRole {
		c.passed[s.way] = c.passed[s.way] || n > 0
		c.owed[s.way] = lostTogether(c.owed[s.way], n)
		return
	}
	c.begin(r)
	if c.lost[s.way] = c.owed[s.way]; torn {
		c.lost[s.way] = -1
	}
	if torn || c.passed[1-s.way] {
		c.lost[1-s.way] = -1
	}
	c.tell(s)
}

// first returns the bytes of a step up to the first that is missing, and how many all
// are.
func first(s step) (b []byte, n int) {
	whole := true
	for i, p := range s.pieces {
		if n += len(p.data) + p.lost; whole {
			if i == 0 {
				b = p.data
			} else {
				b = append(b[:len(b):len(b)], p.data...)
			}
		}
		whole = whole && p.lost == 0
	}
	return b, n
}

// begins returns the role of the source if v is what it may begin a message with, or its
// peer.
func (c *conn) begins(w way, v wire.Opening) role {
	r := anyRole
	switch {
	case v == wire.OpensRequest && w == out, v == wire.OpensResponse && w == in:
		r = client
	case v == wire.OpensRequest, v == wire.OpensResponse:
		r = server
	}
	if have := c.source.role; have != anyRole && r != have {
		return anyRole
	}
	return r
}

func (c *conn) opening(b []byte) wire.Opening {
	if c.r.o.Recognize == nil {
		return wire.OpensRequest
	}
	return c.r.o.Recognize(b)
}

// daemons are names of sockets of which all is told that is said there.
var daemons = []string{"docker.sock", "docker-raw.sock", "podman.sock", "containerd.sock", "buildkitd.sock", "crio.sock"}

func known(path string) bool { return slices.Contains(daemons, filepath.Base(path)) }

// path returns the path of the unix socket that the server has.
func (c *conn) path() string {
	for _, s := range c.ends {
		if s != nil && s.name.path != "" {
			return s.name.path
		}
	}
	return ""
}

// begin asks for a tap, and shows it what came before.
func (c *conn) begin(r role) {
	c.source.role = r
	c.conn = &wire.Conn{ID: c.r.o.Numbers.Next(), Start: c.start}
	c.conn.Client, c.conn.Server = c.r.peers(c)
	c.state, c.last = open, c.start
	c.r.stats.Connections++
	if c.source.late {
		c.r.stats.Late++
	}
	if c.secure() {
		c.r.stats.TLS++
	}
	c.tap = c.r.newTap(c.conn)
	early := c.early
	c.release()
	for _, s := range early {
		c.tell(s)
	}
}

// ignore notes that the connection is something else.
func (c *conn) ignore() {
	c.state = ignored
	c.r.stats.NotHTTP++
	c.release()
}

// secure reports whether the connection begins with a handshake of TLS (RFC 8446,
// section 5.1).
func (c *conn) secure() bool {
	return slices.ContainsFunc(c.said[:], func(b []byte) bool { return len(b) > 2 && b[0] == 22 && b[1] == 3 })
}

// release frees what is held.
func (c *conn) release() {
	c.early, c.said = nil, [2][]byte{}
	c.hold(c.waits - c.held)
}

// id returns the number of the connection; 0 if it has none.
func (c *conn) id() int {
	if c.conn == nil {
		return 0
	}
	return c.conn.ID
}

// end ends the connection: err says why, as in wire.Tap.
func (c *conn) end(t time.Time, err error) {
	if c.state == closed {
		return
	}
	c.catchUp()
	switch c.state {
	case open:
		if t.Before(c.last) {
			t = c.last
		}
		for w := range c.lost {
			if c.lost[w] != 0 {
				c.chunk(way(w), t, nil, false)
			}
		}
		c.tap.End(t, err)
		c.tap = nil
	case undecided:
		if len(c.early) > 0 || c.passed[in] || c.passed[out] {
			c.ignore()
		}
	}
	c.state = closed
	c.release()
}
