package pcap

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/socktrace/socktrace/wire"
)

// layer is a way to put a packet into a capture.
type layer struct {
	name string
	link uint32
	wrap func(ip []byte) []byte
	// tshark is how it has to be told what this is; "no" if it does not know it.
	tshark string
}

// inUDPTo returns a function that puts packets into datagrams behind a header.
func inUDPTo(port uint16, head ...byte) func([]byte) []byte {
	return func(ip []byte) []byte { return outer(17, datagram(port, prefix(head...)(ip))) }
}

// inFrame returns wrap for packets in frames.
func inFrame(wrap func([]byte) []byte) func([]byte) []byte {
	return func(ip []byte) []byte { return wrap(framed(0x800, ip)) }
}

// inProtocol returns a function that puts packets behind IP and a header.
func inProtocol(protocol byte, head ...byte) func([]byte) []byte {
	return func(ip []byte) []byte { return outer(protocol, prefix(head...)(ip)) }
}

// inType returns a function that puts packets into frames, behind a header.
func inType(typ uint16, head ...byte) func([]byte) []byte {
	return func(ip []byte) []byte { return framed(typ, prefix(head...)(ip)) }
}

// nflogged returns a function that puts packets behind other values.
func nflogged(order binary.AppendByteOrder) func([]byte) []byte {
	return func(ip []byte) []byte {
		b := append(order.AppendUint16(order.AppendUint16([]byte{2, 0, 0, 0}, 8), 1), 8, 0, 3, 0)
		b = append(order.AppendUint16(order.AppendUint16(b, 5), 10), 'x', 0, 0, 0)
		return append(order.AppendUint16(order.AppendUint16(b, uint16(4+len(ip))), 9), ip...)
	}
}

var (
	llcHead   = []byte{0xaa, 0xaa, 3, 0, 0, 0, 8, 0}
	dot11Head = append([]byte{8, 1, 0, 0}, make([]byte, 20)...)
	frameHead = append(make([]byte, 12), 8, 0)
	pktapHead = append([]byte{108, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0}, make([]byte, 96)...)
)

// linkLayers are what captures begin with.
var linkLayers = []layer{
	{"ethernet", 1, inType(0x800), ""},
	{"802.3", 1, func(ip []byte) []byte { return framed(uint16(8+len(ip)), prefix(llcHead...)(ip)) }, ""},
	{"802.3, ip", 1, func(ip []byte) []byte { return framed(uint16(3+len(ip)), prefix(6, 6, 3)(ip)) }, ""},
	{"802.3, bridged", 1, func(ip []byte) []byte {
		return framed(uint16(8+len(ip)), prefix(0xaa, 0xaa, 3, 0, 0, 0xf8, 8, 0)(ip))
	}, ""},
	{"null, little endian", 0, prefix(2, 0, 0, 0), ""},
	{"null, big endian", 0, prefix(0, 0, 0, 2), ""},
	{"loop", 108, prefix(0, 0, 0, 2), ""},
	{"raw, of BSD", 12, prefix(), ""},
	{"raw, of OpenBSD", 14, prefix(), ""},
	{"raw", linkRaw, prefix(), ""},
	{"ipv4", 228, prefix(), ""},
	{"cooked", 113, prefix(0, 0, 3, 4, 0, 6, 0, 0, 0, 0, 0, 0, 0, 0, 8, 0), ""},
	{"cooked, with a long address", 113, prefix(0, 0, 3, 4, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, 0, 8, 0), ""},
	{"cooked, vlan", 113, prefix(0, 0, 3, 4, 0, 6, 0, 0, 0, 0, 0, 0, 0, 0, 0x81, 0, 0, 7, 8, 0), ""},
	{"cooked, 802.2", 113, prefix(append([]byte{0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4}, llcHead...)...), ""},
	{"cooked 2", 276, prefix(8, 0, 0, 0, 0, 0, 0, 1, 3, 4, 0, 6, 0, 0, 0, 0, 0, 0, 0, 0), ""},
	{"cooked 2, vlan", 276, prefix(0x81, 0, 0, 0, 0, 0, 0, 1, 3, 4, 0, 6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7, 8, 0), ""},
	{"ppp", 9, prefix(0, 0x21), ""},
	{"ppp, hdlc", 50, prefix(0xff, 3, 0, 0x21), ""},
	{"ppp, cisco", 50, prefix(0x0f, 0, 8, 0), ""},
	{"ppp, short", 9, prefix(0x21), ""},
	{"ppp, mpls", 9, prefix(2, 0x81, 0, 1, 1, 64), ""},
	{"ppp, mpls to many", 9, prefix(2, 0x83, 0, 1, 1, 64), ""},
	{"ppp, ipv6", 9, func(ip []byte) []byte { return prefix(0, 0x57)(outer6(4, ip)) }, ""},
	{"ppp over ethernet", 51, prefix(0x11, 0, 0, 1, 0, 40, 0, 0x21), "no"},
	{"pppd", 166, prefix(1, 3, 0, 0x21), "no"},
	{"pppd, no address", 166, prefix(1, 0, 0x21), "no"},
	{"ppp, with direction", 204, prefix(1, 0xff, 3, 0, 0x21), ""},
	{"cisco hdlc", 104, prefix(0x0f, 0, 8, 0), ""},
	{"cisco hdlc, to all", 104, prefix(0x8f, 0, 8, 0), ""},
	{"cisco hdlc, with direction", 205, prefix(1, 0x0f, 0, 8, 0), "no"},
	{"frame relay", 107, prefix(0x18, 0x41, 3, 0xcc), ""},
	{"frame relay, snap", 107, prefix(0x18, 0x41, 3, 0, 0x80, 0, 0, 0, 8, 0), ""},
	{"frame relay, filled up", 107, prefix(0x18, 0x41, 3, 0, 0xcc), "no"},
	{"frame relay, long address", 107, prefix(0x18, 0x40, 0, 1, 3, 0xcc), "no"},
	{"frame relay, longer address", 107, prefix(0x18, 0x40, 1, 3, 0xcc), "no"},
	{"frame relay, ipv6", 107, func(ip []byte) []byte { return prefix(0x18, 0x41, 3, 0x8e)(outer6(4, ip)) }, ""},
	{"frame relay, cisco", 107, prefix(0x18, 0x41, 8, 0), "no"},
	{"frame relay, with direction", 206, prefix(0, 0x18, 0x41, 3, 0xcc), "no"},
	{"802.11", 105, prefix(slices.Concat(dot11Head, llcHead)...), ""},
	{"802.11, qos", 105, prefix(slices.Concat([]byte{0x88, 1}, make([]byte, 24), llcHead)...), ""},
	{"802.11, qos and high throughput", 105, prefix(slices.Concat([]byte{0x88, 0x81}, make([]byte, 28), llcHead)...), ""},
	{"802.11, between access points", 105, prefix(slices.Concat([]byte{8, 3}, make([]byte, 28), llcHead)...), ""},
	{"radiotap", 127, prefix(slices.Concat([]byte{0, 0, 8, 0, 0, 0, 0, 0}, dot11Head, llcHead)...), ""},
	{"radiotap, checksum", 127, func(ip []byte) []byte {
		return append(prefix(slices.Concat([]byte{0, 0, 9, 0, 2, 0, 0, 0, 0x10}, dot11Head, llcHead)...)(ip), 1, 2, 3, 4)
	}, ""},
	{"radiotap, no flags", 127, prefix(slices.Concat(
		[]byte{0, 0, 14, 0, 12, 0, 0, 0, 0x20, 0x20, 0x20, 0x20, 0x20, 0x20}, []byte{0x88, 1}, make([]byte, 24), llcHead)...), ""},
	{"radiotap, more words than there are", 127, prefix(slices.Concat([]byte{0, 0, 8, 0, 2, 0, 0, 0x80}, dot11Head, llcHead)...), "no"},
	{"radiotap, fewer values than there are", 127, prefix(slices.Concat([]byte{0, 0, 8, 0, 2, 0, 0, 0}, []byte{0x88, 1}, make([]byte, 24), llcHead)...), "no"},
	{"radiotap, filled up", 127, prefix(slices.Concat(
		[]byte{0, 0, 17, 0, 3, 0, 0, 0}, make([]byte, 8), []byte{0x20}, []byte{0x88, 1}, make([]byte, 24), []byte{0, 0}, llcHead)...), ""},
	{"radiotap, two sets of values", 127, prefix(slices.Concat(
		[]byte{0, 0, 25, 0, 3, 0, 0, 0x80, 0, 0, 0, 0}, make([]byte, 12), []byte{0x20}, []byte{0x88, 1}, make([]byte, 24), []byte{0, 0}, llcHead)...), ""},
	{"prism", 119, prefix(slices.Concat([]byte{0x44, 0, 0, 0, 144, 0, 0, 0}, make([]byte, 136), dot11Head, llcHead)...), ""},
	{"avs", 163, prefix(slices.Concat([]byte{0x80, 0x21, 0x10, 1, 0, 0, 0, 64}, make([]byte, 56), dot11Head, llcHead)...), ""},
	{"ppi", 192, prefix(slices.Concat([]byte{0, 0, 8, 0, 1, 0, 0, 0}, frameHead)...), ""},
	{"ppi, with a field", 192, prefix(slices.Concat([]byte{0, 0, 16, 0, 1, 0, 0, 0, 9, 9, 4, 0, 1, 2, 3, 4}, frameHead)...), ""},
	{"nflog", 239, nflogged(binary.LittleEndian), ""},
	{"pktap", 258, prefix(slices.Concat(pktapHead, frameHead)...), ""},
	{"pktap, before it had a number", 149, prefix(slices.Concat(pktapHead, frameHead)...), "no"},
	{"pktap, raw", 258, prefix(slices.Concat(pktapHead[:8], []byte{12, 0, 0, 0}, pktapHead[12:])...), ""},
	{"pflog", 117, prefix(append([]byte{61, 2}, make([]byte, 62)...)...), ""},
	{"ip over ieee 1394", 138, prefix(append(make([]byte, 16), 8, 0)...), ""},
	{"netanalyzer", 240, prefix(append([]byte{0, 0, 0, 0}, frameHead...)...), "no"},
}

// tunnels are what packets are put into.
var tunnels = []layer{
	{"vlan", 1, inType(0x8100, 0, 7, 8, 0), ""},
	{"qinq", 1, inType(0x88a8, 0, 7, 0x81, 0, 0, 8, 8, 0), ""},
	{"qinq, 0x9100", 1, inType(0x9100, 0, 7, 0x81, 0, 0, 8, 8, 0), ""},
	{"qinq, 0x9200", 1, inType(0x9200, 0, 7, 0x91, 0, 0, 8, 0x81, 0, 0, 9, 8, 0), "ethertype==0x9200,vlan"},
	{"vlan, 0x9300", 1, inType(0x9300, 0, 7, 8, 0), "ethertype==0x9300,vlan"},
	{"long frames", 1, inType(0x8870, llcHead...), "ethertype==0x8870,llc"},
	{"e-tag", 1, inType(0x893f, 0, 0, 0, 0, 0, 0, 8, 0), ""},
	{"vn-tag", 1, inType(0x8926, 0, 0, 0, 0, 8, 0), ""},
	{"pbb", 1, inFrame(inType(0x88e7, 0, 0, 0, 1)), ""},
	{"pppoe", 1, func(ip []byte) []byte { return framed(0x8864, prefix(0x11, 0, 0, 1, 0, byte(2+len(ip)), 0, 0x21)(ip)) }, ""},
	{"mpls", 1, inType(0x8847, 0, 1, 0, 64, 0, 1, 1, 64), ""},
	{"mpls, to many", 1, inType(0x8848, 0, 1, 1, 64), ""},
	{"mpls, ethernet", 1, inFrame(inType(0x8847, 0, 1, 1, 64)), "no"},
	{"mpls, ethernet, vlan", 1, func(ip []byte) []byte { return inType(0x8847, 0, 1, 1, 64)(inType(0x8100, 0, 7, 8, 0)(ip)) }, "no"},
	{"mpls, ethernet, 0x88a8", 1, func(ip []byte) []byte { return inType(0x8847, 0, 1, 1, 64)(inType(0x88a8, 0, 7, 8, 0)(ip)) }, "no"},
	{"mpls, ethernet, 0x9100", 1, func(ip []byte) []byte { return inType(0x8847, 0, 1, 1, 64)(inType(0x9100, 0, 7, 8, 0)(ip)) }, "no"},
	{"mpls, ethernet, 0x9200", 1, func(ip []byte) []byte { return inType(0x8847, 0, 1, 1, 64)(inType(0x9200, 0, 7, 8, 0)(ip)) }, "no"},
	{"mpls, ethernet behind a word of control", 1, inFrame(inType(0x8847, 0, 1, 1, 64, 0, 0, 0, 0)), "no"},
	{"nsh", 1, inType(0x894f, 0, 2, 2, 1, 0, 0, 1, 255), ""},
	{"nsh, ethernet", 1, inFrame(inType(0x894f, 0, 2, 2, 3, 0, 0, 1, 255)), ""},
	{"ip in ip", linkRaw, inProtocol(4), ""},
	{"ip in ipv6", 229, func(ip []byte) []byte { return outer6(4, ip) }, ""},
	{"authenticated", linkRaw, inProtocol(51, 4, 4, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12), ""},
	{"etherip", linkRaw, inFrame(inProtocol(97, 0x30, 0)), ""},
	{"mpls in ip", linkRaw, inProtocol(137, 0, 1, 1, 64), ""},
	{"gre", linkRaw, inProtocol(47, 0, 0, 8, 0), ""},
	{"gre, key and number", linkRaw, inProtocol(47, 0x30, 0, 8, 0, 0, 0, 0, 1, 0, 0, 0, 2), ""},
	{"gre, checksum and route", linkRaw, inProtocol(47, 0xc0, 0, 8, 0, 0, 0, 0, 0, 8, 0, 0, 4, 1, 2, 3, 4, 0, 0, 0, 0), "no"},
	{"gre, other flags", linkRaw, inProtocol(47, 0x0f, 0x78, 8, 0), "no"},
	{"gre, ethernet", linkRaw, inFrame(inProtocol(47, 0, 0, 0x65, 0x58)), ""},
	{"gre, mpls", linkRaw, inProtocol(47, 0, 0, 0x88, 0x47, 0, 1, 1, 64), ""},
	{"gre, ppp", linkRaw, inProtocol(47, 0x30, 0x81, 0x88, 0x0b, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0xff, 3, 0, 0x21), ""},
	{"gre, wccp", linkRaw, inProtocol(47, 0, 0, 0x88, 0x3e, 0, 0, 0, 0), ""},
	{"gre, old wccp", linkRaw, inProtocol(47, 0, 0, 0x88, 0x3e), ""},
	{"gre in udp", linkRaw, inUDPTo(4754, 0, 0, 8, 0), "udp.port==4754,gre"},
	{"gre in ipv6", 229, func(ip []byte) []byte { return outer6(47, prefix(0, 0, 8, 0)(ip)) }, ""},
	{"erspan", linkRaw, inFrame(inProtocol(47, 0, 0, 0x88, 0xbe)), ""},
	{"erspan ii", linkRaw, inFrame(inProtocol(47, 0x10, 0, 0x88, 0xbe, 0, 0, 0, 1, 0x10, 7, 0, 1, 0, 0, 0, 0)), ""},
	{"erspan iii", linkRaw, inFrame(inProtocol(47, 0x10, 0, 0x22, 0xeb, 0, 0, 0, 1, 0x20, 7, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0)), ""},
	{"erspan iii, more", linkRaw, inFrame(inProtocol(47, 0x10, 0, 0x22, 0xeb, 0, 0, 0, 1, 0x20, 7, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0)), ""},
	{"erspan iii, ip", linkRaw, inProtocol(47, 0x10, 0, 0x22, 0xeb, 0, 0, 0, 1, 0x20, 7, 0, 1, 0, 0, 0, 0, 0, 0, 8, 0), "no"},
	{"vxlan", linkRaw, inFrame(inUDPTo(4789, 8, 0, 0, 0, 0, 0, 1, 0)), ""},
	{"vxlan, of linux", linkRaw, inFrame(inUDPTo(8472, 8, 0, 0, 0, 0, 0, 1, 0)), "udp.port==8472,vxlan"},
	{"vxlan, of weave", linkRaw, inFrame(inUDPTo(6784, 8, 0, 0, 0, 0, 0, 1, 0)), "udp.port==6784,vxlan"},
	{"vxlan, of aci", linkRaw, inFrame(inUDPTo(48879, 8, 0, 0, 0, 0, 0, 1, 0)), "udp.port==48879,vxlan"},
	{"vxlan, more flags", linkRaw, inFrame(inUDPTo(4789, 0x88, 0, 0, 7, 0, 0, 1, 0)), ""},
	{"vxlan, answered", linkRaw, func(ip []byte) []byte {
		b := inFrame(inUDPTo(50_001, 8, 0, 0, 0, 0, 0, 1, 0))(ip)
		copy(b[ipv4Header:], []byte{4789 >> 8, 4789 & 0xff})
		return b
	}, ""},
	{"vxlan-gpe", linkRaw, inUDPTo(4790, 0x0c, 0, 0, 1, 0, 0, 1, 0), ""},
	{"vxlan-gpe, ipv6", linkRaw, func(ip []byte) []byte {
		return outer(17, datagram(4790, prefix(0x0c, 0, 0, 2, 0, 0, 1, 0)(outer6(4, ip))))
	}, ""},
	{"vxlan-gpe, as the other", linkRaw, inFrame(inUDPTo(4790, 8, 0, 0, 0, 0, 0, 1, 0)), "no"},
	{"vxlan-gpe, ethernet", linkRaw, inFrame(inUDPTo(4790, 0x0c, 0, 0, 3, 0, 0, 1, 0)), ""},
	{"vxlan-gpe, mpls", linkRaw, inUDPTo(4790, 0x0c, 0, 0, 5, 0, 0, 1, 0, 0, 1, 1, 64), ""},
	{"vxlan-gpe, nsh", linkRaw, inUDPTo(4790, 0x0c, 0, 0, 4, 0, 0, 1, 0, 0, 2, 2, 1, 0, 0, 1, 255), ""},
	{"geneve", linkRaw, inFrame(inUDPTo(6081, 1, 0, 0x65, 0x58, 0, 0, 1, 0, 9, 9, 9, 0)), ""},
	{"geneve, ip", linkRaw, inUDPTo(6081, 0, 0, 8, 0, 0, 0, 1, 0), ""},
	{"gtp-u", linkRaw, inUDPTo(2152, 0x30, 0xff, 0, 60, 0, 0, 0, 1), ""},
	{"gtp-u, a spare flag", linkRaw, inUDPTo(2152, 0x38, 0xff, 0, 60, 0, 0, 0, 1), "no"},
	{"gtp-u, number", linkRaw, inUDPTo(2152, 0x32, 0xff, 0, 64, 0, 0, 0, 1, 0, 1, 0, 0), ""},
	{"gtp-u, extensions", linkRaw, inUDPTo(2152, 0x34, 0xff, 0, 72, 0, 0, 0, 1, 0, 0, 0, 0x85, 1, 0, 1, 0x85, 1, 16, 1, 0), ""},
	{"mpls in udp", linkRaw, inUDPTo(6635, 0, 1, 1, 64), ""},
	{"teredo, origin", linkRaw, func(ip []byte) []byte {
		return outer(17, datagram(3544, prefix(0, 0, 1, 2, 3, 4, 5, 6)(outer6(4, ip))))
	}, ""},
	{"teredo, login and origin", linkRaw, func(ip []byte) []byte {
		return outer(17, datagram(3544, prefix(0, 1, 1, 1, 7, 7, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 2, 3, 4, 5, 6)(outer6(4, ip))))
	}, ""},
	{"6in4", linkRaw, func(ip []byte) []byte { return outer(41, outer6(4, ip)) }, ""},
	{"ayiya", linkRaw, inUDPTo(5072, append([]byte{0x41, 0x52, 0x11, 4, 0, 0, 0, 1}, make([]byte, 36)...)...), ""},
	{"l2tp", linkRaw, inUDPTo(1701, 0, 2, 0, 1, 0, 2, 0xff, 3, 0, 0x21), ""},
	{"l2tp, first of all", linkRaw, inUDPTo(1701, 0x01, 2, 0, 1, 0, 2, 0xff, 3, 0, 0x21), "no"},
	{"l2tp, all", linkRaw, inUDPTo(1701, 0x4a, 2, 0, 60, 0, 1, 0, 2, 0, 0, 0, 0, 0, 2, 9, 9, 0xff, 3, 0, 0x21), "no"},
	{"lisp", linkRaw, inUDPTo(4341, 0x80, 0, 0, 1, 0, 0, 0, 1), ""},
	{"gue", linkRaw, inUDPTo(6080, 1, 4, 0, 0, 9, 9, 9, 9), "no"},
	{"gue, ip", linkRaw, inUDPTo(6080), "no"},
	{"tzsp", linkRaw, inUDPTo(37008, append([]byte{1, 0, 0, 1, 10, 1, 0xd0, 0, 1}, frameHead...)...), ""},
	{"tzsp, marks like the last", linkRaw, inUDPTo(37008, append([]byte{1, 0, 0, 1, 10, 2, 1, 1, 1}, frameHead...)...), ""},
	{"tzsp, 802.11", linkRaw, inUDPTo(37008, slices.Concat([]byte{1, 0, 0, 18, 1}, dot11Head, llcHead)...), ""},
}

// oddPackets are packets of IP that are as they should not be.
var oddPackets = []layer{
	{"options", linkRaw, func(ip []byte) []byte {
		ip = slices.Insert(bytes.Clone(ip), 20, 7, 3, 4, 0) // a malformed route
		ip[0], ip[3] = 0x46, ip[3]+4
		return ip
	}, "no"},
	{"no length", linkRaw, func(ip []byte) []byte { ip[2], ip[3] = 0, 0; return ip }, "no"},
	{"padding", linkRaw, func(ip []byte) []byte { return append(ip, 1, 2, 3, 4, 5, 6) }, ""},
	{"bad checksums", linkRaw, func(ip []byte) []byte { ip[10]++; ip[36]++; return ip }, "no"},
}

func TestLinkLayers(t *testing.T) {
	for _, l := range slices.Concat(linkLayers, tunnels, oddPackets) {
		t.Run(l.name, func(t *testing.T) {
			wantHello(t, pcapFile(binary.LittleEndian, time.Nanosecond, l.link, wrapped(l.wrap)))
		})
	}
}

// TestByteOrders has headers whose numbers have the order of the machine that
// captured.
func TestByteOrders(t *testing.T) {
	wantHello(t, pcapFile(binary.BigEndian, time.Nanosecond, 239, wrapped(nflogged(binary.BigEndian))))
	pktap := slices.Concat([]byte{0, 0, 0, 108, 0, 0, 0, 1, 0, 0, 0, 1}, make([]byte, 96), frameHead)
	wantHello(t, pcapFile(binary.BigEndian, time.Nanosecond, 258, wrapped(prefix(pktap...))))
}

// TestLoopbackFamilies has all numbers that systems have for IPv4 and IPv6.
func TestLoopbackFamilies(t *testing.T) {
	for _, family := range []byte{2, 10, 23, 24, 28, 30} {
		wantHello(t, pcapFile(binary.LittleEndian, time.Nanosecond, 0, wrapped(prefix(family, 0, 0, 0))))
	}
}

// TestDepth has as many tunnels in one another as are taken apart, and one more.
func TestDepth(t *testing.T) {
	for depth, want := range map[int]Stats{maxHeaders - 3: {TCP: 8, Connections: 1}, maxHeaders - 2: {Malformed: 8}} {
		all := wrapped(func(ip []byte) []byte {
			for range depth {
				ip = outer(4, ip)
			}
			return ip
		})
		_, stats := read(t, pcapFile(binary.LittleEndian, time.Nanosecond, 228, all))
		if stats.TCP != want.TCP || stats.Malformed != want.Malformed || stats.Connections != want.Connections {
			t.Errorf("%d tunnels: %+v", depth, stats)
		}
	}
}

// TestNames keeps the names that people see, with all their numbers.
func TestNames(t *testing.T) {
	want, err := os.ReadFile("testdata/names.txt")
	if err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	for by := range numberings {
		numbers := slices.Sorted(maps.Keys(numberings[by].names))
		for _, number := range append(numbers, 12345) {
			if name := (announced{numbering(by), number}).String(); name != "" {
				got.WriteString(name + "\n")
			}
		}
	}
	if got.String() != string(want) {
		t.Errorf("got\n%s", got.String())
	}
}

// TestUnread counts more kinds than are told apart, and adds two counts up.
func TestUnread(t *testing.T) {
	u := make(unread)
	for i := range maxUnread + 10 {
		u.count(announced{byEtherType, i})
		u.count(announced{byEtherType, i})
	}
	u.count(announced{byEtherType, 0})
	sum := u.sum()
	if len(sum) != maxUnread+1 || sum[0] != (Unread{"others", 20}) || sum[1] != (Unread{"EtherType 0x0000", 3}) {
		t.Errorf("%d kinds, first %v", len(sum), sum[:2])
	}
	a, b := []Unread{{"a", 5}, {"b", 2}}, []Unread{{"c", 3}, {"b", 4}, {"d", 3}}
	want := []Unread{{"b", 6}, {"a", 5}, {"c", 3}, {"d", 3}}
	if got := AddUnread(a, b); !slices.Equal(got, want) || a[1].Packets != 2 {
		t.Errorf("%v and %v are %v", a, b, got)
	}
}

// TestTunnelsInTunnels has one tunnel in every other.
func TestTunnelsInTunnels(t *testing.T) {
	for _, out := range tunnels {
		for _, in := range tunnels {
			if in.link != linkRaw {
				continue
			}
			file := pcapFile(binary.LittleEndian, time.Nanosecond, out.link, wrapped(func(ip []byte) []byte { return out.wrap(in.wrap(ip)) }))
			if got, stats := read(t, file); len(got.conns) != 1 || said(got.conns[0]) != helloSaid {
				t.Errorf("%s in %s: %+v", in.name, out.name, stats)
			}
		}
	}
}

// TestCutHeaders has every packet cut at every place: it is told, by one count or
// another, and nothing is made up of it. What is said is kept, by how many bytes there
// are at most.
func TestCutHeaders(t *testing.T) {
	want, err := os.ReadFile("testdata/cut.txt")
	if err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	for _, l := range slices.Concat(linkLayers, tunnels) {
		whole := wrapped(l.wrap)[3]
		last := ""
		size := len(whole.data) - len(get) - 8
		for n := range size {
			p := packet{time: whole.time, link: uint16(l.link), data: whole.data[:n], length: whole.length, order: binary.LittleEndian}
			r := newReader(asked, new(collector).tap)
			r.packet(&p)
			r.finish()
			stats := r.stats
			if stats.Connections != 0 || stats.Truncated != 1 || stats.TCP+stats.NotTCP+stats.Malformed+stats.UnknownLink+stats.Fragmented != 1 {
				t.Errorf("%s, cut to %d bytes: %+v", l.name, n, stats)
			}
			count := ""
			d := new(dissector)
			switch err := d.segment(new(segment), &p); err {
			case nil:
				count = "TCP"
			case errNoTCP, errLink, errFragment:
				count = d.unread.String()
			default:
				count, _, _ = strings.Cut(strings.TrimPrefix(err.Error(), "Invalid "), ":") // without the number of bytes
				count, _, _ = strings.Cut(count, ". ")
			}
			if count != last && last != "" {
				fmt.Fprintf(&got, "%s, %d: %s\n", l.name, n-1, last)
			}
			last = count
		}
		fmt.Fprintf(&got, "%s, %d: %s\n", l.name, size-1, last)
	}
	if got.String() != string(want) {
		t.Errorf("got\n%s", got.String())
	}
}

// TestCutData has the first bytes of a message cut, within every header: what is
// missing is counted by the length in the header of IP.
func TestCutData(t *testing.T) {
	for _, l := range slices.Concat(linkLayers, tunnels) {
		all := wrapped(l.wrap)
		whole := all[3]
		begin := bytes.Index(whole.data, []byte(get))
		for n := range len(get) {
			all[3].data = whole.data[:begin+n]
			got, stats := read(t, pcapFile(binary.LittleEndian, time.Nanosecond, l.link, all[:5]))
			if stats.TCP != 5 || stats.Truncated != 1 || stats.LostBytes != int64(len(get)-n) {
				t.Errorf("%s, cut to %d bytes: %+v", l.name, n, stats)
			}
			if want := get[:n] + strings.Repeat("?", len(get)-n); len(got.conns) != 1 || got.conns[0].bytes(wire.ToServer) != want {
				t.Errorf("%s, cut to %d bytes: got %d connections", l.name, n, len(got.conns))
			}
		}
	}
}

// TestTunnelsInFragments has the packets of tunnels in fragments.
func TestTunnelsInFragments(t *testing.T) {
	for _, l := range tunnels {
		if l.link != linkRaw {
			continue
		}
		var all []frame
		for i, f := range wrapped(l.wrap) {
			for _, part := range fragments4(f.data, uint16(i), 16) {
				all = append(all, frame{f.time, part, len(part)})
			}
		}
		wantHello(t, rawFile(all))
	}
}

// TestTsharkLinks has tshark read the same packets, so that it is not only us who
// take those headers for what they are: in one file, each from an interface of its
// own, and of another client.
func TestTsharkLinks(t *testing.T) {
	order := binary.LittleEndian
	args := []string{"-d", "tcp.port==2375,http", "-Y", "http.request.uri == \"/\" || http.response.code == 200", "-T", "fields", "-e", "frame.interface_id"}
	b, blocks := ngSection(order, nil), []byte(nil)
	var names []string
	for _, l := range slices.Concat(linkLayers, tunnels, oddPackets) {
		if l.tshark == "no" {
			continue
		}
		if l.tshark != "" {
			args = append(args, "-d", l.tshark)
		}
		b = ngLink(order, b, l.link)
		id := len(names)
		names = append(names, l.name)
		for _, p := range hello {
			ip := appendPacket(nil, p.segmentOf(uint16(1000+id)))
			data := l.wrap(ip)
			blocks = ngPacket(order, blocks, false, id, uint64(captured.UnixMicro()), frame{captured, data, len(data)})
		}
	}
	found := make(map[string]int)
	for line := range strings.Lines(string(tshark(t, append(b, blocks...), args...))) {
		found[strings.TrimSpace(line)]++
	}
	for id, name := range names {
		if n := found[strconv.Itoa(id)]; n != 2 {
			t.Errorf("%s: tshark finds %d messages", name, n)
		}
	}
}
