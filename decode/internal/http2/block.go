package http2

import (
	"encoding/binary"
	"fmt"
	"strconv"

	"github.com/socktrace/socktrace/decode/internal/anomaly"
	"github.com/socktrace/socktrace/decode/internal/http2/hpack"
	"github.com/socktrace/socktrace/wire"
)

// maxBlockFrames is in how many frames a field block may come: nobody needs as many,
// and each may be empty.
const maxBlockFrames = 1024

// joinBlock takes a frame with a part of a field block, all of which has come, and
// returns the head if it ends with that.
func (d *Decoder) joinBlock(s *side, h header) *head {
	s.startBlock(h)
	b := &s.block
	part, ok := h.fragment(s.w.Bytes()[headerSize:h.size()], b)
	if !ok {
		d.fault(s, h, wrongPadding)
		d.drop(b)
	}
	if b.frames == maxBlockFrames {
		d.fault(s, h, endless)
	}
	if !h.has(flagEndHeaders) {
		d.extend(s, h, part)
		s.w.Take(h.size())
		return nil
	}
	if len(b.data) > 0 {
		part = append(b.data, part...)
	}
	x := d.decompress(s, part, h.size())
	s.w.Take(h.size())
	return x
}

// startBlock notes that h is the next frame of a block, or the first.
func (s *side) startBlock(h header) {
	b := &s.block
	if !b.open {
		*b = block{typ: h.typ, stream: h.stream, at: s.begunAt(), endStream: h.typ == headers && h.has(flagEndStream)}
	}
	b.open = true
	b.frames++
	b.size += int64(h.size())
}

// fragment returns what the payload of h has of the block, and notes what else it has
// (RFC 9113, sections 6.2 and 6.6). It returns false if its padding is too long.
func (h header) fragment(p []byte, b *block) ([]byte, bool) {
	if h.typ == continuation {
		return p, true
	}
	pad := 0
	if h.has(flagPadded) {
		if len(p) == 0 {
			return nil, false
		}
		pad, p = int(p[0]), p[1:]
	}
	fixed := 0
	if h.typ == pushPromise {
		fixed = 4
	} else if h.has(flagPriority) {
		fixed = 5
	}
	if len(p) < fixed+pad {
		return nil, false
	}
	if h.typ == pushPromise {
		b.promised = binary.BigEndian.Uint32(p) &^ (1 << 31)
	}
	return p[fixed : len(p)-pad], true
}

// extend keeps a part of a block that goes on, if the block is not too long.
func (d *Decoder) extend(s *side, h header, part []byte) {
	b := &s.block
	switch {
	case b.dropped:
	case len(b.data)+len(part) > d.limit.Head:
		d.wrong(s, d.open.get(b.stream), b.at.Off, anomaly.HeadTooLarge, fmt.Sprintf("more than %d bytes", d.limit.Head))
		b.begins = beginning(s.table, b.data)
		d.drop(b)
	case d.env.Account.Take(len(part)) < len(part):
		d.wrong(s, d.open.get(b.stream), b.at.Off, anomaly.Spent, fmt.Sprintf("%d bytes of a head", len(b.data)+len(part)))
		b.begins = beginning(s.table, b.data)
		d.drop(b)
	default:
		b.taken += len(part)
		b.data = append(b.data, part...)
	}
}

// drop forgets what there is of a block.
func (d *Decoder) drop(b *block) {
	d.env.Account.Give(b.taken)
	b.data, b.taken, b.dropped = nil, 0, true
}

// decompress returns the head that b, a whole block, is. Its last frame is the first n
// bytes of s.
func (d *Decoder) decompress(s *side, b []byte, n int) *head {
	h := &d.head
	h.block, h.end = &s.block, s.lastByte(n)
	d.env.Account.Give(h.taken)
	h.open, h.data, h.taken = false, nil, 0
	if h.dropped {
		h.Block = new(hpack.Block)
		if h.begins != nil {
			h.Block, h.begins = h.begins, nil
		}
		s.table.Lose()
	} else {
		var err error
		h.Block, err = s.table.Decode(b, d.fields[:0])
		if d.fields = h.Fields[:0]; cap(d.fields) > maxRoom {
			d.fields = nil
		}
		if err != nil {
			d.badBlock(s, h, err)
		}
	}
	d.chargeTable(s)
	if h.Lost > 0 && !s.unknown {
		s.unknown = true
		d.wrong(s, nil, h.at.Off, anomaly.UnknownFields, "from stream "+strconv.FormatUint(uint64(h.stream), 10)+" on")
	}
	h.read()
	return h
}

// badBlock reports, once of a direction, that a block cannot be decompressed.
func (d *Decoder) badBlock(s *side, h *head, err error) {
	h.dropped = true // what stands behind is not known
	if !s.hpackBad {
		s.hpackBad = true
		d.wrong(s, d.open.get(h.stream), h.at.Off, anomaly.BadHPACK, err.Error())
	}
}

// chargeTable charges what the table of s holds. If there is no memory for it, it is
// forgotten.
func (d *Decoder) chargeTable(s *side) {
	a, n := d.env.Account, s.table.Held()
	if n > s.held && !a.Charge(n-s.held) {
		d.env.Account.Missed(n)
		s.table.Lose()
		n = 0
	}
	if n < s.held {
		a.Refund(s.held - n)
	}
	s.held = n
}

// metaOf returns where and when h was seen.
func (d *Decoder) metaOf(s *side, x *exchange, h *head) wire.Meta {
	return wire.Meta{Conn: d.env.Conn, Exchange: x.Number, Dir: s.dir, Off: h.at.Off, Start: h.at.Time, End: h.end}
}
