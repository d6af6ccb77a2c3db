package pcap

import (
	"errors"
	"fmt"
)

// segment sets s to the TCP segment in p. Its data is valid as long as that of
// p. The error is errNoTCP, with what is in its place in d.unread; errFragment;
// or says what is wrong with the packet.
//
// gopacket takes TCP headers apart. It does not have many of those around them,
// and trusts the lengths in others, so these are taken off by functions of our
// own. Each returns what its header announces, and what follows it; errNoTCP if
// it is not what it was announced as, or has nothing in it that can be read.
func (d *dissector) segment(s *segment, p *packet) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("malformed packet: %v", r)
		}
	}()
	d.now, d.order = p.time, p.order
	a, data := announced{byLink, int(p.link)}, p.data
	if p.link == linkEthernet && len(data) > etherSize && uint16At(data, etherSize-2) == etherIPv4 { // as nearly all are
		a, data = announced{byEtherType, etherIPv4}, data[etherSize:]
	}
	for range maxHeaders {
		if a == (announced{byProtocol, protocolTCP}) {
			return d.segmentOf(s, data)
		}
		next, rest, err := d.header(a, data)
		if err != nil {
			d.unread = a
			return err
		}
		a, data = next, rest
	}
	return errors.New("too many headers")
}

// header takes off what was announced.
func (d *dissector) header(a announced, data []byte) (announced, []byte, error) {
	switch a.by {
	case byEtherType:
		return d.behindEtherType(a.number, data)
	case byProtocol:
		return d.behindIP(a.number, data)
	case byLink:
		return d.link(a.number, data)
	case byPort:
		return inUDP(a.number, data)
	case byPPP:
		return behindPPP(a.number, data)
	}
	return nothing()
}

func (d *dissector) behindEtherType(typ int, data []byte) (announced, []byte, error) {
	switch typ {
	case etherIPv4:
		return d.ipv4(data)
	case etherIPv6:
		return d.ipv6(data)
	case 0x8100, 0x88a8, 0x9100, 0x9200, 0x9300:
		return fixed("VLAN", data, 4, 2)
	case etherMPLS, 0x8848:
		return mpls(data)
	case 0x8864:
		return pppoe(data)
	case etherBridged:
		return ethernet(data)
	case etherPPP:
		return ppp(data)
	case etherERSPAN, etherERSPANIII:
		return erspan(data)
	case etherWCCP:
		return wccp(data)
	case etherNSH:
		return nsh(data)
	case 0x88e7:
		return backbone(data)
	case 0x8926:
		return fixed("VN-Tag", data, 6, 4)
	case 0x893f:
		return fixed("E-Tag", data, 8, 6)
	case 0x8870: // frames longer than their length can say
		return llc(data)
	}
	return nothing()
}

func (d *dissector) behindIP(protocol int, data []byte) (announced, []byte, error) {
	switch protocol {
	case 17:
		return udp(data)
	case 4:
		return d.ipv4(data)
	case 41:
		return d.ipv6(data)
	case 47:
		return gre(data)
	case protocolAuth:
		return d.auth(data)
	case 97:
		return etherIP(data)
	case 137:
		return mpls(data)
	}
	return nothing()
}

func behindPPP(protocol int, data []byte) (announced, []byte, error) {
	switch protocol {
	case pppIPv4:
		return announced{byEtherType, etherIPv4}, data, nil
	case pppIPv6:
		return announced{byEtherType, etherIPv6}, data, nil
	case pppMPLS, pppMPLSToMany:
		return mpls(data)
	}
	return nothing()
}

// inUDP takes off the header of a tunnel.
func inUDP(port int, data []byte) (announced, []byte, error) {
	switch port {
	case portVXLAN, portVXLANOld, portVXLANWeb, portVXLANACI, portGPE:
		return vxlan(data, port == portGPE)
	case portGeneve:
		return geneve(data)
	case portGTP:
		return gtp(data)
	case portGRE:
		return gre(data)
	case portMPLS:
		return mpls(data)
	case portTeredo:
		return teredo(data)
	case portAYIYA:
		return ayiya(data)
	case portL2TP:
		return l2tp(data)
	case portLISP:
		return ipBehind("LISP", data, 8)
	case portGUE:
		return gue(data)
	case portTZSP:
		return tzsp(data)
	}
	return nothing()
}

// link takes off the header of a link type (https://www.tcpdump.org/linktypes.html).
func (d *dissector) link(link int, data []byte) (announced, []byte, error) {
	switch link {
	case linkEthernet:
		return ethernet(data)
	case 0, 108: // NULL, LOOP
		return loopback(data)
	case 12, 14, linkRaw, 228, 229: // RAW, IPV4, IPV6
		return anyIP(data)
	case 113: // LINUX_SLL
		return cooked(data, 16, 14, 2)
	case 276: // LINUX_SLL2
		return cooked(data, 20, 0, 8)
	case 9: // PPP
		return ppp(data)
	case 50, 104: // PPP_HDLC, C_HDLC
		return hdlc(data)
	case 51: // PPP_ETHER
		return pppoe(data)
	case 166, 204: // PPP_PPPD, PPP_WITH_DIR
		return directed(data)
	case 205: // C_HDLC_WITH_DIR
		return hdlc(data[min(1, len(data)):])
	case 107: // FRELAY
		return frameRelay(data)
	case 206: // FRELAY_WITH_DIR
		return frameRelay(data[min(1, len(data)):])
	case linkDot11:
		return dot11(data, false)
	case 127: // IEEE802_11_RADIOTAP
		return radiotap(data)
	case 119, 163: // IEEE802_11_PRISM, IEEE802_11_AVS
		return prism(data)
	case 192: // PPI
		return ppi(data)
	case 239: // NFLOG
		return nflog(data, d.order)
	case 149, 258: // PKTAP, and where macOS had it before it had a number
		return pktap(data)
	case 117: // PFLOG
		return pflog(data)
	case 138: // APPLE_IP_OVER_IEEE1394
		return fixed("IEEE 1394", data, 18, 16)
	case 240: // NETANALYZER
		return skip("netANALYZER", data, 4, announced{byLink, linkEthernet})
	}
	return announced{}, nil, errLink
}
