package pcap

import (
	"slices"
	"time"
)

// This is a reassembly of our own, since that of gopacket treats the two
// directions of a connection as strangers and gives up on missing segments by
// the time or number of pages alone. Here what one side acknowledges counts:
// it proves that the other had sent it before, so that an answer is held back
// until its request has come; and it proves that a missing segment will not be
// sent again, so that the gap need not be waited for any longer than packets
// are out of order in a capture. It delivers segments in the order of the
// capture, which needs no copy of them, and keeps their times and bounds.

const (
	// window is how far numbers may be from those that are expected (RFC 7323,
	// section 2.3). Farther ones are of another connection, or made up.
	window = 1 << 30
	// disorder is how far packets may be out of order in a capture: what was
	// acknowledged so long ago and is still missing was not captured.
	disorder = 100 * time.Millisecond
	// patience is how long the bytes behind a gap wait for a segment that was
	// never acknowledged. Senders repeat it earlier.
	patience = 30 * time.Second
	// overhead is what a held segment counts besides its data.
	overhead = 128
)

// half is one direction of a TCP connection.
type half struct {
	seen   bool      // some packet of this direction was captured
	syn    bool      // its SYN was
	first  uint32    // number of the SYN
	known  bool      // next is
	next   uint32    // number of the byte to be delivered next
	hasAck bool      // acked is known
	acked  uint32    // number of the first byte that the other side has not acknowledged
	proved time.Time // when acked went beyond next
	queue  []held    // what cannot be delivered yet, by number; may overlap
	ended  bool      // its FIN was delivered
	lost   int       // missing before next, and not told yet; -1: an unknown number
	stray  uint32    // where the segment ended that was out of the window
}

// held is a segment that cannot be delivered yet.
type held struct {
	segment           // data is a copy
	time    time.Time // of its packet
	nth     int64     // packet of the capture
}

// before compares numbers, which wrap.
func before(a, b uint32) bool { return int32(a-b) < 0 }

// end is the number behind the data of s.
func (s *segment) end() uint32 { return s.seq + uint32(len(s.data)+s.cut) }

// acknowledge notes that the other side has got everything before ack. It
// returns how many bytes this proves to be lost: those of a direction of which
// no packet is captured.
func (h *half) acknowledge(ack uint32, now time.Time) (lost int) {
	switch {
	case h.hasAck && (!before(h.acked, ack) || ack-h.acked > window):
		return 0
	case h.known && before(h.next, ack) && ack-h.next > window:
		return 0
	case h.hasAck && !h.seen:
		lost = int(ack - h.acked)
	case h.known && before(h.next, ack) && !h.proof():
		h.proved = now
	}
	h.hasAck, h.acked = true, ack
	return lost
}

// proof reports whether bytes that have not come were acknowledged.
func (h *half) proof() bool { return h.known && h.hasAck && before(h.next, h.acked) }

// add takes a segment of a side.
func (c *conn) add(side int, s *segment) {
	h, o := &c.half[side], &c.half[1-side]
	h.seen = true
	if s.flags&flagACK != 0 {
		// What was before the capture is not missing of it.
		if lost := o.acknowledge(s.ack, c.r.now); lost > 0 && (c.whole || c.state == open) {
			c.lose(1-side, lost)
			c.tellLost(1 - side)
		}
	}
	if len(s.data)+s.cut > 0 || s.flags&(flagFIN|flagRST) != 0 {
		c.addData(side, s)
	}
	c.hurry()
}

// hurry gives up gaps that were waited for long enough.
func (c *conn) hurry() {
	if !c.stuck {
		return
	}
	waited := c.r.now.Sub(c.since)
	if waited >= disorder {
		c.giveUp(waited >= patience)
	}
}

// addData takes a segment that is more than an acknowledgement.
func (c *conn) addData(side int, s *segment) {
	h, o := &c.half[side], &c.half[1-side]
	switch {
	case h.known && !h.ended:
	case s.flags&flagRST != 0:
		c.end(c.r.now, c.reset(side))
		return
	case h.ended:
		c.r.stats.Repeated++
		return
	case h.hasAck && len(s.data) <= 1 && s.seq+1 == h.acked && s.flags&flagFIN == 0:
		return // keeps the connection alive
	default:
		h.known, h.next = true, s.seq
		if !c.whole || !h.hasAck || h.acked != s.seq {
			h.lost = -1
		}
	}
	if s.seq-h.next > window && h.next-s.seq > window {
		if h.stray != s.seq || len(s.data) == 0 {
			h.stray = s.end()
			c.r.stats.Strays++
			return
		}
		// Two in a row: so much is missing that nobody knows how much.
		c.forget(h)
		h.next, h.lost, h.hasAck = s.seq, -1, false
		c.r.stats.Gaps++
	}
	if len(h.queue) == 0 && !before(h.next, s.seq) && !o.awaited(s) {
		c.take(side, s, c.r.now)
	} else {
		c.hold(side, s)
	}
	c.drain()
}

// awaited reports whether s acknowledges bytes of h that have not come: they
// were sent before it.
func (h *half) awaited(s *segment) bool {
	return s.flags&flagACK != 0 && h.known && h.seen && !h.ended && before(h.next, s.ack) && s.ack-h.next <= window
}

// take delivers what is new in s, whose number has come.
func (c *conn) take(side int, s *segment, t time.Time) {
	h := &c.half[side]
	if s.flags&flagRST != 0 {
		c.end(t, c.reset(side))
		return
	}
	old := int(h.next - s.seq)
	fin := s.flags&flagFIN != 0
	if old > len(s.data)+s.cut || old == len(s.data)+s.cut && !fin {
		c.r.stats.Repeated++
		return
	}
	data, cut := s.data[min(old, len(s.data)):], s.cut-max(old-len(s.data), 0)
	h.next = s.end()
	if fin {
		h.next++
		h.ended = true
		c.r.stats.Strays += int64(len(h.queue))
		c.forget(h)
	}
	if len(data) > 0 || fin && cut == 0 {
		c.chunk(side, t, data, fin && cut == 0)
	}
	if cut > 0 {
		c.lose(side, cut)
		if fin {
			c.chunk(side, t, nil, true)
		}
	}
	if c.state != closed && c.half[0].ended && c.half[1].ended {
		c.end(t, nil)
	}
}

// hold keeps a copy of s until its number has come.
func (c *conn) hold(side int, s *segment) {
	h := &c.half[side]
	i, _ := slices.BinarySearchFunc(h.queue, s, func(q held, s *segment) int {
		if q.seq != s.seq {
			return int(int32(q.seq - s.seq))
		}
		return len(q.data) - len(s.data)
	})
	if i < len(h.queue) && h.queue[i].seq == s.seq && h.queue[i].flags|s.flags == h.queue[i].flags {
		c.r.stats.Repeated++
		return // the same, or the beginning of it
	}
	q := held{*s, c.r.now, c.r.stats.Packets}
	q.data = slices.Clone(s.data)
	h.queue = slices.Insert(h.queue, i, q)
	c.keep(len(s.data) + overhead)
	c.r.wait(c)
}

// forget drops what is held of h.
func (c *conn) forget(h *half) {
	for _, q := range h.queue {
		c.keep(-len(q.data) - overhead)
	}
	h.queue = nil
}

// keep counts n more bytes that are held in memory.
func (c *conn) keep(n int) {
	c.held += n
	c.r.held += n
}

// drain delivers what has come to be deliverable.
func (c *conn) drain() {
	progress := false
	for c.state != closed {
		side := c.ready()
		if side < 0 {
			break
		}
		progress = true
		h := &c.half[side]
		q := h.queue[0]
		h.queue[0] = held{}
		if h.queue = h.queue[1:]; len(h.queue) == 0 {
			h.queue = nil
		}
		c.keep(-len(q.data) - overhead)
		c.take(side, &q.segment, q.time)
	}
	if progress {
		c.since = c.r.now
	}
	c.stuck = c.state != closed && len(c.half[0].queue)+len(c.half[1].queue) > 0
}

// ready returns the side whose next segment can be delivered, of two the one
// that came first; -1 if there is none.
func (c *conn) ready() int {
	side, waiting := -1, 0
	for i := range c.half {
		h, o := &c.half[i], &c.half[1-i]
		switch {
		case len(h.queue) == 0 || before(h.next, h.queue[0].seq):
		case o.awaited(&h.queue[0].segment):
			waiting++
		case side < 0 || h.queue[0].nth < c.half[side].queue[0].nth:
			side = i
		}
	}
	if waiting == 2 {
		// Each acknowledges the other: they were repeated, with newer
		// acknowledgements. Clients speak first.
		return max(c.client, 0)
	}
	return side
}

// giveUp goes on behind gaps: those of bytes that were acknowledged, or force
// all of them. It reports whether there were any.
func (c *conn) giveUp(force bool) bool {
	gave := false
	for side := range c.half {
		h, o := &c.half[side], &c.half[1-side]
		if len(h.queue) == 0 {
			continue
		}
		q := h.queue[0]
		switch {
		case before(h.next, q.seq):
			reset := q.flags&flagRST != 0 // nothing is sent again after it
			if c.skip(side, q.seq, force || reset) {
				gave = true
				if len(o.queue) > 0 { // maybe waits for what is missing
					c.tellLost(side)
				}
			}
		case o.awaited(&q.segment):
			if c.skip(1-side, q.ack, force) {
				c.tellLost(1 - side)
				gave = true
			}
		}
		c.drain()
	}
	return gave
}

// skip goes on behind the gap that a side waits at: at most to the number to,
// and to what has come. It reports whether it does.
func (c *conn) skip(side int, to uint32, force bool) bool {
	h := &c.half[side]
	if len(h.queue) > 0 && before(h.queue[0].seq, to) {
		to = h.queue[0].seq
	}
	if !force {
		if !h.proof() || c.r.now.Sub(h.proved) < disorder {
			return false
		}
		if before(h.acked, to) {
			to = h.acked
		}
	}
	if !before(h.next, to) {
		return false // what has come waits for the other direction
	}
	c.lose(side, int(to-h.next))
	h.next = to
	return true
}

// lose notes that the next n bytes of a side are missing.
func (c *conn) lose(side, n int) {
	c.r.stats.Gaps++
	c.r.stats.LostBytes += int64(n)
	if h := &c.half[side]; h.lost >= 0 {
		h.lost += n
	}
}

// flush delivers everything that is held, with its gaps.
func (c *conn) flush() {
	if c.recorded != nil {
		c.tellMerged()
		return
	}
	for c.state != closed && c.giveUp(true) {
	}
	for side := range c.half {
		h := &c.half[side]
		// A missing FIN has been acknowledged too.
		if h.proof() && h.seen && !h.ended && h.acked-h.next > 1 {
			c.lose(side, int(h.acked-h.next))
			h.next = h.acked
		}
		if h.lost > 0 {
			c.tellLost(side)
		}
	}
}
