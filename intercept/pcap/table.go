package pcap

import (
	"bytes"
	"net/netip"
)

// connKey is the two ends of a connection, in order.
type connKey struct {
	addr [2][16]byte
	port [2]uint16
}

// keyOf returns the key of a segment's connection, and which of its sides sends
// the segment.
func keyOf(src, dst netip.AddrPort) (k connKey, side int) {
	a, b := src.Addr().As16(), dst.Addr().As16()
	order := bytes.Compare(a[:], b[:])
	if order > 0 || order == 0 && src.Port() > dst.Port() {
		return connKey{[2][16]byte{b, a}, [2]uint16{dst.Port(), src.Port()}}, 1
	}
	return connKey{[2][16]byte{a, b}, [2]uint16{src.Port(), dst.Port()}}, 0
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
