package pcap

import (
	"errors"
	"time"

	"github.com/socktrace/socktrace/internal/spool"
	"github.com/socktrace/socktrace/wire"
)

// recorder writes one connection: a wire.Tap. What it writes at once, its unit,
// may be left out. Then it goes on as if that had not been there, and what is
// missing stands before the next that is written.
type recorder struct {
	w      *Writer
	conn   *wire.Conn
	flow   flow
	first  uint32    // the number that both directions begin with
	told   told      // by the packets so far
	missed [2]missed // by direction: what comes before the next packet and is not told

	unit    *[]byte  // blocks that are not written yet; nil: none
	packets int      // in it
	comment []byte   // for the next of them; reused
	secured [][]byte // comments on the handshakes of TLS, for the next of them if told.secured is false
}

// told is how far the packets of a connection have come.
type told struct {
	begun   bool      // the handshake is there
	secured bool      // and what TLS agreed on; always, if that is nothing
	next    [2]uint32 // sequence number of the next byte, by direction
	ended   [2]bool   // a FIN was sent
	last    wire.Dir  // the direction that ended last
	spoke   wire.Dir  // the direction of the last packet
}

// missed is what is not there of a direction.
type missed struct {
	bytes   int
	unknown bool // and more bytes
	eof     bool // and its end
}

// begin writes the handshake. The numbers of both directions begin with first.
func (r *recorder) begin(first uint32) {
	r.flow, r.first = r.w.use(r.conn), first
	r.handshake()
	r.write(told{})
}

// Chunk writes one packet, or several for many bytes; the last of them has the
// flag PSH. After lost bytes the numbers jump.
func (r *recorder) Chunk(c wire.Chunk) {
	if len(c.Data) == 0 && c.Lost == 0 && !c.EOF {
		return
	}
	if m := &r.missed[c.Dir]; c.Lost < 0 {
		m.unknown = true
	} else {
		m.bytes += c.Lost
	}
	data := c.Data
	for len(data) > maxSegment {
		r.send(c.Time, c.Dir, flagACK, data[:maxSegment])
		data = data[maxSegment:]
	}
	flags := byte(flagACK)
	if len(data) > 0 {
		flags |= flagPSH
	}
	if c.EOF && !r.told.ended[c.Dir] {
		flags |= flagFIN
	}
	r.send(c.Time, c.Dir, flags, data)
}

// send writes a packet, behind what was missed before it.
func (r *recorder) send(t time.Time, dir wire.Dir, flags byte, data []byte) {
	before := r.told
	r.handshake()
	r.tellMissed(t, dir.Other())
	r.jump(dir)
	if r.missed[dir].eof {
		flags |= flagFIN
	}
	r.put(t, dir, flags, data)
	if !r.write(before) {
		r.missed[dir].bytes += len(data)
		r.missed[dir].eof = flags&flagFIN != 0
	}
}

// End writes how the connection ended, or when the trace of it did.
func (r *recorder) End(t time.Time, err error) {
	r.w.release(r.flow)
	before := r.told
	r.handshake()
	r.tellMissed(t, wire.ToServer)
	r.tellMissed(t, wire.ToClient)
	if errors.Is(err, wire.ErrStopped) {
		r.stop(t)
	} else {
		r.close(t, err)
	}
	r.write(before)
}

// stop puts a packet that says that the connection was open until t. It
// acknowledges what came last. If nothing came there is none, since others would take
// it for a sign of lost packets.
func (r *recorder) stop(t time.Time) {
	if r.told.next == [2]uint32{r.first + 1, r.first + 1} {
		return
	}
	r.comment = appendStopComment(r.comment[:0], r.conn.ID)
	r.put(t, r.told.spoke.Other(), flagACK, nil)
}

// close puts the packets of an end in order, or of one for the reason err.
func (r *recorder) close(t time.Time, err error) {
	r.comment = appendCloseComment(r.comment[:0], r.conn.ID, err)
	if err != nil {
		r.put(t, r.breaker(err), flagRST|flagACK, nil)
		return
	}
	for _, dir := range []wire.Dir{wire.ToClient, wire.ToServer} {
		if !r.told.ended[dir] {
			r.put(t, dir, flagFIN|flagACK, nil)
		}
	}
	r.put(t, r.told.last.Other(), flagACK, nil)
}

// breaker returns the direction that comes from the peer that broke the connection off;
// if err does not say who that was, one that has not ended.
func (r *recorder) breaker(err error) wire.Dir {
	if peer := (*wire.PeerError)(nil); errors.As(err, &peer) {
		return peer.Dir
	}
	if r.told.ended[wire.ToClient] {
		return wire.ToServer
	}
	return wire.ToClient
}

// handshake puts the packets that begin a connection, if they are not there.
func (r *recorder) handshake() {
	if r.told.begun {
		return
	}
	r.told = told{begun: true, secured: r.told.secured, next: [2]uint32{r.first, r.first}}
	r.comment = appendOpenComment(r.comment[:0], r.conn)
	start := r.conn.Start
	r.put(start, wire.ToServer, flagSYN, nil)
	r.put(start, wire.ToClient, flagSYN|flagACK, nil)
	r.put(start, wire.ToServer, flagACK, nil)
}

// tellMissed puts a packet without data behind what was missed of dir.
func (r *recorder) tellMissed(t time.Time, dir wire.Dir) {
	m := r.missed[dir]
	if m == (missed{}) {
		return
	}
	r.jump(dir)
	flags := byte(flagACK)
	if m.eof {
		flags |= flagFIN
	}
	r.put(t, dir, flags, nil)
}

// jump has the numbers of dir jump over the bytes that were missed, which the
// next packet says in a comment.
func (r *recorder) jump(dir wire.Dir) {
	m := &r.missed[dir]
	lost := m.bytes
	if m.unknown {
		lost = -1
	}
	if lost != 0 {
		r.told.next[dir] += uint32(max(m.bytes, 1)) // one, to show the gap, if their number is not known
		r.comment = appendLostComment(r.comment[:0], r.conn.ID, lost)
	}
}

// put adds a packet to the unit, with the comment that is waiting, if there is
// one. What the other direction has sent is acknowledged.
func (r *recorder) put(t time.Time, dir wire.Dir, flags byte, data []byte) {
	at := &r.told
	s := segment{
		src: r.flow[dir], dst: r.flow[dir.Other()],
		seq: at.next[dir], flags: flags, data: data,
	}
	if flags&flagACK != 0 {
		s.ack = at.next[dir.Other()]
	}
	if r.unit == nil {
		r.unit = r.w.buffers.Get().(*[]byte)
	}
	var more [][]byte
	if !at.secured {
		more, at.secured = r.secured, true
	}
	*r.unit = appendSegment(*r.unit, t, &s, r.comment, more...)
	r.packets++
	r.comment = r.comment[:0]
	at.next[dir] += uint32(len(data))
	at.spoke = dir
	if flags&(flagSYN|flagFIN) != 0 { // it has a number of its own
		at.next[dir]++
	}
	if flags&flagFIN != 0 {
		at.ended[dir], at.last = true, dir
	}
}

// write writes the unit, if there is one. If it is left out, the packets have
// come as far as before.
func (r *recorder) write(before told) bool {
	if r.unit == nil {
		return true
	}
	taken := r.w.spool.Put(spool.Unit{Data: *r.unit, N: r.packets})
	if taken {
		r.missed = [2]missed{}
	} else {
		r.told = before
	}
	*r.unit = (*r.unit)[:0]
	r.w.buffers.Put(r.unit)
	r.unit, r.packets = nil, 0
	return taken
}

// firstNumber spreads the numbers that connections begin with, so that those
// of two with the same addresses are far apart.
func firstNumber(id int) uint32 { return uint32(id) * 2654435761 }
