package pcap

import (
	"context"
	"io"
	"slices"
	"time"

	"github.com/socktrace/socktrace/wire"
)

// Options bounds the memory of Read.
type Options struct {
	// MaxConnections is how many connections are followed at once; 0 is
	// 10,000. Beyond it the one that was idle longest is ended.
	MaxConnections int
	// MaxHeld is how many bytes may be held that wait for missing packets, of all
	// connections together; 0 is 48 MiB. Beyond it what is missing is given up: by
	// a connection that has more than a quarter of it, or else by the one that has
	// waited longest.
	MaxHeld int
	// Numbers numbers the connections, among others if there are more sources.
	// Connections of a recording of ours keep the distance of theirs. Nil: they are
	// numbered by themselves.
	Numbers wire.Numbering
	// Recognize tells what the first bytes of a direction are, to know what is
	// worth decoding, and who is the client. Nil: every connection is, and its
	// client is who began it.
	Recognize func([]byte) wire.Opening
	// KeyLog gets the key logs of TLS that are in a pcapng file (RFC 9850), which are
	// valid until it returns; before the packets behind them. Large ones come in pieces
	// of at most 512 KiB that end where lines do; of a line that is longer, in part.
	// It is called with nil first, for each such file. Nil: nobody wants them.
	KeyLog func([]byte)
}

// Read reads a capture: pcap or pcapng. It calls newTap for every connection that speaks HTTP, or was recorded by a
// Writer, and shows it the chunks in order, as soon as its packets are there.
// Connections that have not ended when the capture does, or ctx, end with
// wire.ErrStopped. Everything happens in the goroutine of Read.
//
// It fails if r does, or is no capture, from the place where it is none; with an
// error that wraps io.ErrUnexpectedEOF if the file ends within a packet; and
// with that of ctx, which it looks at between packets. The Stats, and what the
// taps have seen, is right as far as the file was read.
func Read(ctx context.Context, r io.Reader, o Options, newTap func(*wire.Conn) wire.Tap) (Stats, error) {
	rd := newReader(o, newTap)
	err := rd.read(ctx, r)
	rd.finish()
	return rd.stats, err
}

// reader is the state of a Reader, or of one call of Read.
type reader struct {
	o         Options
	newTap    func(*wire.Conn) wire.Tap
	port      uint16 // not 0: only segments from or to it count
	dissector *dissector
	unread    unread
	stats     Stats
	now       time.Time // of the packet
	seg       segment   // of it; reused
	note      comment   // on it; reused
	base      int       // the highest number of a connection that another source has given

	conns map[connKey]*conn
	last  *conn // of the segment before; nil if it was removed
	// Each connection is in one of these, so that many of one sort do not
	// drive out the others.
	fresh, open, done connList
	stuck             []*conn   // that have segments which wait; and some that had
	sweep             time.Time // when stuck will be looked at
	held              int
	greedy            *conn // the last to have more than a quarter of what may be held
}

func newReader(o Options, newTap func(*wire.Conn) wire.Tap) *reader {
	if o.MaxConnections <= 0 {
		o.MaxConnections = 10_000
	}
	if o.MaxHeld <= 0 {
		o.MaxHeld = 48 << 20
	}
	if o.Numbers == nil {
		o.Numbers = new(wire.Numbers)
	}
	return &reader{o: o, newTap: newTap, base: o.Numbers.Last(), dissector: new(dissector), unread: make(unread), conns: make(map[connKey]*conn)}
}

// packet takes one packet.
func (r *reader) packet(p *packet) {
	r.stats.Packets++
	r.stats.Bytes += int64(len(p.data))
	if r.stats.Packets == 1 {
		r.stats.First = p.time
	}
	if p.time.After(r.stats.Last) {
		r.stats.Last = p.time
	}
	if len(p.data) < p.length {
		r.stats.Truncated++
	}
	r.now = p.time
	if err := r.dissector.segment(&r.seg, p); err == nil {
		r.stats.TCP++
		r.segment(&r.seg, p)
	} else {
		r.other(err)
	}
	if !r.now.Before(r.sweep) {
		r.hurry()
		r.sweep = r.now.Add(disorder)
	}
}

// other counts a packet that is no TCP segment.
func (r *reader) other(err error) {
	switch err {
	case errFragment:
		// Those that stay alone are counted at the end.
	case errNoTCP:
		r.stats.NotTCP++
		r.unread.count(r.dissector.unread)
	case errLink:
		r.stats.UnknownLink++
		r.unread.count(r.dissector.unread)
	default:
		r.stats.Malformed++
	}
}

// segment gives a segment to its connection.
func (r *reader) segment(s *segment, p *packet) {
	if r.port != 0 && s.src.Port() != r.port && s.dst.Port() != r.port {
		return
	}
	c, side := r.find(s)
	note := &r.note
	p.comment(note)
	if s.flags&flagSYN != 0 && (c == nil || c.isNew(side, s, note)) || c != nil && c.reused(side, s) {
		if c != nil {
			r.remove(c)
		}
		c = nil
	}
	if c == nil {
		c = r.add(s)
		if note.kind == openComment {
			c.openRecorded(side, s, note)
			c.tellTLS(p)
			return
		}
	}
	r.last = c
	c.touch()
	switch {
	case c.recorded != nil && c.state == open:
		if len(p.options) > 0 {
			c.tellTLS(p)
		}
		c.addRecorded(side, s, note)
	case c.state == closed || c.state == ignored:
	case s.flags&flagSYN != 0:
		c.handshake(side, s)
	default:
		c.add(side, s)
	}
	r.bound(c)
}

// find returns the connection of a segment, or nil, and which of its sides
// sends. It is often that of the segment before.
func (r *reader) find(s *segment) (c *conn, side int) {
	if c := r.last; c != nil {
		switch {
		case s.src == c.ends[0] && s.dst == c.ends[1]:
			return c, 0
		case s.src == c.ends[1] && s.dst == c.ends[0]:
			return c, 1
		}
	}
	key, side := keyOf(s.src, s.dst)
	return r.conns[key], side
}

// add begins to follow a connection.
func (r *reader) add(s *segment) *conn {
	key, side := keyOf(s.src, s.dst)
	c := &conn{r: r, key: key, client: -1, start: r.now}
	c.ends[side], c.ends[1-side] = s.src, s.dst
	r.conns[key] = c
	r.move(c, &r.fresh)
	return c
}

// move puts c into another list, and makes room for it there.
func (r *reader) move(c *conn, l *connList) {
	c.leave()
	if l.n >= r.o.MaxConnections {
		old := l.oldest()
		if old.state == open {
			r.stats.Evicted++
		}
		r.remove(old)
	}
	l.add(c)
}

// remove ends c, if it has not ended, and forgets it.
func (r *reader) remove(c *conn) {
	c.end(r.now, wire.ErrStopped)
	c.leave()
	if r.last == c {
		r.last = nil
	}
	if r.conns[c.key] == c {
		delete(r.conns, c.key)
	}
}

// wait notes that c has segments which wait.
func (r *reader) wait(c *conn) {
	if c.stuck {
		return
	}
	c.stuck, c.since = true, r.now
	if c.inRow {
		return
	}
	c.inRow = true
	if len(r.stuck) == cap(r.stuck) { // some may have gone on, or ended
		r.stuck = slices.DeleteFunc(r.stuck, func(c *conn) bool {
			c.inRow = c.stuck
			return !c.stuck
		})
	}
	r.stuck = append(r.stuck, c)
}

// hurry looks at the connections that wait although no packets of theirs come.
func (r *reader) hurry() {
	r.stuck = slices.DeleteFunc(r.stuck, func(c *conn) bool {
		c.hurry()
		c.inRow = c.stuck
		return !c.stuck
	})
}

// bound keeps what is held within its bounds.
func (r *reader) bound(c *conn) {
	if c.held > r.o.MaxHeld/4 {
		r.greedy = c
	}
	for r.held > r.o.MaxHeld && r.greedy != nil {
		if r.greedy.held <= r.o.MaxHeld/4 || !r.greedy.giveUp(true) {
			r.greedy = nil
		}
	}
	for r.held > r.o.MaxHeld && len(r.stuck) > 0 {
		if oldest := r.stuck[0]; !oldest.giveUp(true) {
			oldest.inRow = false
			r.stuck = slices.Delete(r.stuck, 0, 1)
		}
	}
}

// finish ends all connections, in the order of their numbers.
func (r *reader) finish() {
	r.now = r.stats.Last
	r.o.Numbers.Last() // which all have, behind this
	var left []*conn
	for c := r.open.oldest(); c != nil && c != &r.open.ring; c = c.succ {
		left = append(left, c)
	}
	slices.SortFunc(left, func(a, b *conn) int { return a.conn.ID - b.conn.ID })
	for _, c := range left {
		c.end(r.now, wire.ErrStopped)
	}
	for r.fresh.n > 0 {
		r.remove(r.fresh.oldest())
	}
	r.stats.Unread = r.unread.sum()
	r.stats.Fragmented = int64(r.dissector.defrag.given + len(r.dissector.defrag.waiting))
}
