package pcap

import "net/netip"

// connKey is the two ends of a connection, in order.
type connKey struct {
	addr [2][16]byte
	port [2]uint16
}

// keyOf returns the key of a segment's connection, and which of its sides sends
// the segment.
func keyOf(src, dst netip.AddrPort) (k connKey, side int) {
	if src.Compare(dst) > 0 {
		src, dst, side = dst, src, 1
	}
	k.addr[0], k.addr[1] = src.Addr().As16(), dst.Addr().As16()
	k.port[0], k.port[1] = src.Port(), dst.Port()
	return k, side
}

// connList is connections by the time of their last packet, in a ring.
type connList struct {
	ring conn // succ is the oldest, prev the newest
	n    int
}

func (l *connList) oldest() *conn {
	if l.n == 0 {
		return nil
	}
	return l.ring.succ
}

// add makes c the newest of l; it is in no list.
func (l *connList) add(c *conn) {
	if l.ring.succ == nil {
		l.ring.succ, l.ring.prev = &l.ring, &l.ring
	}
	c.list, c.prev, c.succ = l, l.ring.prev, &l.ring
	c.prev.succ, c.succ.prev = c, c
	l.n++
}

// touch makes c the newest of its list.
func (c *conn) touch() {
	if l := c.list; l.ring.prev != c {
		c.leave()
		l.add(c)
	}
}

// leave takes c out of its list, if it is in one.
func (c *conn) leave() {
	if c.list == nil {
		return
	}
	c.prev.succ, c.succ.prev = c.succ, c.prev
	c.list.n--
	c.list, c.prev, c.succ = nil, nil, nil
}
