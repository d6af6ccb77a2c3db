package pcap

import (
	"encoding/binary"
	"net/netip"
)

// Flags of a TCP header (RFC 9293, section 3.1).
const (
	flagFIN = 1 << iota
	flagSYN
	flagRST
	flagPSH
	flagACK
)

const (
	ipv4Header = 20
	ipv6Header = 40
	tcpHeader  = 20

	protocolTCP = 6
	hopLimit    = 64

	// maxSegment is how much data one packet carries. Its length and that of
	// its headers must fit into 16 bits.
	maxSegment = 65_000
)

// synOptions are a maximum segment size, and a window that is scaled as far as
// it can be (RFC 7323, section 2), so that no analysis finds it full.
var synOptions = [...]byte{2, 4, 0xff, 0xff, 1, 3, 3, 14}

// segment is one TCP segment. Its data has at most maxSegment bytes.
type segment struct {
	src, dst netip.AddrPort // of one family
	seq, ack uint32
	flags    byte
	data     []byte
	cut      int // bytes behind data that were not captured
}

// size is how long the packet of s is.
func (s *segment) size() int {
	n := ipv4Header
	if s.src.Addr().Is6() {
		n = ipv6Header
	}
	n += tcpHeader + len(s.data)
	if s.flags&flagSYN != 0 {
		n += len(synOptions)
	}
	return n
}

// appendPacket appends the IP packet of s to b.
func appendPacket(b []byte, s *segment) []byte {
	if s.src.Addr().Is6() {
		b = appendIPv6(b, s)
	} else {
		b = appendIPv4(b, s)
	}
	return appendTCP(b, s)
}

// appendIPv4 appends a header without options (RFC 791, section 3.1). The
// packet must not be fragmented, so it needs no identification (RFC 6864).
func appendIPv4(b []byte, s *segment) []byte {
	start := len(b)
	b = append(b, 0x45, 0)
	b = binary.BigEndian.AppendUint16(b, uint16(s.size()))
	b = append(b, 0, 0, 0x40, 0, hopLimit, protocolTCP, 0, 0)
	src, dst := s.src.Addr().As4(), s.dst.Addr().As4()
	b = append(append(b, src[:]...), dst[:]...)
	binary.BigEndian.PutUint16(b[start+10:], checksum(sum(0, b[start:])))
	return b
}

// appendIPv6 appends a header without extensions (RFC 8200, section 3).
func appendIPv6(b []byte, s *segment) []byte {
	b = append(b, 0x60, 0, 0, 0)
	b = binary.BigEndian.AppendUint16(b, uint16(s.size()-ipv6Header))
	b = append(b, protocolTCP, hopLimit)
	src, dst := s.src.Addr().As16(), s.dst.Addr().As16()
	return append(append(b, src[:]...), dst[:]...)
}

// appendTCP appends the TCP header and the data of s to b, which ends with the
// two addresses (RFC 9293, section 3.1).
func appendTCP(b []byte, s *segment) []byte {
	start := len(b)
	options := synOptions[:0]
	if s.flags&flagSYN != 0 {
		options = synOptions[:]
	}
	header := tcpHeader + len(options)
	b = binary.BigEndian.AppendUint16(b, s.src.Port())
	b = binary.BigEndian.AppendUint16(b, s.dst.Port())
	b = binary.BigEndian.AppendUint32(b, s.seq)
	b = binary.BigEndian.AppendUint32(b, s.ack)
	b = append(b, byte(header/4)<<4, s.flags, 0xff, 0xff, 0, 0, 0, 0)
	b = append(append(b, options...), s.data...)

	// The checksum covers the addresses, the protocol and the length too.
	addresses := 2 * s.src.Addr().BitLen() / 8
	total := sum(protocolTCP+uint64(header+len(s.data)), b[start-addresses:])
	binary.BigEndian.PutUint16(b[start+16:], checksum(total))
	return b
}
