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
	head int           // of a packet, in bytes
}

// pcapOrderOf reads the first four bytes of a file, as a little-endian number
// (draft-ietf-opsawg-pcap, section 4).
func pcapOrderOf(magic uint32) (o pcapOrder, ok bool) {
	for _, big := range []bool{false, true} {
		if big {
			magic = bits.ReverseBytes32(magic)
		}
		switch magic {
		case 0xa1b2c3d4:
			return pcapOrder{big, time.Microsecond, recordHead}, true
		case 0xa1b23c4d:
			return pcapOrder{big, time.Nanosecond, recordHead}, true
		case 0xa1b2cd34: // of a patched tcpdump: it also tells the interface
			return pcapOrder{big, time.Microsecond, recordHead + 8}, true
		}
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
	order   binary.ByteOrder
	link    uint16
	minor   uint16 // of its version, if that is 2
	pending int    // bytes of the packet that was returned last
}

func openPcap(in *input, o pcapOrder) (source, error) {
	b, err := in.peek(pcapHead)
	if err != nil {
		return nil, fmt.Errorf("head of the file: %w", err)
	}
	// The upper bits of the link type say whether frames end with a checksum,
	// which is behind all lengths and does not matter.
	s := &pcapSource{in: in, pcapOrder: o, order: binary.LittleEndian, link: uint16(o.uint32(b[20:]))}
	if o.big {
		s.order = binary.BigEndian
	}
	s.minor = 4
	if s.order.Uint16(b[4:]) == 2 {
		s.minor = s.order.Uint16(b[6:])
	}
	return s, in.skip(pcapHead)
}

func (s *pcapSource) next(p *packet) error {
	if err := s.in.skip(int64(s.pending)); err != nil {
		return err
	}
	s.pending = 0
	b, err := s.in.peek(s.head)
	if err != nil {
		return err
	}
	kept, length := s.uint32(b[8:]), s.uint32(b[12:])
	if s.minor < 3 || s.minor == 3 && kept > length {
		kept, length = length, kept // old programs wrote them so
	}
	if kept > bufferSize-uint32(s.head) {
		return fmt.Errorf("no packet at offset %d: it would have %d bytes", s.in.pos, kept)
	}
	p.time = time.Unix(int64(s.uint32(b)), int64(s.uint32(b[4:]))*int64(s.unit))
	p.link, p.length = s.link, int(max(length, kept))
	p.options, p.order = nil, s.order
	if b, err = s.in.peek(s.head + int(kept)); err != nil {
		return err
	}
	p.data = b[s.head:]
	s.pending = s.head + int(kept)
	return nil
}
