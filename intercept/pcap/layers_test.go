package pcap

import (
	"bytes"
	"encoding/binary"
	"net/netip"
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

// ethernet returns a frame with a type, and padding as of short frames.
func ethernet(typ uint16, payload []byte) []byte {
	b := binary.BigEndian.AppendUint16(make([]byte, 12), typ)
	b = append(b, payload...)
	return append(b, make([]byte, max(60-len(b), 4))...)
}

func TestLinkLayers(t *testing.T) {
	llc := []byte{0xaa, 0xaa, 3, 0, 0, 0, 8, 0}
	dot11 := append([]byte{8, 1, 0, 0}, make([]byte, 20)...)
	qos := append([]byte{0x88, 1, 0, 0}, make([]byte, 22)...)
	radiotap := []byte{0, 0, 8, 0, 0, 0, 0, 0}
	checked := []byte{0, 0, 9, 0, 2, 0, 0, 0, 0x10}
	for _, c := range []struct {
		name string
		link uint32
		wrap func(ip []byte) []byte
	}{
		{"ethernet", 1, func(ip []byte) []byte { return ethernet(0x800, ip) }},
		{"vlan", 1, func(ip []byte) []byte { return ethernet(0x8100, prefix(0, 7, 8, 0)(ip)) }},
		{"qinq", 1, func(ip []byte) []byte { return ethernet(0x88a8, prefix(0, 7, 0x81, 0, 0, 8, 8, 0)(ip)) }},
		{"802.3", 1, func(ip []byte) []byte { return ethernet(uint16(8+len(ip)), prefix(llc...)(ip)) }},
		{"pppoe", 1, func(ip []byte) []byte {
			return ethernet(0x8864, prefix(0x11, 0, 0, 1, 0, byte(2+len(ip)), 0, 0x21)(ip))
		}},
		{"mpls", 1, func(ip []byte) []byte { return ethernet(0x8847, prefix(0, 1, 0, 64, 0, 1, 1, 64)(ip)) }},
		{"null, little endian", 0, prefix(2, 0, 0, 0)},
		{"null, big endian", 0, prefix(0, 0, 0, 2)},
		{"loop", 108, prefix(0, 0, 0, 2)},
		{"cooked", 113, prefix(0, 0, 3, 4, 0, 6, 0, 0, 0, 0, 0, 0, 0, 0, 8, 0)},
		{"cooked, with a long address", 113, prefix(0, 0, 3, 4, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, 0, 8, 0)},
		{"cooked, vlan", 113, prefix(0, 0, 3, 4, 0, 6, 0, 0, 0, 0, 0, 0, 0, 0, 0x81, 0, 0, 7, 8, 0)},
		{"cooked 2", 276, prefix(8, 0, 0, 0, 0, 0, 0, 1, 3, 4, 0, 6, 0, 0, 0, 0, 0, 0, 0, 0)},
		{"ppp", 9, prefix(0, 0x21)},
		{"ppp, hdlc", 50, prefix(0xff, 3, 0, 0x21)},
		{"ppp, short", 9, prefix(0x21)},
		{"ppp over ethernet", 51, prefix(0x11, 0, 0, 1, 0, 40, 0, 0x21)},
		{"802.11", 105, prefix(append(dot11, llc...)...)},
		{"802.11, qos", 105, prefix(append(qos, llc...)...)},
		{"radiotap", 127, prefix(slices.Concat(radiotap, dot11, llc)...)},
		{"radiotap, checksum", 127, func(ip []byte) []byte { return append(prefix(slices.Concat(checked, dot11, llc)...)(ip), 1, 2, 3, 4) }},
		{"ip in ip", linkRaw, func(ip []byte) []byte { return outer(4, ip) }},
		{"ip in ipv6", 229, func(ip []byte) []byte { return outer6(4, ip) }},
		{"gre", linkRaw, func(ip []byte) []byte { return outer(47, prefix(0, 0, 8, 0)(ip)) }},
		{"gre, key and number", linkRaw, func(ip []byte) []byte { return outer(47, prefix(0x30, 0, 8, 0, 0, 0, 0, 1, 0, 0, 0, 2)(ip)) }},
		{"gre, ethernet", linkRaw, func(ip []byte) []byte { return outer(47, prefix(0, 0, 0x65, 0x58)(ethernet(0x800, ip))) }},
		{"vxlan", linkRaw, func(ip []byte) []byte {
			return outer(17, datagram(4789, prefix(8, 0, 0, 0, 0, 0, 1, 0)(ethernet(0x800, ip))))
		}},
		{"geneve", linkRaw, func(ip []byte) []byte {
			return outer(17, datagram(6081, prefix(1, 0, 0x65, 0x58, 0, 0, 1, 0, 9, 9, 9, 9)(ethernet(0x800, ip))))
		}},
		{"options", linkRaw, func(ip []byte) []byte {
			ip = slices.Insert(bytes.Clone(ip), 20, 7, 3, 4, 0) // a malformed route
			ip[0], ip[3] = 0x46, ip[3]+4
			return ip
		}},
		{"no length", linkRaw, func(ip []byte) []byte { ip[2], ip[3] = 0, 0; return ip }},
		{"padding", linkRaw, func(ip []byte) []byte { return append(ip, 1, 2, 3, 4, 5, 6) }},
		{"bad checksums", linkRaw, func(ip []byte) []byte { ip[10]++; ip[36]++; return ip }},
	} {
		t.Run(c.name, func(t *testing.T) {
			wantHello(t, pcapFile(binary.LittleEndian, time.Nanosecond, c.link, wrapped(c.wrap)))
		})
	}
}

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
		{"arp", 1, ethernet(0x806, nil), Stats{NotTCP: 1}},
		{"udp", linkRaw, outer(17, datagram(53, []byte("x"))), Stats{NotTCP: 1}},
		{"icmp", linkRaw, outer(1, make([]byte, 8)), Stats{NotTCP: 1}},
		{"nothing", linkRaw, nil, Stats{NotTCP: 1}},
		{"version", linkRaw, tcp(0, 0x55), Stats{NotTCP: 1}},
		{"unknown link", 147, ip, Stats{UnknownLink: 1}},
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
		{"too deep", linkRaw, deep, Stats{Malformed: 1}},
		{"no fragment follows", linkRaw, tcp(6, 0x20), Stats{Fragmented: 1}},
	} {
		_, stats := read(t, pcapFile(binary.LittleEndian, time.Nanosecond, c.link, []frame{{captured, c.data, len(c.data)}}))
		c.want.Packets, c.want.Bytes, c.want.First, c.want.Last = 1, int64(len(c.data)), stats.First, stats.Last
		if stats != c.want {
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
