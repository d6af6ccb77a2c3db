package pcap

// What is said over lines between two ends.

const (
	pppIPv4       = 0x21
	pppIPv6       = 0x57
	pppMPLS       = 0x281
	pppMPLSToMany = 0x283
)

// ppp reads a PPP header, whose parts may be left out (RFC 1661, sections 2
// and 6.5; RFC 1662, section 3.1).
func ppp(data []byte) (announced, []byte, error) {
	if len(data) >= 2 && data[0] == 0xff && data[1] == 3 {
		data = data[2:]
	}
	if len(data) < 2 {
		return short("PPP", data)
	}
	protocol := int(data[0])
	if protocol&1 == 0 {
		protocol, data = uint16At(data, 0), data[1:]
	}
	return announced{byPPP, protocol}, data[1:], nil
}

// pppoe reads the header of a PPP session over Ethernet (RFC 2516, section 4).
func pppoe(data []byte) (announced, []byte, error) {
	const size = 6
	if len(data) < size {
		return short("PPPoE", data)
	}
	if data[1] != 0 { // not data of a session
		return nothing()
	}
	return ppp(data[size:])
}

// hdlc reads the header of PPP, or that which Cisco has in its place.
func hdlc(data []byte) (announced, []byte, error) {
	const unicast, multicast = 0x0f, 0x8f
	if len(data) >= 2 && (data[0] == unicast || data[0] == multicast) && data[1] == 0 {
		return fixed("HDLC", data, 4, 2)
	}
	return ppp(data)
}

// directed is ppp with the direction in the place of the address, or in front of
// all.
func directed(data []byte) (announced, []byte, error) {
	if len(data) >= 2 && data[1] == 3 {
		return ppp(data[2:])
	}
	return ppp(data[min(1, len(data)):])
}

// frameRelay reads an address and what the frame has (RFC 2427, sections 3 and
// 4), or an EtherType as Cisco puts it there.
func frameRelay(data []byte) (announced, []byte, error) {
	const unnumbered, ipv4, ipv6, snap = 3, 0xcc, 0x8e, 0x80
	n := 2
	for n < 4 && len(data) >= n && data[n-1]&1 == 0 {
		n++
	}
	if len(data) < n+2 {
		return short("frame relay", data)
	}
	if data = data[n:]; data[0] != unnumbered {
		return fixed("frame relay", data, 2, 0)
	}
	data = data[1:]
	if data[0] == 0 && len(data) > 1 { // it fills up
		data = data[1:]
	}
	switch data[0] {
	case ipv4:
		return announced{byEtherType, etherIPv4}, data[1:], nil
	case ipv6:
		return announced{byEtherType, etherIPv6}, data[1:], nil
	case snap:
		if len(data) >= 6 && uint16At(data, 1) == 0 && data[3] == 0 {
			return announced{byEtherType, uint16At(data, 4)}, data[6:], nil
		}
	}
	return nothing()
}
