package pcap

// handshake takes a segment with a SYN.
func (c *conn) handshake(side int, s *segment) {
	h, o := &c.half[side], &c.half[1-side]
	h.seen = true
	if h.syn && h.first == s.seq {
		if h.said = max(h.said, s.extent()); s.extent() == 0 {
			c.r.stats.Repeated++
			return
		}
		c.withSYN(side, s)
		return
	}
	h.syn, h.first, h.said = true, s.seq, s.extent()
	if !h.known || h.supposed {
		h.known, h.next = true, s.seq+1
	}
	c.whole = c.state == undecided
	if s.flags&flagACK == 0 {
		c.client = side
	} else {
		c.client = 1 - side
		o.acknowledge(s.ack, c.r.now)
		if !o.known {
			o.known, o.supposed, o.next = true, true, s.ack
		}
	}
	if s.extent() > 0 || s.flags&flagFIN != 0 {
		c.withSYN(side, s)
	}
}

// withSYN takes the data of a segment with a SYN (RFC 7413).
func (c *conn) withSYN(side int, s *segment) {
	data := *s
	data.seq++
	data.flags &^= flagSYN
	c.addData(side, &data)
}

// isNew reports whether a segment with a SYN begins another connection than c.
func (c *conn) isNew(side int, s *segment, note *comment) bool {
	h, o := &c.half[side], &c.half[1-side]
	switch {
	case note.kind == openComment: // not of the same file twice
		return c.recorded == nil || c.recorded.id != note.id || !c.start.Equal(c.r.now)
	case c.recorded != nil && c.state == open:
		return false
	case h.syn && h.first == s.seq:
		return false
	case s.flags&flagACK != 0:
		return !o.known || !o.syn || s.ack-o.first-1 > uint32(o.said) || c.state == closed
	}
	return h.syn || !h.known || h.next-s.seq-1 > uint32(s.extent())
}

// reused reports whether s belongs to another connection than c, which has
// ended; the packets that began the other one were not captured.
func (c *conn) reused(side int, s *segment) bool {
	const late = 1 << 20 // what may be under way when a connection is reset
	h := &c.half[side]
	if c.state != closed || c.recorded != nil || len(s.data) == 0 || !h.known {
		return false
	}
	ahead := int32(s.seq - h.next)
	return ahead > late || ahead < -window/4 || h.ended && ahead > 0
}
