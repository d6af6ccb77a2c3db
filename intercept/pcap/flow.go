package pcap

import (
	"net/netip"
	"strings"

	"github.com/socktrace/socktrace/wire"
)

// flow is the addresses of a connection in packets, by the direction that they
// send: first the client's.
type flow [2]netip.AddrPort

// The addresses of connections that have none: the port is one that Wireshark
// takes for HTTP, and the clients' are those for private use (RFC 6335).
const (
	serverPort  = 80
	clientPort  = 49152
	clientPorts = 1<<16 - clientPort
)

// flowOf returns the addresses of c: its own if both ends have one, of the same
// family, and made up ones otherwise, or if the same are in use.
func flowOf(c *wire.Conn, used map[flow]bool) flow {
	f := flow{addrPort(c.Client.Addr), addrPort(c.Server.Addr)}
	client, server := f[wire.ToServer], f[wire.ToClient]
	if client.IsValid() && server.IsValid() && client != server &&
		client.Addr().Is4() == server.Addr().Is4() && !used[f] && !used[f.reverse()] {
		return f
	}
	for n := uint64(c.ID); ; n++ {
		if f = madeUp(n); !used[f] && !used[f.reverse()] {
			return f
		}
	}
}

func (f flow) reverse() flow { return flow{f[1], f[0]} }

// madeUp returns the nth of 2³⁸ flows to 127.0.0.1:80.
func madeUp(n uint64) flow {
	host := 1 + n/clientPorts
	return flow{
		netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, byte(host >> 16), byte(host >> 8), byte(host)}), uint16(clientPort+n%clientPorts)),
		netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 0, 0, 1}), serverPort),
	}
}

// addrPort returns the address of "tcp://192.0.2.1:80", or an invalid one.
func addrPort(addr string) netip.AddrPort {
	s, ok := strings.CutPrefix(addr, "tcp://")
	if !ok {
		return netip.AddrPort{}
	}
	a, err := netip.ParseAddrPort(s)
	if err != nil || a.Port() == 0 {
		return netip.AddrPort{}
	}
	return netip.AddrPortFrom(a.Addr().Unmap().WithZone(""), a.Port())
}
