package pcap

import "encoding/binary"

// What systems put in front of packets that they capture.

// loopback reads an address family, in either byte order: that of the machine
// that captured, or of networks.
func loopback(data []byte) (announced, []byte, error) {
	const size = 4
	if len(data) < size {
		return short("loopback", data)
	}
	family := binary.LittleEndian.Uint32(data)
	if family > 0xffff {
		family = binary.BigEndian.Uint32(data)
	}
	switch family {
	case 2, 10, 23, 24, 28, 30: // IPv6 has one on each system
		return anyIP(data[size:])
	}
	return announced{byFamily, int(family)}, data[size:], nil
}

// cooked reads Linux's cooked header of size bytes, whose protocol is at the
// offset proto, and kind of network at the offset kind.
func cooked(data []byte, size, proto, kind int) (announced, []byte, error) {
	const netlink, gre = 824, 778
	const frames802, frames8022 = 1, 4 // in the place of an EtherType
	a, rest, err := fixed("cooked", data, size, proto)
	if err != nil {
		return a, rest, err
	}
	switch {
	case uint16At(data, kind) == netlink:
		return announced{byLink, 253}, rest, nil
	case a.number == frames8022:
		return llc(rest)
	case a.number == frames802 || a.number == 0 && uint16At(data, kind) == gre:
		return nothing()
	}
	return a, rest, nil
}

// nflog reads what Linux's packet filter logs: the packet is one of several
// values, whose numbers have the byte order of the machine that captured.
func nflog(data []byte, order binary.ByteOrder) (announced, []byte, error) {
	const size, head, payload = 4, 4, 9
	if len(data) < size {
		return short("NFLOG", data)
	}
	for b := data[size:]; len(b) >= head; {
		n, typ := int(order.Uint16(b)), order.Uint16(b[2:])
		if typ == payload {
			return anyIP(b[head:max(head, min(n, len(b)))])
		}
		if n < head {
			break
		}
		b = b[min((n+3)&^3, len(b)):]
	}
	return nothing()
}

// pktap reads what macOS puts before the header of an interface. The first number
// is the length of the header, the third the link type of what follows.
func pktap(data []byte) (announced, []byte, error) {
	const size, packets = 12, 1
	if len(data) < size {
		return short("PKTAP", data)
	}
	var order binary.ByteOrder = binary.LittleEndian
	if order.Uint32(data) > 0xffff {
		order = binary.BigEndian
	}
	n, typ, link := order.Uint32(data), order.Uint32(data[4:]), order.Uint32(data[8:])
	if n < size || n > 0xffff || typ != packets || link > 0xffff {
		return nothing()
	}
	return skip("PKTAP", data, int(n), announced{byLink, int(link)})
}

// ppi reads the header of per-packet information, which says how long it is and
// what follows.
func ppi(data []byte) (announced, []byte, error) {
	const size = 8
	if len(data) < size {
		return short("PPI", data)
	}
	n, link := int(binary.LittleEndian.Uint16(data[2:])), binary.LittleEndian.Uint32(data[4:])
	if n < size || link > 0xffff {
		return nothing()
	}
	return skip("PPI", data, n, announced{byLink, int(link)})
}

// pflog reads the header of OpenBSD's packet filter, which says how long it is.
func pflog(data []byte) (announced, []byte, error) {
	if len(data) < 4 {
		return short("pflog", data)
	}
	return ipBehind("pflog", data, (int(data[0])+3)&^3)
}
