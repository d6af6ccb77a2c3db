package pcap

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/bits"
	"time"
)

// maxInterfaces is more than any file has that was not made to fill memory.
const maxInterfaces = 1 << 12

// ngSource reads a pcapng file.
type ngSource struct {
	in      *input
	order   binary.ByteOrder // of the section
	ifaces  []iface          // of the section
	last    time.Time        // of the last packet that has one
	pending int64            // bytes of the block that was read last
	missed  int64            // packets that sections which have ended say are missing
	keyLog  func([]byte)     // gets the key logs in the file; nil: nobody wants them
}

// iface is what an interface description says.
type iface struct {
	link uint16
	snap uint32 // how much of a packet is kept; 0: all of it
	resolution
	offset int64 // of times, in seconds
	missed int64 // packets, by the last of its statistics
}

func (s *ngSource) next(p *packet) error {
	for {
		if err := s.in.skip(s.pending); err != nil {
			return err
		}
		s.pending = 0
		typ, body, err := s.block()
		if err != nil {
			return err
		}
		found := false
		switch typ {
		case blockSection:
			s.missed = s.missing()
			s.ifaces = s.ifaces[:0]
		case blockInterface:
			err = s.addInterface(body)
		case blockStatistic:
			s.statistics(body)
		case blockSecrets:
			s.secrets(body)
		case blockPacket, blockPacketOld:
			found, err = true, s.packet(p, body, typ == blockPacketOld)
		case blockSimple:
			found, err = true, s.simplePacket(p, body)
		}
		if err != nil {
			return fmt.Errorf("block at offset %d: %w", s.in.pos, err)
		}
		if found {
			return nil
		}
	}
}

// block reads the next block that is known. body is what is in it, without its
// lengths; of blocks that mean nothing here it is empty.
func (s *ngSource) block() (typ uint32, body []byte, err error) {
	b, err := s.in.peek(blockOverhead)
	if err != nil {
		return 0, nil, err
	}
	if order.Uint32(b) == blockSection { // the same in both orders
		switch uint32(byteOrderMagic) {
		case binary.LittleEndian.Uint32(b[8:]):
			s.order = binary.LittleEndian
		case binary.BigEndian.Uint32(b[8:]):
			s.order = binary.BigEndian
		default:
			return 0, nil, fmt.Errorf("section at offset %d: no byte order", s.in.pos)
		}
	}
	typ = s.order.Uint32(b)
	n := s.order.Uint32(b[4:])
	if n < blockOverhead || n%4 != 0 {
		return 0, nil, fmt.Errorf("no block at offset %d: its length would be %d", s.in.pos, n)
	}
	s.pending = int64(n)
	switch typ {
	case blockSection, blockInterface, blockPacketOld, blockSimple, blockPacket:
	case blockStatistic:
		if n > bufferSize {
			return typ, nil, nil
		}
	case blockSecrets:
		if s.keyLog == nil {
			return typ, nil, nil
		} else if n > bufferSize {
			return typ, nil, s.largeSecrets(int64(n))
		}
	default:
		return typ, nil, nil
	}
	if n > bufferSize {
		return 0, nil, fmt.Errorf("block at offset %d: %d bytes are too many", s.in.pos, n)
	}
	if b, err = s.in.peek(int(n)); err != nil {
		return 0, nil, err
	}
	if again := s.order.Uint32(b[n-4:]); again != n {
		return 0, nil, fmt.Errorf("block at offset %d: its length is %d at its beginning and %d at its end", s.in.pos, n, again)
	}
	return typ, b[8 : n-4], nil
}

func (s *ngSource) addInterface(body []byte) error {
	if len(body) < 8 {
		return errShort
	}
	if len(s.ifaces) == maxInterfaces {
		return fmt.Errorf("more than %d interfaces", maxInterfaces)
	}
	i := iface{link: s.order.Uint16(body), snap: s.order.Uint32(body[4:]), resolution: resolutionOf(6)}
	eachOption(s.order, body[8:], func(code uint16, value []byte) {
		switch {
		case code == optionResolution && len(value) == 1:
			i.resolution = resolutionOf(value[0])
		case code == optionTimeOffset && len(value) == 8:
			i.offset = int64(s.order.Uint64(value))
		}
	})
	s.ifaces = append(s.ifaces, i)
	return nil
}

// resolution is how fine times are: a second has two, or ten, to the power of exp
// units.
type resolution struct {
	two    bool
	exp    int
	second uint64 // in units; 0 if that is more than a number can be
}

func resolutionOf(b byte) resolution {
	r := resolution{two: b&0x80 != 0, exp: int(b & 0x7f)}
	switch {
	case r.two && r.exp < 64:
		r.second = 1 << r.exp
	case !r.two && r.exp < 20:
		r.second = power10(r.exp)
	}
	return r
}

// split returns the seconds and the nanoseconds of so many units.
func (r resolution) split(units uint64) (sec, ns uint64) {
	switch {
	case r.second > 0:
		hi, lo := bits.Mul64(units%r.second, 1e9)
		ns, _ = bits.Div64(hi, lo, r.second)
		return units / r.second, ns
	case r.two:
		hi, _ := bits.Mul64(units, 1e9)
		return 0, hi >> (r.exp - 64)
	case r.exp < 29:
		return 0, units / power10(r.exp-9)
	}
	return 0, 0
}

func power10(n int) uint64 {
	p := uint64(1)
	for range n {
		p *= 10
	}
	return p
}

// at returns the time of so many units.
func (i *iface) at(units uint64) time.Time {
	sec, ns := i.resolution.split(units)
	return time.Unix(int64(sec)+i.offset, int64(ns))
}

// statistics reads how many packets of an interface are missing so far, if the
// block says so: it is of no use for anything else.
func (s *ngSource) statistics(body []byte) {
	const head = 12
	if len(body) < head || int64(s.order.Uint32(body)) >= int64(len(s.ifaces)) {
		return
	}
	i := &s.ifaces[s.order.Uint32(body)]
	eachOption(s.order, body[head:], func(code uint16, value []byte) {
		if code == optionDropped && len(value) == 8 {
			i.missed = int64(min(s.order.Uint64(value), math.MaxInt32))
		}
	})
}

// missing returns how many packets are missing, as far as the file says it.
func (s *ngSource) missing() int64 {
	n := s.missed
	for i := range s.ifaces {
		n += s.ifaces[i].missed
	}
	return n
}

var errShort = fmt.Errorf("it is too short")

// packet reads an enhanced packet block, or an obsolete one, which differs in
// its first four bytes only.
func (s *ngSource) packet(p *packet, body []byte, old bool) error {
	const head = 20
	if len(body) < head {
		return errShort
	}
	id := s.order.Uint32(body)
	if old {
		id = uint32(s.order.Uint16(body))
	}
	if int64(id) >= int64(len(s.ifaces)) {
		return fmt.Errorf("interface %d was not described", id)
	}
	i := &s.ifaces[id]
	kept := s.order.Uint32(body[12:])
	if int64(kept) > int64(len(body)-head) {
		return fmt.Errorf("packet of %d bytes: %w", kept, errShort)
	}
	s.last = i.at(uint64(s.order.Uint32(body[4:]))<<32 | uint64(s.order.Uint32(body[8:])))
	*p = packet{
		time: s.last, link: i.link, data: body[head : head+kept],
		length: int(max(s.order.Uint32(body[16:]), kept)), order: s.order,
	}
	if end := head + (int64(kept)+3)&^3; end < int64(len(body)) {
		p.options = body[end:]
	}
	return nil
}

// simplePacket reads a packet without a time: it gets that of the one before.
func (s *ngSource) simplePacket(p *packet, body []byte) error {
	if len(body) < 4 {
		return errShort
	}
	if len(s.ifaces) == 0 {
		return fmt.Errorf("interface 0 was not described")
	}
	length := s.order.Uint32(body)
	kept := min(int64(length), int64(len(body)-4))
	if snap := s.ifaces[0].snap; snap > 0 {
		kept = min(kept, int64(snap))
	}
	*p = packet{time: s.last, link: s.ifaces[0].link, data: body[4 : 4+kept], length: int(length), order: s.order}
	return nil
}

// eachOption calls f with the options in b, as far as they are in order.
func eachOption(order binary.ByteOrder, b []byte, f func(code uint16, value []byte)) {
	for len(b) >= 4 {
		code, n := order.Uint16(b), int(order.Uint16(b[2:]))
		if code == optionEnd || n > len(b)-4 {
			return
		}
		f(code, b[4:4+n])
		b = b[min(4+(n+3)&^3, len(b)):]
	}
}

// comment sets c to what the first comment of ours says.
func (p *packet) comment(c *comment) {
	c.kind = notOurs
	if len(p.options) == 0 {
		return
	}
	eachOption(p.order, p.options, func(code uint16, value []byte) {
		if code == optionComment && c.kind == notOurs {
			*c = parseComment(string(value))
		}
	})
}
