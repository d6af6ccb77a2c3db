package pcap

import (
	"encoding/binary"
	"fmt"
	"math/bits"
	"time"
)

// pcapOrder is what the first four bytes of a pcap file say.
type pcapOrder struct {
	big  bool          // numbers are big-endian
	unit time.Duration // of the fractions of a second
}

// pcapOrderOf reads the first four bytes of a file, as a little-endian number
// (draft-ietf-opsawg-pcap, section 4).
func pcapOrderOf(magic uint32) (o pcapOrder, ok bool) {
	switch magic {
	case 0xa1b2c3d4:
		return pcapOrder{false, time.Microsecond}, true
	case 0xd4c3b2a1:
		return pcapOrder{true, time.Microsecond}, true
	case 0xa1b23c4d:
		return pcapOrder{false, time.Nanosecond}, true
	case 0x4d3cb2a1:
		return pcapOrder{true, time.Nanosecond}, true
	}
	return o, false
}

// uint32 reads a number.
func (o pcapOrder) uint32(b []byte) uint32 {
	n := binary.LittleEndian.Uint32(b)
	if o.big {
		n = bits.ReverseBytes32(n)
	}
	return n
}

const (
	pcapHead   = 24 // of a file
	recordHead = 16 // of a packet
)

// pcapSource reads a pcap file.
type pcapSource struct {
	in *input
	pcapOrder
	link    uint16
	pending int // bytes of the packet that was returned last
}

func openPcap(in *input, o pcapOrder) (source, error) {
	b, err := in.peek(pcapHead)
	if err != nil {
		return nil, fmt.Errorf("head of the file: %w", err)
	}
	// The upper bits of the link type say whether frames end with a checksum,
	// which is behind all lengths and does not matter.
	s := &pcapSource{in: in, pcapOrder: o, link: uint16(o.uint32(b[20:]))}
	return s, in.skip(pcapHead)
}

func (s *pcapSource) next(p *packet) error {
	if err := s.in.skip(int64(s.pending)); err != nil {
		return err
	}
	s.pending = 0
	b, err := s.in.peek(recordHead)
	if err != nil {
		return err
	}
	kept, length := s.uint32(b[8:]), s.uint32(b[12:])
	if kept > bufferSize-recordHead {
		return fmt.Errorf("no packet at offset %d: it would have %d bytes", s.in.pos, kept)
	}
	p.time = time.Unix(int64(s.uint32(b)), int64(s.uint32(b[4:]))*int64(s.unit))
	p.link, p.length = s.link, int(max(length, kept))
	p.options = nil
	if b, err = s.in.peek(recordHead + int(kept)); err != nil {
		return err
	}
	p.data = b[recordHead:]
	s.pending = recordHead + int(kept)
	return nil
}
