package pcap

// What Ethernet and its like are made of.

// etherSize is the size of the header of a frame (IEEE 802.3).
const etherSize = 14

// ethernet reads the header of a frame.
func ethernet(data []byte) (announced, []byte, error) {
	const longest = 1500
	a, data, err := fixed("Ethernet", data, etherSize, etherSize-2)
	if err == nil && a.number <= longest { // it is the length of what follows
		return llc(data[:min(len(data), a.number)])
	}
	return a, data, err
}

// llc reads a header of IEEE 802.2, and of SNAP behind it (RFC 1042).
func llc(data []byte) (announced, []byte, error) {
	const size, snap, ip, unnumbered = 3, 0xaa, 6, 3
	if len(data) < size {
		return short("LLC", data)
	}
	switch dsap, control := data[0], data[2]; {
	case dsap == snap && control == unnumbered && len(data) >= size+5:
		// Two organizations give EtherTypes; others have numbers of their own.
		if org := uint16At(data, 3); org == 0 && (data[5] == 0 || data[5] == 0xf8) {
			return announced{byEtherType, uint16At(data, 6)}, data[8:], nil
		}
		return announced{byDSAP, snap}, data, nil
	case dsap == ip && control == unnumbered:
		return announced{byEtherType, etherIPv4}, data[size:], nil
	default:
		return announced{byDSAP, int(dsap)}, data, nil
	}
}

// backbone reads the tag of a frame within a frame (IEEE 802.1ah).
func backbone(data []byte) (announced, []byte, error) {
	return skip("PBB", data, 4, announced{byLink, linkEthernet})
}

// mpls skips labels (RFC 3032, section 2.1). Nothing says what is behind the last:
// IP, or Ethernet, for which a word of control may stand (RFC 4448, section 4.6).
func mpls(data []byte) (announced, []byte, error) {
	const label, control = 4, 4
	for len(data) >= label {
		last := data[2]&1 != 0
		if data = data[label:]; !last {
			continue
		}
		frame := announced{byLink, linkEthernet}
		switch {
		case isIP(data):
			return anyIP(data)
		case len(data) >= control && (data[0]>>4 == 0 && !isFrame(data) || isFrame(data[control:])):
			return frame, data[control:], nil
		case isFrame(data):
			return frame, data, nil
		}
		return nothing()
	}
	return short("MPLS", data)
}

// isIP reports whether data looks like an IP header of either version.
func isIP(data []byte) bool {
	return len(data) > 0 && (data[0]>>4 == 6 || data[0]>>4 == 4 && data[0]&15 >= ipv4Header/4)
}

// isFrame reports whether data looks like the header of a frame with IP.
func isFrame(data []byte) bool {
	const size = 14
	if len(data) < size {
		return false
	}
	switch uint16At(data, size-2) {
	case 0x8100, 0x88a8, 0x9100, 0x9200:
		return true
	case etherIPv4, etherIPv6:
		return isIP(data[size:])
	}
	return false
}

// nsh reads the header of a chain of services (RFC 8300, section 2.2).
func nsh(data []byte) (announced, []byte, error) {
	const size = 8
	if len(data) < size || len(data) < int(data[1]&0x3f)*4 {
		return short("NSH", data)
	}
	return service(data[3], data[int(data[1]&0x3f)*4:])
}

// service is what a number of VXLAN-GPE and NSH announces (RFC 8300, section
// 11.2.5).
func service(number byte, data []byte) (announced, []byte, error) {
	switch number {
	case 1:
		return announced{byEtherType, etherIPv4}, data, nil
	case 2:
		return announced{byEtherType, etherIPv6}, data, nil
	case 3:
		return announced{byLink, linkEthernet}, data, nil
	case 4:
		return announced{byEtherType, etherNSH}, data, nil
	case 5:
		return announced{byEtherType, etherMPLS}, data, nil
	}
	return nothing()
}

const etherNSH = 0x894f
