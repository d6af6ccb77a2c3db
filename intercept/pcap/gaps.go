package pcap

// giveUp goes on behind gaps: those of bytes that were acknowledged, or force
// all of them. It reports whether there were any.
func (c *conn) giveUp(force bool) bool {
	gave := false
	for side := range c.half {
		h, o := &c.half[side], &c.half[1-side]
		if h.queue.n == 0 {
			continue
		}
		q := h.queue.first()
		switch {
		case before(h.next, q.seq):
			reset := q.flags&flagRST != 0 // nothing is sent again after it
			if c.skip(side, q.seq, force || reset) {
				gave = true
				if o.queue.n > 0 { // maybe waits for what is missing
					c.tellLost(side)
				}
			}
		case o.awaited(q.flags, q.ack):
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
	if h.queue.n > 0 && before(h.queue.first().seq, to) {
		to = h.queue.first().seq
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
		missing := 0
		if h.proof() && h.seen && !h.ended {
			missing = int(h.acked - h.next)
		}
		// A missing FIN has been acknowledged too.
		if missing > 1 {
			c.lose(side, missing)
			h.next = h.acked
		}
		if h.lost > 0 {
			c.tellLost(side)
		}
		if missing == 1 && c.half[1-side].ended {
			c.endUnseen(side)
		}
	}
}
