package pcap

import "encoding/binary"

// Tunnels in IP.

const (
	etherBridged   = 0x6558
	etherPPP       = 0x880b
	etherWCCP      = 0x883e
	etherERSPAN    = 0x88be
	etherERSPANIII = 0x22eb
)

// gre reads a header (RFC 2784; RFC 1701, RFC 2890: routes, key and number; RFC
// 2637: PPP).
func gre(data []byte) (announced, []byte, error) {
	const size = 4
	const checked, routed, key, number, acked = 0x80, 0x40, 0x20, 0x10, 0x80
	if len(data) < size {
		return short("GRE", data)
	}
	flags, version, typ, n := data[0], data[1]&7, uint16At(data, 2), size
	for _, has := range []bool{flags&(checked|routed) != 0, flags&key != 0, flags&number != 0, version == 1 && data[1]&acked != 0} {
		if has {
			n += 4
		}
	}
	if version > 1 {
		return nothing()
	}
	for more := flags&routed != 0; more; {
		if len(data) < n+4 {
			return short("GRE", data)
		}
		length := int(data[n+3])
		more = length > 0
		n += 4 + length
	}
	switch {
	case len(data) == n: // asks whether the other end is there, or tells what has come
		return nothing()
	case typ == etherERSPAN && flags&number == 0: // type I has no header of its own
		return skip("GRE", data, n, announced{byLink, linkEthernet})
	}
	return skip("GRE", data, n, announced{byEtherType, typ})
}

// erspan reads the header of a copy of what a switch has seen
// (draft-foschiano-erspan, section 4).
func erspan(data []byte) (announced, []byte, error) {
	const two, three = 1, 2 // versions
	const ethernetFrame, ipPacket, subheader = 0, 2, 1
	if len(data) < 8 {
		return short("ERSPAN", data)
	}
	switch data[0] >> 4 {
	case two:
		return announced{byLink, linkEthernet}, data[8:], nil
	case three:
		n := 12
		if len(data) >= n && data[11]&subheader != 0 {
			n += 8
		}
		if len(data) < n {
			return short("ERSPAN", data)
		}
		switch data[10] >> 2 & 0x1f {
		case ethernetFrame:
			return announced{byLink, linkEthernet}, data[n:], nil
		case ipPacket:
			return anyIP(data[n:])
		}
	}
	return nothing()
}

// wccp reads the header of what a router has redirected to a cache: old routers
// put none.
func wccp(data []byte) (announced, []byte, error) {
	if isIP(data) {
		return anyIP(data)
	}
	return ipBehind("WCCP", data, 4)
}

// etherIP reads the header of a frame in IP (RFC 3378, section 3).
func etherIP(data []byte) (announced, []byte, error) {
	return skip("EtherIP", data, 2, announced{byLink, linkEthernet})
}

// geneve reads the header of a tunnel (RFC 8926, section 3.4).
func geneve(data []byte) (announced, []byte, error) {
	const size = 8
	if len(data) < size || len(data) < size+int(data[0]&0x3f)*4 {
		return short("Geneve", data)
	}
	if data[0]>>6 != 0 {
		return nothing()
	}
	return announced{byEtherType, uint16At(data, 2)}, data[size+int(data[0]&0x3f)*4:], nil
}

// vxlan reads the header of a network of frames in UDP (RFC 7348, section 5), or
// of other things (draft-ietf-nvo3-vxlan-gpe, section 3).
func vxlan(data []byte, generic bool) (announced, []byte, error) {
	const size, network, announces = 8, 8, 4
	switch {
	case len(data) < size:
		return short("VXLAN", data)
	case generic && data[0]&announces != 0:
		return service(data[3], data[size:])
	case data[0]&network == 0:
		return nothing()
	}
	return announced{byLink, linkEthernet}, data[size:], nil
}

// gtp reads the header of a mobile user's packet (3GPP TS 29.281, section 5).
func gtp(data []byte) (announced, []byte, error) {
	const size, long, packet, extended = 8, 12, 255, 4
	if len(data) < size {
		return short("GTP-U", data)
	}
	if data[0]>>4 != 3 || data[1] != packet { // version 1, and not of its accounting
		return nothing()
	}
	if data[0]&7 == 0 {
		return anyIP(data[size:])
	}
	n := long
	for data[0]&extended != 0 && len(data) >= n && data[n-1] != 0 {
		if len(data) == n || data[n] == 0 {
			return short("GTP-U", data)
		}
		n += int(data[n]) * 4
	}
	return ipBehind("GTP-U", data, n)
}

// teredo reads what may stand before an IPv6 packet in UDP (RFC 4380, section
// 5.1.1).
func teredo(data []byte) (announced, []byte, error) {
	const login, origin = 1, 0
	if len(data) >= 4 && uint16At(data, 0) == login {
		data = data[min(13+int(data[2])+int(data[3]), len(data)):]
	}
	if len(data) >= 8 && uint16At(data, 0) == origin {
		data = data[8:]
	}
	return anyIP(data)
}

// ayiya reads the header of a tunnel to IPv6 (draft-massar-v6ops-ayiya, section
// 4).
func ayiya(data []byte) (announced, []byte, error) {
	const size, forward = 8, 1
	if len(data) < size {
		return short("AYIYA", data)
	}
	if data[2]&15 != forward {
		return nothing()
	}
	n := size + 1<<(data[0]>>4) + int(data[1]>>4)*4
	return skip("AYIYA", data, n, announced{byProtocol, int(data[3])})
}

// l2tp reads the header of PPP in UDP (RFC 2661, section 3.1).
func l2tp(data []byte) (announced, []byte, error) {
	const control, length, numbers, offset = 0x80, 0x40, 0x08, 0x02
	if len(data) < 6 {
		return short("L2TP", data)
	}
	flags, n := data[0], 6
	if flags&control != 0 || data[1]&15 != 2 {
		return nothing()
	}
	if flags&length != 0 {
		n += 2
	}
	if flags&numbers != 0 {
		n += 4
	}
	if flags&offset != 0 {
		if n += 2; len(data) >= n {
			n += uint16At(data, n-2)
		}
	}
	if len(data) < n {
		return short("L2TP", data)
	}
	return ppp(data[n:])
}

// gue reads the header of any protocol in UDP (draft-ietf-intarea-gue, section
// 3).
func gue(data []byte) (announced, []byte, error) {
	const size, control = 4, 0x20
	if len(data) < size {
		return short("GUE", data)
	}
	switch {
	case data[0]>>6 == 1:
		return anyIP(data)
	case data[0]>>6 != 0 || data[0]&control != 0:
		return nothing()
	}
	return skip("GUE", data, size+int(data[0]&31)*4, announced{byProtocol, int(data[1])})
}

// tzsp reads the header of what a device has captured (it has no standard:
// version, type, link, then marks of which the number 1 is the last).
func tzsp(data []byte) (announced, []byte, error) {
	const size, packet, fill, last = 4, 1, 0, 1
	if len(data) < size {
		return short("TZSP", data)
	}
	if data[0] != 1 || data[1] > packet {
		return nothing()
	}
	link := int(binary.BigEndian.Uint16(data[2:]))
	if link == 18 {
		link = linkDot11
	}
	for n := size; n < len(data); {
		switch data[n] {
		case last:
			return announced{byLink, link}, data[n+1:], nil
		case fill:
			n++
		default:
			if n+1 >= len(data) {
				return short("TZSP", data)
			}
			n += 2 + int(data[n+1])
		}
	}
	return short("TZSP", data)
}
