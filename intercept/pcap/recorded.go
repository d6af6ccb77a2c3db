package pcap

import (
	"github.com/socktrace/socktrace/wire"
)

// maxMerged is how many bytes of one read that needed several packets are put
// together again.
const maxMerged = 1 << 20

// recorded is what is kept of a connection that a Writer has recorded. Its
// packets are in order: nothing is waited for, and every chunk is as it was.
type recorded struct {
	id     int        // it had
	merged wire.Chunk // of which more packets may come; its Data is ours
	waits  bool       // it does
}

// openRecorded begins a connection as its comment says. Both sides count from one number.
func (c *conn) openRecorded(side int, s *segment, o *comment) {
	c.recorded = &recorded{id: o.id}
	c.client = side
	c.half[0].next, c.half[1].next = s.seq+1, s.seq+1
	c.conn = &wire.Conn{ID: c.r.o.Numbers.Claim(c.r.base + o.id), Start: c.start, Client: o.client, Server: o.server}
	c.attach()
}

// addRecorded takes a packet with the comment o, which may be none.
func (c *conn) addRecorded(side int, s *segment, o *comment) {
	h := &c.half[side]
	if s.flags&flagSYN != 0 {
		if side == c.client || h.syn {
			c.r.stats.Repeated++
			return
		}
		h.syn, h.next = true, s.seq+1
		return
	}
	if s.flags&flagACK != 0 { // it says how far the other side had come
		c.acknowledged(1-side, s, o)
	}
	if o.kind == closeComment || o.kind == stopComment {
		c.missing(side, s.seq)
		c.end(c.r.now, c.endedBy(side, o))
		return
	}
	switch gap := int(int32(s.seq - h.next)); {
	case o.kind == lostComment && o.lost > 0 && uint32(gap) == uint32(o.lost):
		h.lost = o.lost
	case gap < 0:
		c.r.stats.Repeated++
		return
	case gap > 0 && o.kind == lostComment && o.lost < 0:
		h.lost = -1
	case gap > 0: // packets were taken out of the file
		h.lost = gap
	}
	if h.lost != 0 {
		c.countLost(h.lost)
	}
	h.next = s.end()
	fin := s.flags&flagFIN != 0
	if fin {
		h.next++
	}
	if len(s.data) > 0 || fin || h.lost != 0 {
		c.tellRecorded(side, s.data, fin, s.flags&flagPSH != 0 || len(s.data) == 0)
	}
	if s.cut > 0 {
		h.lost = s.cut
		c.countLost(s.cut)
	}
}

// endedBy returns why a connection ended, as in wire.Tap, by the comment o on the
// packet of a side that says so.
func (c *conn) endedBy(side int, o *comment) error {
	switch {
	case o.kind == stopComment:
		return wire.ErrStopped
	case o.err == nil:
		return nil
	}
	return &wire.PeerError{Dir: c.dir(side), Err: o.err}
}

// acknowledged notes that the other side has said, with s and its comment o, how far a
// side had come. A packet with nothing else in it is the last of a connection: what it
// acknowledges is the end of the side, which has a number as a byte has.
func (c *conn) acknowledged(side int, s *segment, o *comment) {
	h, bare := &c.half[side], s.flags == flagACK && len(s.data)+s.cut == 0
	if s.ack-h.next == 1 && bare && (o.kind == notOurs || o.kind == closeComment) {
		h.next++
		c.tellRecorded(side, nil, true, true)
		return
	}
	c.missing(side, s.ack)
}

// missing tells that everything of a side is missing up to a number, if
// something is: packets were taken out of the file.
func (c *conn) missing(side int, next uint32) {
	h := &c.half[side]
	if gap := int(int32(next - h.next)); gap > 0 {
		h.next, h.lost = next, gap
		c.countLost(gap)
		c.tellRecorded(side, nil, false, true)
	}
}

func (c *conn) countLost(n int) {
	c.r.stats.Gaps++
	c.r.stats.LostBytes += int64(max(n, 0))
}

// tellRecorded shows a packet's bytes to the tap: at once if they are the last
// of a read.
func (c *conn) tellRecorded(side int, data []byte, eof, last bool) {
	dir := c.dir(side)
	m := &c.recorded.merged
	lost := c.half[side].lost
	c.half[side].lost = 0
	if c.recorded.waits && (m.Dir != dir || !m.Time.Equal(c.r.now) || lost != 0 || len(m.Data)+len(data) > maxMerged) {
		c.tellMerged()
	}
	if !c.recorded.waits {
		*m = wire.Chunk{Conn: c.conn, Time: c.r.now, Dir: dir, Lost: lost, EOF: eof}
		if last {
			m.Data = data
			c.tap.Chunk(*m)
			return
		}
	}
	c.recorded.waits = true
	m.Data, m.EOF = append(m.Data, data...), eof
	c.keep(len(data))
	if last || c.r.held > c.r.o.MaxHeld {
		c.tellMerged()
	}
}

// tellMerged shows what was put together to the tap.
func (c *conn) tellMerged() {
	if c.recorded == nil || !c.recorded.waits {
		return
	}
	c.recorded.waits = false
	m := &c.recorded.merged
	c.tap.Chunk(*m)
	c.keep(-len(m.Data))
	m.Data = nil
}
