// Package transcript is a text format for the bytes of recorded connections:
// test inputs, seeds of fuzzers and bug reports are written in it. Its goals,
// in order: every byte and time survives, a difference between two files reads
// well, and a person can write one by hand. It decodes nothing.
//
//	# docker exec, stdin sent before the 101
//	> "POST /exec/1/start HTTP/1.1\r\n"
//	> "Connection: Upgrade\r\nUpgrade: tcp\r\nContent-Length: 2\r\n\r\n{}"
//	> +1ms  "early"
//	< +12ms "HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n"
//	< lost 512
//	> +3ms eof
//	< eof
//	close "connection reset by peer"
//
// Empty lines and lines that begin with # mean nothing. Every other line is
// one of
//
//	conn [+START] [client="ADDR"] [process="NAME[PID]"] [uid=UID] [server="ADDR"]
//	> [+DELTA] "DATA" | lost N | eof      to the server
//	< [+DELTA] "DATA" | lost N | eof      to the client
//	close [+DELTA] ["REASON"]
//
// DATA and REASON are Go string literals in double quotes. START counts from
// the beginning of the session and DELTA from the line before it in the same
// connection; both are Go durations and not negative. N is a number of bytes,
// or ? if it is not known. A file with one connection needs no conn line.
// Nothing follows eof in its direction, or close in its connection.
//
// One rule says where a chunk, which is what one read saw, begins: a line
// without DELTA goes on with the chunk of the line before it if that has the
// same direction; every other line, and every lost line, begins a chunk. Two
// chunks of one direction at one time are told apart by writing +0s.
package transcript

import (
	"errors"
	"time"

	"github.com/socktrace/socktrace/wire"
)

// Session is what one file holds.
type Session struct{ Conns []*Conn }

// Conn is one recorded connection.
type Conn struct {
	Start          time.Duration // since the session began
	Client, Server wire.Peer     // a process is kept of the client only
	Chunks         []Chunk       // in the order of the wire, their times never falling
	Close          *Close        // nil if the record does not say how it ended
}

// Chunk is what one read saw: a wire.Chunk with a relative time.
type Chunk struct {
	At   time.Duration // since the connection was made
	Dir  wire.Dir
	Lost int // >0: this many bytes before Data are missing; -1: an unknown number
	Data []byte
	EOF  bool // the direction has ended after Data
}

// Close is the end of a connection.
type Close struct {
	At     time.Duration // since the connection was made
	Reason string        // empty if both sides closed it in order
}

// Wire returns the description of c in a session that began at t0.
func (c *Conn) Wire(id int, t0 time.Time) *wire.Conn {
	return &wire.Conn{ID: id, Start: t0.Add(c.Start), Client: c.Client, Server: c.Server}
}

// Play feeds c to tap as the connection conn, whose Start its times count
// from. Each chunk's bytes are a copy that is overwritten with '!' as soon as
// the tap has returned, so that a tap that keeps them is found out. A
// connection without Close ends in order at the time of its last chunk.
func (c *Conn) Play(conn *wire.Conn, tap wire.Tap) {
	var scratch []byte
	for _, ch := range c.Chunks {
		scratch = append(scratch[:0], ch.Data...)
		tap.Chunk(wire.Chunk{Conn: conn, Time: conn.Start.Add(ch.At), Dir: ch.Dir, Data: scratch, Lost: ch.Lost, EOF: ch.EOF})
		for i := range scratch {
			scratch[i] = '!'
		}
	}
	var err error
	if c.Close != nil && c.Close.Reason != "" {
		err = errors.New(c.Close.Reason)
	}
	tap.End(conn.Start.Add(c.Duration()), err)
}

// Duration is the time from the connection's start to its end, or to its last
// chunk if the end is not known.
func (c *Conn) Duration() time.Duration {
	switch {
	case c.Close != nil:
		return c.Close.At
	case len(c.Chunks) > 0:
		return c.Chunks[len(c.Chunks)-1].At
	}
	return 0
}

// Bytes returns a new slice with everything that was captured of one
// direction.
func (c *Conn) Bytes(dir wire.Dir) []byte {
	var b []byte
	for _, ch := range c.Chunks {
		if ch.Dir == dir {
			b = append(b, ch.Data...)
		}
	}
	return b
}
