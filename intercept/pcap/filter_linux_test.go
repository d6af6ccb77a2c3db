package pcap

import (
	"encoding/binary"
	"net/netip"
	"slices"
	"testing"

	"golang.org/x/net/bpf"
	"golang.org/x/sys/unix"
)

// extensions is what the kernel knows of a packet besides its bytes.
type extensions map[bpf.Extension]uint32

// accepts runs the filter as the kernel does. The machine has no extensions:
// their values are put in their place.
func accepts(t *testing.T, link, port uint16, ext extensions, frame []byte) bool {
	t.Helper()
	program := filter(link, port)
	for i, ins := range program {
		if load, ok := ins.(bpf.LoadExtension); ok {
			program[i] = bpf.LoadConstant{Dst: bpf.RegA, Val: ext[load.Num]}
		}
	}
	vm, err := bpf.NewVM(program)
	if err != nil {
		t.Fatal(err)
	}
	n, err := vm.Run(frame)
	if err != nil {
		t.Fatal(err)
	}
	if n != 0 && n < len(frame) {
		t.Errorf("it cuts a packet of %d bytes to %d", len(frame), n)
	}
	return n != 0
}

// tagged puts an Ethernet header with a VLAN tag before an IP packet.
func tagged(tag, typ uint16, packet []byte) []byte {
	b := binary.BigEndian.AppendUint16([]byte{0x60, 5}, typ) // looks like IPv6
	return framed(tag, append(b, packet...))
}

// changed returns the packet with some bytes of it replaced.
func changed(packet []byte, at int, b ...byte) []byte {
	packet = slices.Clone(packet)
	copy(packet[at:], b)
	return packet
}

func tcpPacket(src, dst string) []byte {
	s := &segment{src: netip.MustParseAddrPort(src), dst: netip.MustParseAddrPort(dst), data: []byte("GET / HTTP/1.1\r\n\r\n")}
	return appendPacket(nil, s)
}

func TestFilter(t *testing.T) {
	const ip4, ip6 = unix.ETH_P_IP, unix.ETH_P_IPV6
	to4, from4 := tcpPacket("192.0.2.1:40000", "192.0.2.2:2375"), tcpPacket("192.0.2.2:2375", "192.0.2.1:40000")
	to6, from6 := tcpPacket("[2001:db8::1]:40000", "[2001:db8::2]:2375"), tcpPacket("[2001:db8::2]:2375", "[2001:db8::1]:40000")
	options := slices.Insert(changed(to4, 0, 0x47), ipv4Header, 0x09, 0x47, 0x09, 0x47, 0, 0, 0, 0) // 2375 in the place of the ports
	type accepted struct{ all, port, other bool }
	var (
		none = accepted{}
		here = accepted{true, true, false}
		any  = accepted{true, true, true}
	)
	for _, c := range []struct {
		name   string
		typ    uint16
		packet []byte
		want   accepted
	}{
		{"IPv4 to the port", ip4, to4, here},
		{"IPv4 from the port", ip4, from4, here},
		{"IPv4 other ports", ip4, tcpPacket("192.0.2.1:2374", "192.0.2.2:40000"), accepted{true, false, false}},
		{"IPv4 with options", ip4, options, here},
		{"IPv4 options that look like ports", ip4, changed(options, 28, 1, 1, 1, 1), accepted{true, false, false}},
		{"IPv4 first fragment", ip4, changed(to4, 6, 0x20, 0), here},
		{"IPv4 later fragment", ip4, changed(to4, 6, 0, 1), any},
		{"IPv4 later fragment of UDP", ip4, changed(changed(to4, 6, 0, 1), 9, 17), none},
		{"IPv4 not to be fragmented", ip4, changed(to4, 6, 0x40, 0), here},
		{"IPv4 UDP", ip4, changed(to4, 9, 17), none},
		{"IPv4 cut before the ports", ip4, to4[:ipv4Header+1], accepted{true, false, false}},
		{"IPv4 empty", ip4, nil, none},
		{"IPv6 to the port", ip6, to6, here},
		{"IPv6 from the port", ip6, from6, here},
		{"IPv6 other ports", ip6, tcpPacket("[::1]:2374", "[::1]:40000"), accepted{true, false, false}},
		{"IPv6 UDP", ip6, changed(to6, 6, 17), none},
		{"IPv6 ICMP", ip6, changed(to6, 6, 58), none},
		{"IPv6 hop-by-hop", ip6, changed(to6, 6, protocolHopByHop), any},
		{"IPv6 fragment", ip6, changed(to6, 6, protocolFragment), any},
		{"ARP", unix.ETH_P_ARP, to4, none},
		{"IPv6 that is called IPv4", ip4, to6, none},
	} {
		for port, want := range map[uint16]bool{0: c.want.all, 2375: c.want.port, 80: c.want.other} {
			for how, got := range map[string]bool{
				"Ethernet":      accepts(t, linkEthernet, port, nil, framed(c.typ, c.packet)),
				"a VLAN":        accepts(t, linkEthernet, port, nil, tagged(unix.ETH_P_8021Q, c.typ, c.packet)),
				"a service tag": accepts(t, linkEthernet, port, nil, tagged(unix.ETH_P_8021AD, c.typ, c.packet)),
				"no header":     accepts(t, linkRaw, port, extensions{bpf.ExtProto: uint32(c.typ)}, c.packet),
			} {
				if got != want {
					t.Errorf("%s with %s, port %d: accepted %t, want %t", c.name, how, port, got, want)
				}
			}
		}
	}
}

// TestFilterLoopback refuses one of the two sights of a packet.
func TestFilterLoopback(t *testing.T) {
	packet := tcpPacket("127.0.0.1:40000", "127.0.0.1:2375")
	for _, c := range []struct {
		header, direction uint32
		want              bool
	}{
		{unix.ARPHRD_LOOPBACK, unix.PACKET_OUTGOING, false},
		{unix.ARPHRD_LOOPBACK, unix.PACKET_HOST, true},
		{unix.ARPHRD_ETHER, unix.PACKET_OUTGOING, true},
		{unix.ARPHRD_ETHER, unix.PACKET_HOST, true},
		{unix.ARPHRD_ETHER, unix.PACKET_OTHERHOST, true},
		{unix.ARPHRD_NONE, unix.PACKET_OUTGOING, true},
	} {
		ext := extensions{bpf.ExtLinkLayerType: c.header, bpf.ExtType: c.direction, bpf.ExtProto: unix.ETH_P_IP}
		for link, frame := range map[uint16][]byte{linkRaw: packet, linkEthernet: framed(unix.ETH_P_IP, packet)} {
			if got := accepts(t, link, 2375, ext, frame); got != c.want {
				t.Errorf("link type %d, %+v: accepted %t", link, c, got)
			}
		}
	}
}

// TestFilterAssembles makes what the kernel runs.
func TestFilterAssembles(t *testing.T) {
	for _, link := range []uint16{linkEthernet, linkRaw} {
		for _, port := range []uint16{0, 1, 65535} {
			if _, err := bpf.Assemble(filter(link, port)); err != nil {
				t.Errorf("link type %d, port %d: %v", link, port, err)
			}
		}
	}
}
