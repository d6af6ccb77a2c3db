package http2

import (
	"encoding/binary"
	"fmt"
	"strconv"

	"github.com/socktrace/socktrace/decode/internal/anomaly"
	"github.com/socktrace/socktrace/wire"
)

// maxControl bounds the frames besides heads that are held whole.
const maxControl = 16 << 10

// control takes a frame that governs the connection or a stream, all of which has come.
func (d *Decoder) control(s *side, h header) {
	b := s.w.Bytes()[headerSize:h.size()]
	switch h.typ {
	case settings:
		d.settle(s, h, b)
	case goAway:
		d.goesAway(s, b)
	case rstStream:
		d.resetStream(s, h, binary.BigEndian.Uint32(b))
		return // it has taken the frame
	}
	s.w.Take(h.size())
}

// The settings that say how to read what the other side sends (RFC 9113, section 6.5.2).
const (
	headerTableSize = 1
	maxFrameSize    = 5
)

// settle notes what the sender of s accepts. It goes on accepting what it has accepted
// once, as far as this decoder is concerned: nobody sees when the other side knows.
func (d *Decoder) settle(s *side, h header, b []byte) {
	o := d.other(s)
	for ; len(b) >= settingSize; b = b[settingSize:] {
		switch v := binary.BigEndian.Uint32(b[2:]); binary.BigEndian.Uint16(b) {
		case headerTableSize:
			o.table.Allow(v)
		case maxFrameSize:
			if v < leastMaxFrame || v > largestFrame {
				d.fault(s, h, wrongSetting)
				continue
			}
			o.most = max(o.most, int(v))
		}
	}
}

// maxDebug is how much is told of what a peer says when it goes away.
const maxDebug = 256

// goesAway notes that the sender of s works on no more streams (RFC 9113, section 6.8).
// If that is an error, it is told, once.
func (d *Decoder) goesAway(s *side, b []byte) {
	last, code, debug := binary.BigEndian.Uint32(b)&^(1<<31), binary.BigEndian.Uint32(b[4:]), b[8:]
	told := s.away && s.awayCode != 0
	s.away, s.awayCode, s.lastSeen = true, code, last
	if code == 0 || told {
		return
	}
	detail := fmt.Sprintf("%s; the last stream was %d", errorName(code), last)
	if len(debug) > 0 {
		detail += ": " + strconv.Quote(string(debug[:min(len(debug), maxDebug)]))
	}
	d.wrong(s, nil, s.w.Off(), anomaly.GoneAway, detail)
}

// resetStream takes a frame that ends a stream before its time (RFC 9113, section 6.4). A
// server that has answered may so say that it needs no more of the request (section 8.1),
// and a client that it sends no more.
func (d *Decoder) resetStream(s *side, h header, code uint32) {
	x := d.open.get(h.stream)
	if x == nil {
		// One whose answer did not wait for its request any longer may have ended.
		if o := d.opener(h.stream); h.stream > o.last && !o.late && !d.missed && !d.orphans.has(h.stream) {
			d.fault(s, h, notOpened)
		}
		s.w.Take(h.size())
		return
	}
	d.look(s, x)
	s.w.Take(h.size())
	client, server := &x.Sides[wire.ToServer], &x.Sides[wire.ToClient]
	x.reset, x.isReset = wire.Reset{Dir: s.dir, Code: code}, true
	answered := server.Done && (code == 0 || code == cancel && s.dir == wire.ToServer)
	if x.state == wire.StateDone && !answered {
		x.state = wire.StateAborted
	}
	x.left = s.dir == wire.ToServer && !server.Done && (code == 0 || code == cancel)
	if !client.Done || !server.Done {
		d.finish(x)
	}
}
