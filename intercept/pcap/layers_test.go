package pcap

import (
	"bytes"
	"encoding/binary"
	"net/netip"
	"reflect"
	"slices"
	"testing"
	"time"
)

// wrapped returns the packets of hello with what wrap puts before them.
func wrapped(wrap func(ip []byte) []byte) []frame {
	all := frames(hello)
	for i := range all {
		all[i].data = wrap(all[i].data)
		all[i].length = len(all[i].data)
	}
	return all
}

// prefix returns a function that puts bytes before a packet.
func prefix(b ...byte) func([]byte) []byte {
	return func(ip []byte) []byte { return append(bytes.Clone(b), ip...) }
}

// outer returns an IPv4 packet of another protocol.
func outer(protocol byte, payload []byte) []byte {
	b := []byte{0x45, 0}
	b = binary.BigEndian.AppendUint16(b, uint16(ipv4Header+len(payload)))
	b = append(b, 0, 1, 0, 0, 64, protocol, 0, 0, 198, 51, 100, 1, 198, 51, 100, 2)
	binary.BigEndian.PutUint16(b[10:], checksum(sum(0, b)))
	return append(b, payload...)
}

// outer6 returns an IPv6 packet.
func outer6(protocol byte, payload []byte) []byte {
	b := binary.BigEndian.AppendUint16([]byte{0x60, 0, 0, 0}, uint16(len(payload)))
	b = append(append(b, protocol, 64, 0x20, 1), make([]byte, 30)...)
	return append(b, payload...)
}

// datagram returns the payload of UDP with a port.
func datagram(port uint16, payload []byte) []byte {
	b := binary.BigEndian.AppendUint16(nil, 50_000)
	b = binary.BigEndian.AppendUint16(b, port)
	b = binary.BigEndian.AppendUint16(b, uint16(8+len(payload)))
	return append(append(b, 0, 0), payload...)
}

// framed returns a frame with a type, and padding as of short frames.
func framed(typ uint16, payload []byte) []byte {
	b := binary.BigEndian.AppendUint16(make([]byte, 12), typ)
	b = append(b, payload...)
	return append(b, make([]byte, max(60-len(b), 4))...)
}

// unreadOne is the Stats of one packet of what.
func unreadOne(what string) Stats { return Stats{NotTCP: 1, Unread: []Unread{{what, 1}}} }

// TestOtherPackets has packets that are no TCP, and ones that are malformed.
func TestOtherPackets(t *testing.T) {
	ip := frames(hello)[0].data
	tcp := func(at int, v byte) []byte { b := bytes.Clone(ip); b[at] = v; return b }
	deep := ip
	for range 40 {
		deep = outer(4, deep)
	}
	for _, c := range []struct {
		name string
		link uint32
		data []byte
		want Stats
	}{
		{"arp", 1, framed(0x806, nil), unreadOne("ARP (EtherType 0x0806)")},
		{"unknown type", 1, framed(0x1234, ip), unreadOne("EtherType 0x1234")},
		{"udp", linkRaw, outer(17, datagram(53, []byte("x"))), unreadOne("UDP (IP protocol 17)")},
		{"icmp", linkRaw, outer(1, make([]byte, 8)), unreadOne("ICMP (IP protocol 1)")},
		{"only a header", linkRaw, outer(1, nil), unreadOne("ICMP (IP protocol 1)")},
		{"only a header with options", linkRaw, func() []byte {
			b := append(outer(1, nil), 1, 1, 1, 1)
			b[0], b[3] = 0x46, byte(len(b))
			return b
		}(), unreadOne("ICMP (IP protocol 1)")},
		{"only a header, of IPv6", linkRaw, outer6(58, nil), unreadOne("ICMPv6 (IP protocol 58)")},
		{"unknown protocol", linkRaw, outer(200, ip), unreadOne("IP protocol 200")},
		{"unknown port", linkRaw, outer(17, datagram(4790+1, ip)), unreadOne("UDP (IP protocol 17)")},
		{"nothing", linkRaw, nil, unreadOne("raw IP (link type 101)")},
		{"version", linkRaw, tcp(0, 0x55), unreadOne("raw IP (link type 101)")},
		{"unknown link", 147, ip, Stats{UnknownLink: 1, Unread: []Unread{{"link type 147", 1}}}},
		{"link that is not read", 10, ip, Stats{UnknownLink: 1, Unread: []Unread{{"FDDI (link type 10)", 1}}}},
		{"link in a link", 192, prefix(0, 0, 8, 0, 99, 0, 0, 0)(ip), Stats{UnknownLink: 1, Unread: []Unread{{"link type 99", 1}}}},
		{"family of networks", 0, prefix(0, 0, 0, 7)(ip), unreadOne("address family 7")},
		{"cooked, netlink", 113, prefix(0, 0, 3, 56, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 8, 0)(ip), Stats{UnknownLink: 1, Unread: []Unread{{"netlink (link type 253)", 1}}}},
		{"cooked, frames without a type", 113, prefix(0, 0, 3, 4, 0, 6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1)(ip), unreadOne("Linux cooked (link type 113)")},
		{"cooked, gre without a type", 113, prefix(0, 0, 3, 10, 0, 6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)(ip), unreadOne("Linux cooked (link type 113)")},
		{"snap of others", 1, framed(uint16(8+len(ip)), prefix(0xaa, 0xaa, 3, 0, 0, 12, 0x20, 0)(ip)), unreadOne("SNAP (LLC 0xaa)")},
		{"snap of yet others", 1, framed(uint16(8+len(ip)), prefix(0xaa, 0xaa, 3, 1, 0, 0, 8, 0)(ip)), unreadOne("SNAP (LLC 0xaa)")},
		{"snap, numbered", 1, framed(uint16(8+len(ip)), prefix(0xaa, 0xaa, 0, 0, 0, 0, 8, 0)(ip)), unreadOne("SNAP (LLC 0xaa)")},
		{"ip, numbered", 1, framed(uint16(3+len(ip)), prefix(6, 6, 0)(ip)), unreadOne("LLC 0x06")},
		{"nflog without a packet", 239, []byte{2, 0, 0, 0, 8, 0, 1, 0, 8, 0, 3, 0}, unreadOne("NFLOG (link type 239)")},
		{"nflog with an empty value", 239, []byte{2, 0, 0, 0, 0, 0, 1, 0, 44, 0, 9, 0, 0x45}, unreadOne("NFLOG (link type 239)")},
		{"pktap without a packet", 258, slices.Concat(pktapHead[:4], []byte{0, 0, 0, 0}, pktapHead[8:], frameHead, ip), unreadOne("PKTAP (link type 258)")},
		{"pktap that is too short", 258, slices.Concat([]byte{11, 0, 0, 0}, pktapHead[4:], frameHead, ip), unreadOne("PKTAP (link type 258)")},
		{"private use, and no pktap", 149, ip, unreadOne("reserved for private use (link type 149)")},
		{"ppi that is too short", 192, prefix(0, 0, 7, 0, 1, 0, 0, 0)(ip), unreadOne("PPI (link type 192)")},
		{"frame relay, of others", 107, prefix(0x18, 0x41, 3, 0x81)(ip), unreadOne("frame relay (link type 107)")},
		{"frame relay, snap of others", 107, prefix(0x18, 0x41, 3, 0, 0x80, 0, 0x80, 0xc2, 0, 7)(ip), unreadOne("frame relay (link type 107)")},
		{"mpls, of others", 1, framed(0x8847, []byte{0, 1, 1, 64, 0x10, 0, 0, 0, 0, 0}), unreadOne("MPLS (EtherType 0x8847)")},
		{"nsh, of others", 1, framed(0x894f, prefix(0, 2, 2, 9, 0, 0, 1, 255)(ip)), unreadOne("NSH (EtherType 0x894f)")},
		{"geneve of later", linkRaw, outer(17, datagram(6081, prefix(0x40, 0, 8, 0, 0, 0, 1, 0)(ip))), unreadOne("Geneve (UDP port 6081)")},
		{"gpe of others", linkRaw, outer(17, datagram(4790, prefix(0x0c, 0, 0, 7, 0, 0, 1, 0)(ip))), unreadOne("VXLAN-GPE (UDP port 4790)")},
		{"gtp of before", linkRaw, outer(17, datagram(2152, prefix(0x10, 0xff, 0, 0, 0, 0, 0, 0)(ip))), unreadOne("GTP-U (UDP port 2152)")},
		{"gtp, no ip", linkRaw, outer(17, datagram(2152, prefix(0x30, 0xff, 0, 0, 0, 0, 0, 0)([]byte{0x10}))), unreadOne("GTP-U (UDP port 2152)")},
		{"teredo, nothing", linkRaw, outer(17, datagram(3544, nil)), unreadOne("Teredo (UDP port 3544)")},
		{"teredo, only a login", linkRaw, outer(17, datagram(3544, []byte{0, 1, 0, 0, 0})), unreadOne("Teredo (UDP port 3544)")},
		{"ayiya, a question", linkRaw, outer(17, datagram(5072, prefix(0, 0, 0, 4, 0, 0, 0, 1, 0)(ip))), unreadOne("AYIYA (UDP port 5072)")},
		{"l2tp, control", linkRaw, outer(17, datagram(1701, []byte{0xc8, 2, 0, 12, 0, 0, 0, 0, 0, 0, 0, 0})), unreadOne("L2TP (UDP port 1701)")},
		{"l2tp of later", linkRaw, outer(17, datagram(1701, prefix(0, 3, 0, 1, 0, 2, 0xff, 3, 0, 0x21)(ip))), unreadOne("L2TP (UDP port 1701)")},
		{"gue, control", linkRaw, outer(17, datagram(6080, prefix(0x20, 4, 0, 0)(ip))), unreadOne("GUE (UDP port 6080)")},
		{"gue of later", linkRaw, outer(17, datagram(6080, prefix(0x80, 4, 0, 0)(ip))), unreadOne("GUE (UDP port 6080)")},
		{"tzsp of later", linkRaw, outer(17, datagram(37008, prefix(2, 0, 0, 1, 1)(framed(0x800, ip)))), unreadOne("TZSP (UDP port 37008)")},
		{"tzsp, its own", linkRaw, outer(17, datagram(37008, prefix(1, 4, 0, 1, 1)(framed(0x800, ip)))), unreadOne("TZSP (UDP port 37008)")},
		{"gre, keeps alive", linkRaw, outer(47, []byte{0, 0, 8, 0}), unreadOne("GRE (IP protocol 47)")},
		{"erspan iii, of others", linkRaw, outer(47, prefix(0x10, 0, 0x22, 0xeb, 0, 0, 0, 1, 0x20, 7, 0, 1, 0, 0, 0, 0, 0, 0, 0x7c, 0)(ip)), unreadOne("ERSPAN III (EtherType 0x22eb)")},
		{"wccp, no ip", linkRaw, outer(47, prefix(0, 0, 0x88, 0x3e, 0, 0, 0, 0)([]byte{0x10})), unreadOne("WCCP (EtherType 0x883e)")},
		{"padding only", 9, []byte{0xff, 3, 0, 0x2d, 1, 2}, unreadOne("compressed TCP headers (PPP protocol 0x002d)")},
		{"family", 0, prefix(7, 0, 0, 0)(ip), unreadOne("address family 7")},
		{"spanning tree", 1, framed(38, prefix(0x42, 0x42, 3)(ip)), unreadOne("spanning tree (LLC 0x42)")},
		{"lcp", 9, []byte{0xff, 3, 0xc0, 0x21, 1}, unreadOne("LCP (PPP protocol 0xc021)")},
		{"pppoe discovery", 1, framed(0x8863, []byte{0x11, 9, 0, 0, 0, 0}), unreadOne("PPPoE discovery (EtherType 0x8863)")},
		{"pppoe, no session", 51, []byte{0x11, 9, 0, 0, 0, 0, 0, 0x21}, unreadOne("PPPoE (link type 51)")},
		{"wireguard", linkRaw, outer(17, datagram(51820, make([]byte, 32))), unreadOne("WireGuard, encrypted (UDP port 51820)")},
		{"no vxlan", linkRaw, outer(17, datagram(4789, make([]byte, 32))), unreadOne("VXLAN (UDP port 4789)")},
		{"erspan of later", linkRaw, outer(47, append([]byte{0x10, 0, 0x88, 0xbe, 0, 0, 0, 1, 0x90}, make([]byte, 32)...)), unreadOne("ERSPAN (EtherType 0x88be)")},
		{"gre of later", linkRaw, outer(47, prefix(0, 2, 8, 0)(ip)), unreadOne("GRE (IP protocol 47)")},
		{"gtp, not of a user", linkRaw, outer(17, datagram(2152, []byte{0x30, 1, 0, 0, 0, 0, 0, 0})), unreadOne("GTP-U (UDP port 2152)")},
		{"beacon", 105, append([]byte{0x80, 0}, make([]byte, 40)...), unreadOne("IEEE 802.11 without data")},
		{"no data", 105, append([]byte{0x48, 0}, make([]byte, 40)...), unreadOne("IEEE 802.11 without data")},
		{"encrypted", 105, append([]byte{8, 0x41}, make([]byte, 40)...), unreadOne("IEEE 802.11, encrypted")},
		{"aggregated", 105, append(append([]byte{0x88, 1}, make([]byte, 22)...), append([]byte{0x80, 0}, make([]byte, 40)...)...), unreadOne("IEEE 802.11, several in one")},
		{"short frame", 1, ip[:10], Stats{Malformed: 1}},
		{"short ip", linkRaw, ip[:19], Stats{Malformed: 1}},
		{"ip header", linkRaw, tcp(0, 0x44), Stats{Malformed: 1}},
		{"ip length", linkRaw, tcp(3, 10), Stats{Malformed: 1}},
		{"tcp header", linkRaw, tcp(32, 0x40), Stats{Malformed: 1}},
		{"tcp header beyond", linkRaw, tcp(32, 0xf0), Stats{Malformed: 1}},
		{"tcp header behind", linkRaw, tcp(3, 30), Stats{Malformed: 1}},
		{"short tcp", linkRaw, ip[:30], Stats{Malformed: 1}},
		{"short cooked", 113, ip[:10], Stats{Malformed: 1}},
		{"short radiotap", 127, []byte{0, 0, 200, 0, 0, 0, 0, 0}, Stats{Malformed: 1}},
		{"gre routing", linkRaw, outer(47, []byte{0x40, 0, 8, 0, 1, 2, 3}), Stats{Malformed: 1}},
		{"short extension", 229, outer6(0, []byte{6, 0, 1, 4, 0, 0, 0}), Stats{Malformed: 1}},
		{"extension beyond", 229, outer6(0, []byte{6, 1, 1, 12, 0, 0, 0, 0}), Stats{Malformed: 1}},
		{"extensions without end", 229, outer6(0, make([]byte, 8*maxHeaders)), Stats{Malformed: 1}},
		{"too deep", linkRaw, deep, Stats{Malformed: 1}},
		{"no fragment follows", linkRaw, tcp(6, 0x20), Stats{Fragmented: 1}},
	} {
		_, stats := read(t, pcapFile(binary.LittleEndian, time.Nanosecond, c.link, []frame{{captured, c.data, len(c.data)}}))
		c.want.Packets, c.want.Bytes, c.want.First, c.want.Last = 1, int64(len(c.data)), stats.First, stats.Last
		if !reflect.DeepEqual(stats, c.want) {
			t.Errorf("%s: got %+v\nwant %+v", c.name, stats, c.want)
		}
	}
}

// header6 returns a function that makes IPv6 packets with the addresses of ip.
func header6(ip []byte) func(protocol byte, payload []byte) []byte {
	return func(protocol byte, payload []byte) []byte {
		b := outer6(protocol, payload)
		copy(b[8:ipv6Header], ip[8:])
		return b
	}
}

// hello6 is hello over IPv6; extend returns the protocol and the payload that
// each packet is to have.
func hello6(extend func(protocol byte, payload []byte) (byte, []byte)) []frame {
	all := frames(hello)
	for i, p := range hello {
		s := p.segment()
		s.src = netip.AddrPortFrom(netip.AddrFrom16(s.src.Addr().As16()), s.src.Port())
		s.dst = netip.AddrPortFrom(netip.AddrFrom16(s.dst.Addr().As16()), s.dst.Port())
		b := appendPacket(nil, s)
		all[i].data = header6(b)(extend(b[6], b[ipv6Header:]))
		all[i].length = len(all[i].data)
	}
	return all
}

func TestIPv6(t *testing.T) {
	hop := func(next byte) []byte { return []byte{next, 0, 1, 4, 0, 0, 0, 0} }
	auth := []byte{44, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}
	fragment := func(next byte) []byte { return []byte{next, 0, 0, 0, 1, 2, 3, 4} }
	for _, c := range []struct {
		name   string
		extend func(protocol byte, payload []byte) (byte, []byte)
	}{
		{"plain", func(p byte, b []byte) (byte, []byte) { return p, b }},
		{"hop by hop", func(p byte, b []byte) (byte, []byte) { return 0, append(hop(p), b...) }},
		{"all", func(p byte, b []byte) (byte, []byte) {
			return 0, slices.Concat(hop(43), hop(60), hop(51), auth, fragment(135), hop(p), b)
		}},
		{"as many as there may be", func(p byte, b []byte) (byte, []byte) {
			return 0, slices.Concat(bytes.Repeat(hop(0), maxHeaders-2), hop(p), b)
		}},
		{"fragment, the only one", func(p byte, b []byte) (byte, []byte) { return 44, append(fragment(p), b...) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, stats := read(t, rawFile(hello6(c.extend)))
			if len(got.conns) != 1 || said(got.conns[0]) != helloSaid {
				t.Errorf("got %+v", stats)
			}
		})
	}
}

// fragments cuts an IP packet with a header of size bytes; build makes a
// fragment.
func fragments(payload []byte, size int, build func(offset int, more bool, part []byte) []byte) [][]byte {
	var all [][]byte
	for at := 0; at < len(payload); at += size {
		end := min(at+size, len(payload))
		all = append(all, build(at, end < len(payload), payload[at:end]))
	}
	return all
}

func fragments4(ip []byte, id uint16, size int) [][]byte {
	return fragments(ip[ipv4Header:], size, func(offset int, more bool, part []byte) []byte {
		b := append(bytes.Clone(ip[:ipv4Header]), part...)
		binary.BigEndian.PutUint16(b[2:], uint16(len(b)))
		binary.BigEndian.PutUint16(b[4:], id)
		flags := uint16(offset / 8)
		if more {
			flags |= 0x2000
		}
		binary.BigEndian.PutUint16(b[6:], flags)
		binary.BigEndian.PutUint16(b[10:], 0)
		binary.BigEndian.PutUint16(b[10:], checksum(sum(0, b[:ipv4Header])))
		return b
	})
}

func fragments6(ip []byte, id byte, size int) [][]byte {
	return fragments(ip[ipv6Header:], size, func(offset int, more bool, part []byte) []byte {
		ext := append(binary.BigEndian.AppendUint16([]byte{ip[6], 0}, uint16(offset)), 0, 0, 0, id)
		if more {
			ext[3] |= 1
		}
		return header6(ip)(44, append(ext, part...))
	})
}

// TestFragments has every packet in fragments, in several orders.
func TestFragments(t *testing.T) {
	six := hello6(func(p byte, b []byte) (byte, []byte) { return p, b })
	for name, order := range map[string]func([][]byte) [][]byte{
		"in order":   func(f [][]byte) [][]byte { return f },
		"reversed":   func(f [][]byte) [][]byte { slices.Reverse(f); return f },
		"twice":      func(f [][]byte) [][]byte { return append(slices.Repeat(f[:len(f)-1], 2), f[len(f)-1]) },
		"last first": func(f [][]byte) [][]byte { return append([][]byte{f[len(f)-1]}, f[:len(f)-1]...) },
	} {
		t.Run(name, func(t *testing.T) {
			var v4, v6 []frame
			for i, f := range frames(hello) {
				for _, part := range order(fragments4(f.data, uint16(i), 8)) {
					v4 = append(v4, frame{f.time, part, len(part)})
				}
				for _, part := range order(fragments6(six[i].data, byte(i), 16)) {
					v6 = append(v6, frame{f.time, part, len(part)})
				}
			}
			wantHello(t, rawFile(v4))
			got, stats := read(t, rawFile(v6))
			if len(got.conns) != 1 || said(got.conns[0]) != helloSaid || stats.Fragmented != 0 {
				t.Errorf("IPv6: %+v", stats)
			}
		})
	}
}

// TestFragmentBounds has fragments that never become packets.
func TestFragmentBounds(t *testing.T) {
	var d defrag
	data := make([]byte, 60_000)
	for i := range 10_000 {
		key := fragmentKey{id: uint32(i)}
		if d.add(key, captured, 8, true, data[:8]) != nil {
			t.Fatal("a packet without a beginning")
		}
		if len(d.waiting) > maxFragmented {
			t.Fatalf("%d packets wait", len(d.waiting))
		}
	}
	key := fragmentKey{id: 1 << 31}
	for i := range 10_000 { // overlapping
		d.add(key, captured, 8+8*(i%1000), true, data[:1000])
	}
	for _, f := range d.waiting {
		if f.bytes > maxPacket || len(f.pieces) > maxPieces {
			t.Errorf("%d bytes in %d pieces", f.bytes, len(f.pieces))
		}
	}
	old := fragmentKey{id: 1 << 30}
	d.add(old, captured, 8, false, []byte("old"))
	if got := d.add(old, captured.Add(time.Hour), 0, true, data[:8]); got != nil {
		t.Errorf("%q of two packets with one number", got)
	}
	if got := d.add(old, captured.Add(time.Hour), 8, false, []byte("new")); string(got) != "\x00\x00\x00\x00\x00\x00\x00\x00new" {
		t.Errorf("got %q", got)
	}
}

// TestFragmentsGivenUp counts packets of which no more is waited for, and has those
// at the edge of what a packet may be.
func TestFragmentsGivenUp(t *testing.T) {
	zeros := make([]byte, 1<<16)
	type fragment struct {
		offset, n int
		more      bool
		at        time.Duration
	}
	var tooMany, many []fragment
	for i := range maxPieces - 1 {
		many = append(many, fragment{8 * (i + 1), 8, true, 0})
	}
	tooMany = append(many, fragment{8 * maxPieces, 8, true, 0})
	for _, c := range []struct {
		name      string
		fragments []fragment
		want      int // bytes of the packet; -1: none
		given     int
	}{
		{"a whole packet", []fragment{{0, 8, true, 0}, {8, 3, false, 0}}, 11, 0},
		{"one fragment", []fragment{{0, 8, false, 0}}, 8, 0},
		{"the longest", []fragment{{0, 65528, true, 0}, {65528, 7, false, 0}}, 65535, 0},
		{"longer", []fragment{{0, 65528, true, 0}, {65528, 8, false, 0}}, -1, 1},
		{"more bytes than a packet has", []fragment{{8, 40_000, true, 0}, {16, 40_000, true, 0}}, -1, 1},
		{"two lengths", []fragment{{8, 8, false, 0}, {16, 8, false, 0}}, -1, 1},
		{"the last twice", []fragment{{8, 8, false, 0}, {8, 8, false, 0}, {0, 8, true, 0}}, 16, 0},
		{"the same, but longer", []fragment{{8, 8, true, 0}, {8, 16, false, 0}, {0, 8, true, 0}}, 24, 0},
		{"in time", []fragment{{8, 8, false, 0}, {0, 8, true, fragmentTime}}, 16, 0},
		{"late", []fragment{{8, 8, false, 0}, {0, 8, true, fragmentTime + 1}}, -1, 1},
		{"many", append(many, fragment{0, 8, true, 0}), -1, 0},
		{"too many", append(tooMany, fragment{0, 8, true, 0}), -1, 1},
		{"nothing", []fragment{{8, 0, true, 0}, {0, 8, false, 0}}, 8, 0},
	} {
		var d defrag
		got := -1
		for _, f := range c.fragments {
			if b := d.add(fragmentKey{id: 1}, captured.Add(f.at), f.offset, f.more, zeros[:f.n]); b != nil {
				got = len(b)
			}
		}
		if got != c.want || d.given != c.given {
			t.Errorf("%s: a packet of %d bytes, %d were given up; want %d and %d", c.name, got, d.given, c.want, c.given)
		}
	}
	var d defrag
	for i := range maxFragmented + 3 {
		d.add(fragmentKey{id: uint32(i)}, captured, 8, true, zeros[:8])
	}
	if d.given != 3 || len(d.waiting) != maxFragmented || d.waiting[0].key.id != 3 {
		t.Errorf("%d were given up, %d wait", d.given, len(d.waiting))
	}
	// Both are told in the end: what was given up, and what still waits.
	var all []frame
	for i := range maxFragmented + 3 {
		f := fragments4(frames(hello)[3].data, uint16(i), 8)[0]
		all = append(all, frame{captured, f, len(f)})
	}
	if _, stats := read(t, rawFile(all)); stats.Fragmented != maxFragmented+3 || stats.Malformed != 0 {
		t.Errorf("%+v", stats)
	}
	cut := fragments4(frames(hello)[3].data, 1, 8)[0]
	if _, stats := read(t, rawFile([]frame{{captured, cut[:len(cut)-1], len(cut)}})); stats.Malformed != 1 || stats.Truncated != 1 {
		t.Errorf("a fragment that was cut: %+v", stats)
	}
}
