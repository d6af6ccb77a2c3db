package pcap

import (
	"encoding/binary"
	"fmt"
	"net/netip"
)

// Protocols that may stand between an IPv6 header and its payload (RFC 8200,
// section 4; RFC 4302; RFC 6275).
const (
	protocolHopByHop    = 0
	protocolRouting     = 43
	protocolFragment    = 44
	protocolAuth        = 51
	protocolDestination = 60
	protocolMobility    = 135
)

// ipv4 reads an IPv4 header (RFC 791, section 3.1), and puts fragments
// together.
func (d *dissector) ipv4(data []byte) (announced, []byte, error) {
	if len(data) < ipv4Header || data[0]>>4 != 4 {
		return short("IPv4", data)
	}
	header, total := int(data[0]&15)*4, uint16At(data, 2)
	if total == 0 {
		total = len(data) // the network card was to cut it into packets
	}
	if header < ipv4Header || total < header || len(data) < header {
		return announced{}, nil, fmt.Errorf("IPv4 header of %d bytes in a packet of %d", header, total)
	}
	d.src, d.dst = netip.AddrFrom4([4]byte(data[12:])), netip.AddrFrom4([4]byte(data[16:]))
	protocol := data[9]
	payload := data[header:min(total, len(data))]
	d.size = total - header
	if flags := uint16At(data, 6); flags&0x3fff != 0 {
		key := fragmentKey{d.src, d.dst, uint32(uint16At(data, 4)), protocol}
		var err error
		if payload, err = d.reassemble(key, flags&0x1fff*8, flags&0x2000 != 0, payload); err != nil {
			return announced{}, nil, err
		}
	}
	return announced{byProtocol, int(protocol)}, payload, nil
}

// ipv6 reads an IPv6 header and its extensions (RFC 8200, sections 3 and 4),
// and puts fragments together.
func (d *dissector) ipv6(data []byte) (announced, []byte, error) {
	if len(data) < ipv6Header || data[0]>>4 != 6 {
		return short("IPv6", data)
	}
	d.src, d.dst = netip.AddrFrom16([16]byte(data[8:])).Unmap(), netip.AddrFrom16([16]byte(data[24:])).Unmap()
	d.size = uint16At(data, 4)
	if d.size == 0 {
		d.size = len(data) - ipv6Header // a jumbogram, or as in IPv4
	}
	protocol := data[6]
	payload := data[ipv6Header:min(ipv6Header+d.size, len(data))]
	for range maxHeaders {
		if !extension(protocol) {
			return announced{byProtocol, int(protocol)}, payload, nil
		}
		if len(payload) < 8 {
			return short("IPv6 extension", payload)
		}
		n := 8 + int(payload[1])*8
		switch protocol {
		case protocolFragment:
			n = 8
		case protocolAuth:
			n = 8 + int(payload[1])*4
		}
		if n > len(payload) {
			return short("IPv6 extension", payload)
		}
		ext := payload[:n]
		payload, d.size = payload[n:], d.size-n
		if flags := uint16At(ext, 2); protocol == protocolFragment && flags&0xfff9 != 0 {
			key := fragmentKey{d.src, d.dst, binary.BigEndian.Uint32(ext[4:]), ext[0]}
			var err error
			if payload, err = d.reassemble(key, flags&0xfff8, flags&1 != 0, payload); err != nil {
				return announced{}, nil, err
			}
		}
		protocol = ext[0]
	}
	return announced{}, nil, fmt.Errorf("more than %d IPv6 extensions", maxHeaders)
}

// auth skips an authentication header behind IPv4 (RFC 4302, section 2).
func (d *dissector) auth(data []byte) (announced, []byte, error) {
	if len(data) < 8 {
		return short("AH", data)
	}
	n := 8 + int(data[1])*4
	d.size -= n
	return skip("AH", data, n, announced{byProtocol, int(data[0])})
}

func extension(protocol byte) bool {
	switch protocol {
	case protocolHopByHop, protocolRouting, protocolFragment, protocolAuth, protocolDestination, protocolMobility:
		return true
	}
	return false
}

// reassemble adds a fragment, and returns the payload of the packet once it is
// complete. Until then it fails with errFragment.
func (d *dissector) reassemble(key fragmentKey, offset int, more bool, payload []byte) ([]byte, error) {
	if len(payload) < d.size {
		return nil, fmt.Errorf("cut fragment of a packet")
	}
	whole := d.defrag.add(key, d.now, offset, more, payload)
	if whole == nil {
		return nil, errFragment
	}
	d.size = len(whole)
	return whole, nil
}
