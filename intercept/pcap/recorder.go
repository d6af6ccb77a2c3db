package pcap

import (
	"errors"
	"time"

	"github.com/socktrace/socktrace/wire"
)

// recorder writes one connection: a wire.Tap.
type recorder struct {
	w       *Writer
	conn    *wire.Conn
	flow    flow
	next    [2]uint32 // sequence number of the next byte, by direction
	ended   [2]bool   // a FIN was sent
	last    wire.Dir  // the direction that ended last
	comment []byte    // reused
}

// begin writes the handshake. The numbers of both directions begin with first.
func (r *recorder) begin(first uint32) {
	w, c := r.w, r.conn
	w.mu.Lock()
	defer w.unlock()
	r.flow = flowOf(c, w.flows)
	w.flows[r.flow] = true
	r.next = [2]uint32{first, first}
	r.comment = appendOpenComment(r.comment[:0], c)
	r.put(c.Start, wire.ToServer, flagSYN, nil)
	r.put(c.Start, wire.ToClient, flagSYN|flagACK, nil)
	r.put(c.Start, wire.ToServer, flagACK, nil)
	w.flush()
}

// Chunk writes one packet, or several for many bytes; the last of them has the
// flag PSH. After lost bytes the numbers jump.
func (r *recorder) Chunk(c wire.Chunk) {
	if len(c.Data) == 0 && c.Lost == 0 && !c.EOF {
		return
	}
	w := r.w
	w.mu.Lock()
	defer w.unlock()
	if c.Lost != 0 {
		r.next[c.Dir] += uint32(max(c.Lost, 1)) // one, to show the gap, if their number is not known
		r.comment = appendLostComment(r.comment[:0], r.conn.ID, c.Lost)
	}
	data := c.Data
	for len(data) > maxSegment {
		r.put(c.Time, c.Dir, flagACK, data[:maxSegment])
		w.flush()
		data = data[maxSegment:]
	}
	flags := byte(flagACK)
	if len(data) > 0 {
		flags |= flagPSH
	}
	if c.EOF && !r.ended[c.Dir] {
		flags |= flagFIN
	}
	r.put(c.Time, c.Dir, flags, data)
	w.flush()
}

// End writes how the connection ended: nothing if it did not end before the
// trace.
func (r *recorder) End(t time.Time, err error) {
	w := r.w
	w.mu.Lock()
	defer w.unlock()
	delete(w.flows, r.flow)
	if errors.Is(err, wire.ErrStopped) {
		return
	}
	r.comment = appendCloseComment(r.comment[:0], r.conn.ID, err)
	if err != nil {
		dir := wire.ToClient
		if r.ended[dir] {
			dir = wire.ToServer
		}
		r.put(t, dir, flagRST|flagACK, nil)
	} else {
		for _, dir := range []wire.Dir{wire.ToClient, wire.ToServer} {
			if !r.ended[dir] {
				r.put(t, dir, flagFIN|flagACK, nil)
			}
		}
		r.put(t, r.last.Other(), flagACK, nil)
	}
	w.flush()
}

// put appends a packet with the comment that is waiting, if there is one. What
// the other direction has sent is acknowledged.
func (r *recorder) put(t time.Time, dir wire.Dir, flags byte, data []byte) {
	s := segment{
		src: r.flow[dir], dst: r.flow[dir.Other()],
		seq: r.next[dir], flags: flags, data: data,
	}
	if flags&flagACK != 0 {
		s.ack = r.next[dir.Other()]
	}
	r.w.buf = appendSegment(r.w.buf, t, &s, r.comment)
	r.comment = r.comment[:0]
	r.next[dir] += uint32(len(data))
	if flags&(flagSYN|flagFIN) != 0 { // it has a number of its own
		r.next[dir]++
	}
	if flags&flagFIN != 0 {
		r.ended[dir], r.last = true, dir
	}
}

// firstNumber spreads the numbers that connections begin with, so that those
// of two with the same addresses are far apart.
func firstNumber(id int) uint32 { return uint32(id) * 2654435761 }
