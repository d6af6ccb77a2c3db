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
)

// half is one direction of a TCP connection.
type half struct {
	seen     bool      // some packet of this direction was captured
	syn      bool      // its SYN was
	first    uint32    // number of the SYN
	said     int       // with the SYN: how much the answer to it may acknowledge
	known    bool      // next is
	next     uint32    // number of the byte to be delivered next
	supposed bool      // next is what the other SYN acknowledged; nothing has come
	silent   bool      // the last byte that was acknowledged may be the FIN, of a side that was not captured
	hasAck   bool      // acked is known
	acked    uint32    // number of the first byte that the other side has not acknowledged
	proved   time.Time // when acked went beyond next
	queue    queue     // what cannot be delivered yet
	ended    bool      // its FIN was delivered
	lost     int       // missing before next, and not told yet; -1: an unknown number
	stray    uint32    // where the segment ended that was out of the window
}

// extent is how many bytes s has sent, and a FIN.
func (s *segment) extent() int {
	n := len(s.data) + s.cut
	if s.flags&flagFIN != 0 {
		n++
	}
	return n
}

// end is the number behind the data of s.
func (s *segment) end() uint32 { return s.seq + uint32(len(s.data)+s.cut) }

// acknowledge notes that the other side has got everything before ack. It
// returns how many bytes this proves to be lost: those of a direction of which
// no packet is captured. One byte alone is not told before more follow, since a
// FIN counts as one too.
func (h *half) acknowledge(ack uint32, now time.Time) (lost int) {
	switch {
	case h.hasAck && (!before(h.acked, ack) || ack-h.acked > window):
		return 0
	case h.known && before(h.next, ack) && ack-h.next > window:
		return 0
	case h.hasAck && !h.seen:
		if lost = int(ack - h.acked); h.silent {
			lost++
		}
		if h.silent = lost == 1; h.silent {
			lost = 0
		}
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
	if h.ended && o.silent && !o.seen && !o.ended && c.state != closed {
		c.endUnseen(1 - side)
	}
	c.hurry()
}

// endUnseen ends a side by its FIN, which was acknowledged and not captured; the
// other has ended.
func (c *conn) endUnseen(side int) {
	c.half[side].ended = true
	c.chunk(side, c.r.now, nil, true)
	c.end(c.r.now, nil)
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
	if h.queue.n == 0 && !before(h.next, s.seq) && !o.awaited(s.flags, s.ack) {
		c.take(side, s, c.r.now)
	} else {
		c.hold(side, s)
	}
	c.drain()
}

// awaited reports whether a segment of the other side acknowledges bytes of h that
// have not come: they were sent before it.
func (h *half) awaited(flags byte, ack uint32) bool {
	return flags&flagACK != 0 && h.known && h.seen && !h.ended && before(h.next, ack) && ack-h.next <= window
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
	h.next, h.supposed = s.end(), false
	if fin {
		h.next++
		h.ended = true
		c.forgetRest(h)
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
	piece, i := h.queue.find(s.seq, len(s.data))
	if q := h.queue.at(piece, i); q != nil && q.seq == s.seq && (q.flags|s.flags == q.flags || q.end() == s.end()) {
		q.flags |= s.flags // the same, or the beginning of it
		c.r.stats.Repeated++
		return
	}
	h.queue.insert(piece, i, held{s.seq, s.ack, s.flags, s.cut, slices.Clone(s.data), c.r.now, c.r.stats.Packets})
	c.keep(len(s.data) + overhead)
	c.r.wait(c)
}

// forget drops what is held of h.
func (c *conn) forget(h *half) {
	for h.queue.n > 0 {
		c.pop(h)
	}
}

// forgetRest drops what is held of h, which has ended.
func (c *conn) forgetRest(h *half) {
	for h.queue.n > 0 {
		if q := c.pop(h); before(h.next, q.end()) {
			c.r.stats.Strays++
		} else {
			c.r.stats.Repeated++
		}
	}
}

// pop takes the first segment that is held of h.
func (c *conn) pop(h *half) held {
	q := h.queue.pop()
	c.keep(-len(q.data) - overhead)
	return q
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
		q := c.pop(h)
		c.take(side, &segment{seq: q.seq, ack: q.ack, flags: q.flags, data: q.data, cut: q.cut}, q.time)
	}
	if progress {
		c.since = c.r.now
	}
	c.stuck = c.state != closed && c.half[0].queue.n+c.half[1].queue.n > 0
}

// ready returns the side whose next segment can be delivered, of two the one
// that came first; -1 if there is none.
func (c *conn) ready() int {
	side, waiting := -1, 0
	for i := range c.half {
		h, o := &c.half[i], &c.half[1-i]
		switch {
		case h.queue.n == 0 || before(h.next, h.queue.first().seq):
		case o.awaited(h.queue.first().flags, h.queue.first().ack):
			waiting++
		case side < 0 || h.queue.first().nth < c.half[side].queue.first().nth:
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
