package pcap

import (
	"encoding/binary"
	"fmt"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"
)

// Headers that gopacket has no DecodingLayer for, or trusts too much. Each
// function returns what follows, and its type.

func short(what string, data []byte) error {
	return fmt.Errorf("%s header: %d bytes are too few", what, len(data))
}

// cooked reads Linux's cooked header of size bytes, whose protocol is at the
// offset proto.
func cooked(data []byte, size, proto int) (gopacket.LayerType, []byte, error) {
	if len(data) < size {
		return 0, nil, short("cooked", data)
	}
	return etherType(data[proto:]), data[size:], nil
}

// ppp reads a PPP header, whose parts may be left out (RFC 1661, sections 2
// and 6.5).
func ppp(data []byte) (gopacket.LayerType, []byte, error) {
	if len(data) >= 2 && data[0] == 0xff && data[1] == 3 {
		data = data[2:]
	}
	if len(data) < 2 {
		return 0, nil, short("PPP", data)
	}
	typ := uint16(data[0])
	if typ&1 == 0 {
		typ, data = typ<<8|uint16(data[1]), data[1:]
	}
	switch layers.PPPType(typ) {
	case layers.PPPTypeIPv4:
		return layers.LayerTypeIPv4, data[1:], nil
	case layers.PPPTypeIPv6:
		return layers.LayerTypeIPv6, data[1:], nil
	case layers.PPPTypeMPLSUnicast:
		return layers.LayerTypeMPLS, data[1:], nil
	}
	return 0, nil, errNoTCP
}

// pppoe reads the header of a PPP session over Ethernet (RFC 2516, section 4).
func pppoe(data []byte) (gopacket.LayerType, []byte, error) {
	const size = 6
	if len(data) < size {
		return 0, nil, short("PPPoE", data)
	}
	if data[1] != 0 { // not data of a session
		return 0, nil, errNoTCP
	}
	return layers.LayerTypePPP, data[size:], nil
}

// mpls skips labels (RFC 3032, section 2.1).
func mpls(data []byte) (gopacket.LayerType, []byte, error) {
	for len(data) >= 4 {
		last := data[2]&1 != 0
		if data = data[4:]; last {
			return anyIP(data)
		}
	}
	return 0, nil, short("MPLS", data)
}

// geneve reads the header of a tunnel (RFC 8926, section 3.4).
func geneve(data []byte) (gopacket.LayerType, []byte, error) {
	const size = 8
	if len(data) < size || len(data) < size+int(data[0]&0x3f)*4 {
		return 0, nil, short("Geneve", data)
	}
	return etherType(data[2:]), data[size+int(data[0]&0x3f)*4:], nil
}

// withChecksum appends room for the checksum that gopacket expects at the end
// of a frame, where most captures have none.
func withChecksum(frame []byte) []byte {
	return append(frame[:len(frame):len(frame)], 0, 0, 0, 0)
}

// uint16At returns a number in network byte order.
func uint16At(b []byte, at int) int { return int(binary.BigEndian.Uint16(b[at:])) }
