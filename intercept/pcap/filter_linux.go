package pcap

import (
	"golang.org/x/net/bpf"
	"golang.org/x/sys/unix"
)

// packetSize is more bytes of a packet than it has.
const packetSize = 1 << 30

// line is a line of a filter.
type line struct {
	label   string
	ins     bpf.Instruction
	yes, no string // where a jump goes on, by label; "": the next line
}

// filter returns the program by which the kernel chooses packets of a link
// type: TCP over IPv4 and IPv6, on Ethernet also behind a VLAN tag, and with a
// port that is not 0 only from or to it. What needs more than a look at fixed
// places is accepted: later fragments of IPv4, and IPv6 with extensions.
//
// A loopback shows each packet as it leaves and as it arrives: the first is
// refused.
//
// Loads that reach beyond the end of a packet refuse it.
func filter(link, port uint16) []bpf.Instruction {
	const loopback, outgoing = unix.ARPHRD_LOOPBACK, unix.PACKET_OUTGOING
	lines := []line{
		{ins: bpf.LoadExtension{Num: bpf.ExtLinkLayerType}},
		{ins: equal(loopback), no: "link"},
		{ins: bpf.LoadExtension{Num: bpf.ExtType}},
		{ins: equal(outgoing), yes: "refuse"},
	}
	lines = append(lines, linkFilter(link)...)
	lines = append(lines, ipFilter(port)...)
	return assemble(append(lines,
		line{label: "accept", ins: bpf.RetConstant{Val: packetSize}},
		line{label: "refuse", ins: bpf.RetConstant{}},
	))
}

// linkFilter finds the EtherType, and in X the offset of what it announces.
func linkFilter(link uint16) []line {
	if link != linkEthernet {
		return []line{
			{label: "link", ins: bpf.LoadConstant{Dst: bpf.RegX, Val: 0}},
			{ins: bpf.LoadExtension{Num: bpf.ExtProto}},
		}
	}
	return []line{
		{label: "link", ins: bpf.LoadConstant{Dst: bpf.RegX, Val: 14}},
		{ins: bpf.LoadAbsolute{Off: 12, Size: 2}},
		{ins: equal(unix.ETH_P_8021Q), yes: "tag"},
		{ins: equal(unix.ETH_P_8021AD), no: "ip"},
		{label: "tag", ins: bpf.LoadConstant{Dst: bpf.RegX, Val: 18}},
		{ins: bpf.LoadAbsolute{Off: 16, Size: 2}},
	}
}

// ipFilter looks at the packet at the offset X, whose EtherType is in A.
func ipFilter(port uint16) []line {
	const fragmentOffset = 0x1fff
	lines := []line{
		{label: "ip", ins: equal(unix.ETH_P_IP), yes: "ipv4"},
		{ins: equal(unix.ETH_P_IPV6), yes: "ipv6", no: "refuse"},

		{label: "ipv4", ins: bpf.LoadIndirect{Off: 9, Size: 1}},
		{ins: equal(protocolTCP), no: "refuse"},
		{ins: bpf.LoadIndirect{Off: 6, Size: 2}},
		{ins: bpf.JumpIf{Cond: bpf.JumpBitsSet, Val: fragmentOffset}, yes: "accept"},
		{ins: bpf.LoadIndirect{Off: 0, Size: 1}},
		{ins: bpf.ALUOpConstant{Op: bpf.ALUOpAnd, Val: 15}},
		{ins: bpf.ALUOpConstant{Op: bpf.ALUOpShiftLeft, Val: 2}},
		{ins: bpf.Jump{}, yes: "tcp"},

		{label: "ipv6", ins: bpf.LoadIndirect{Off: 6, Size: 1}},
		{ins: equal(protocolTCP), yes: "tcp6"},
	}
	for _, p := range []uint32{protocolHopByHop, protocolRouting, protocolFragment, protocolAuth, protocolDestination, protocolMobility} {
		lines = append(lines, line{ins: equal(p), yes: "accept"})
	}
	lines = append(lines,
		line{ins: bpf.Jump{}, yes: "refuse"},
		line{label: "tcp6", ins: bpf.LoadConstant{Dst: bpf.RegA, Val: ipv6Header}},
		line{label: "tcp", ins: bpf.ALUOpX{Op: bpf.ALUOpAdd}},
		line{ins: bpf.TAX{}},
	)
	if port == 0 {
		return append(lines, line{ins: bpf.Jump{}, yes: "accept"})
	}
	return append(lines,
		line{ins: bpf.LoadIndirect{Off: 0, Size: 2}},
		line{ins: equal(uint32(port)), yes: "accept"},
		line{ins: bpf.LoadIndirect{Off: 2, Size: 2}},
		line{ins: equal(uint32(port)), yes: "accept", no: "refuse"},
	)
}

// equal compares A.
func equal(n uint32) bpf.JumpIf { return bpf.JumpIf{Cond: bpf.JumpEqual, Val: n} }

// assemble puts the distances of jumps in the place of labels, which all are
// further down.
func assemble(lines []line) []bpf.Instruction {
	labels := make(map[string]int)
	for i, l := range lines {
		labels[l.label] = i
	}
	program := make([]bpf.Instruction, len(lines))
	for i, l := range lines {
		skip := func(label string) int {
			if label == "" {
				return 0
			}
			return labels[label] - i - 1
		}
		switch ins := l.ins.(type) {
		case bpf.JumpIf:
			ins.SkipTrue, ins.SkipFalse = uint8(skip(l.yes)), uint8(skip(l.no))
			program[i] = ins
		case bpf.Jump:
			ins.Skip = uint32(skip(l.yes))
			program[i] = ins
		default:
			program[i] = ins
		}
	}
	return program
}
