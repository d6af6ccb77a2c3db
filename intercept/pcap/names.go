package pcap

import "fmt"

// String names what was announced, with its number: for people who look for it
// in a capture.
func (a announced) String() string {
	n := numberings[a.by]
	name := n.names[a.number]
	if n.format == "" {
		return name
	}
	number := fmt.Sprintf(n.format, a.number)
	if name == "" {
		return number
	}
	return name + " (" + number + ")"
}

// numberings are how numbers are written, and what has which.
var numberings = [...]struct {
	format string // empty if there is only the name
	names  map[int]string
}{
	byLink:      {"link type %d", linkNames},
	byEtherType: {"EtherType %#04x", etherNames},
	byProtocol:  {"IP protocol %d", protocolNames},
	byPort:      {"UDP port %d", tunnelPorts},
	byPPP:       {"PPP protocol %#04x", pppNames},
	byDSAP:      {"LLC %#02x", dsapNames},
	byFamily:    {"address family %d", nil},
	byFrame:     {"", frameNames},
	byOther:     {"", map[int]string{0: "others"}},
}

// linkNames are what packets of a capture begin with
// (https://www.tcpdump.org/linktypes.html).
var linkNames = map[int]string{
	0: "loopback", 1: "Ethernet", 6: "token ring", 7: "ARCNET", 8: "SLIP", 9: "PPP", 10: "FDDI", 12: "raw IP", 14: "raw IP",
	50: "PPP in HDLC", 51: "PPPoE", 101: "raw IP", 104: "Cisco HDLC", 105: "IEEE 802.11", 107: "frame relay", 108: "loopback",
	113: "Linux cooked", 117: "pflog", 119: "Prism", 127: "radiotap", 129: "ARCNET", 138: "IP over IEEE 1394", 143: "DOCSIS",
	149: "reserved for private use", 163: "AVS", 166: "pppd", 177: "LAPD", 187: "Bluetooth HCI", 189: "USB", 192: "PPI",
	195: "IEEE 802.15.4", 197: "ERF", 201: "Bluetooth HCI", 204: "PPP", 205: "Cisco HDLC", 206: "frame relay", 220: "USB",
	226: "Solaris ipnet", 227: "CAN", 228: "IPv4", 229: "IPv6", 230: "IEEE 802.15.4", 239: "NFLOG", 240: "netANALYZER",
	242: "IP over InfiniBand", 247: "InfiniBand", 249: "USBPcap", 251: "Bluetooth LE", 252: "exported by Wireshark", 253: "netlink",
	258: "PKTAP", 276: "Linux cooked v2",
}

// etherNames are by EtherType (IEEE 802 Numbers of the IANA).
var etherNames = map[int]string{
	0x0800: "IPv4", 0x0806: "ARP", 0x0842: "wake on LAN", 0x2000: "CDP", 0x22eb: "ERSPAN III", 0x22f3: "TRILL", 0x4305: "B.A.T.M.A.N.",
	0x6558: "Ethernet", 0x8035: "RARP", 0x8100: "VLAN", 0x8137: "IPX", 0x809b: "AppleTalk", 0x8808: "flow control", 0x8809: "LACP",
	0x880b: "PPP", 0x883e: "WCCP", 0x8847: "MPLS", 0x8848: "MPLS", 0x8863: "PPPoE discovery", 0x8864: "PPPoE", 0x886d: "Intel ANS probe",
	0x888e: "EAPOL", 0x8892: "PROFINET", 0x88a2: "ATA over Ethernet", 0x88a4: "EtherCAT", 0x88a8: "VLAN", 0x88be: "ERSPAN", 0x88cc: "LLDP",
	0x88e1: "HomePlug", 0x88e3: "MRP", 0x88e5: "MACsec", 0x88e7: "PBB", 0x88f7: "PTP", 0x8903: "FabricPath", 0x8906: "FCoE",
	0x8909: "Cisco metadata", 0x8914: "FCoE initialization", 0x8915: "RoCE", 0x8926: "VN-Tag", 0x892f: "HSR", 0x893f: "E-Tag",
	0x894f: "NSH", 0x86dd: "IPv6", 0x9000: "loopback test", 0x9100: "VLAN", 0x9200: "VLAN",
}

// protocolNames are by the protocol of IP (Protocol Numbers of the IANA).
var protocolNames = map[int]string{
	1: "ICMP", 2: "IGMP", 4: "IPv4", 6: "TCP", 17: "UDP", 33: "DCCP", 41: "IPv6", 46: "RSVP", 47: "GRE", 50: "ESP, encrypted",
	51: "AH", 58: "ICMPv6", 59: "no next header", 88: "EIGRP", 89: "OSPF", 97: "EtherIP", 103: "PIM", 108: "IPComp", 112: "VRRP",
	115: "L2TP", 132: "SCTP", 136: "UDP-Lite", 137: "MPLS", 139: "HIP",
}

// pppNames are by the protocol of PPP (Point-to-Point Protocol Numbers of the
// IANA).
var pppNames = map[int]string{
	0x21: "IPv4", 0x2d: "compressed TCP headers", 0x2f: "compressed TCP headers", 0x31: "bridging", 0x3d: "multilink", 0x53: "encrypted",
	0x57: "IPv6", 0xfb: "compressed", 0xfd: "compressed", 0x281: "MPLS", 0x283: "MPLS", 0x8021: "IPCP", 0x8057: "IPv6CP", 0x80fd: "CCP",
	0xc021: "LCP", 0xc023: "PAP", 0xc025: "LQR", 0xc223: "CHAP", 0xc227: "EAP",
}

// dsapNames are by the access point that a frame is for (IEEE 802.2).
var dsapNames = map[int]string{0x42: "spanning tree", 0xaa: "SNAP", 0xe0: "IPX", 0xf0: "NetBIOS", 0xfe: "OSI", 0xff: "IPX"}

// Frames of IEEE 802.11 that are not read.
const (
	frameNoData = iota
	frameEncrypted
	frameAggregated
)

var frameNames = map[int]string{
	frameNoData:     "IEEE 802.11 without data",
	frameEncrypted:  "IEEE 802.11, encrypted",
	frameAggregated: "IEEE 802.11, several in one",
}
