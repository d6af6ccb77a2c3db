package socks

import (
	"bytes"
	"net"
	"net/netip"
	"strconv"
)

// wrong is the size of what is no such message.
const wrong = -1

// The functions below return how long the message is that b begins with. If b is
// too short to tell, that is one byte more than b has.

// greeting is the first message of SOCKS 5 (RFC 1928, section 3).
func greeting(b []byte) int { return fixed(b, "\x05", func(b []byte) int { return 2 + int(b[1]) }, 2) }

// selection is what answers it.
func selection(b []byte) int { return fixed(b, "\x05", func([]byte) int { return 2 }, 2) }

// password is a name and a password (RFC 1929, section 2).
func password(b []byte) int {
	return fixed(b, "\x01", func(b []byte) int {
		name := 2 + int(b[1])
		if len(b) <= name {
			return len(b) + 1
		}
		return name + 1 + int(b[name])
	}, 2)
}

// verdict is what answers it. Some proxies write the version of SOCKS in it.
func verdict(b []byte) int {
	if len(b) > 0 && b[0] != 1 && b[0] != 5 {
		return wrong
	}
	return 2
}

// connect is the request to connect (RFC 1928, section 4).
func connect(b []byte) int { return fixed(b, "\x05\x01\x00", withAddress, 3) }

// reply is what answers it (section 6).
func reply(b []byte) int {
	return fixed(b, "\x05", func(b []byte) int {
		if n := withAddress(b); n != wrong || b[1] == granted {
			return n
		}
		return 4 // of a refusal nobody reads the rest
	}, 2)
}

// connect4 is the request of SOCKS 4: a name behind the user's is for the proxy to
// look up (4a).
func connect4(b []byte) int {
	return fixed(b, "\x04\x01", func(b []byte) int {
		n := terminated(b, 8)
		if n > 0 && n <= len(b) && byName(b) {
			n = terminated(b, n)
		}
		return n
	}, 8)
}

// reply4 is what answers it. Some proxies write the version of SOCKS in it.
func reply4(b []byte) int {
	switch {
	case len(b) > 0 && b[0] != 0 && b[0] != 4, len(b) > 1 && (b[1] < granted4 || b[1] > 0x5d):
		return wrong
	}
	return 8
}

// What proxies say if they have connected a client.
const (
	granted  = 0
	granted4 = 0x5a
)

// fixed returns size(b) if b begins with what, and at least n bytes of it are
// there.
func fixed(b []byte, what string, size func([]byte) int, n int) int {
	k := min(len(b), len(what))
	switch {
	case string(b[:k]) != what[:k]:
		return wrong
	case len(b) < n:
		return len(b) + 1
	}
	return size(b)
}

// The kinds of addresses (RFC 1928, section 5).
const (
	ipv4   = 1
	domain = 3
	ipv6   = 4
)

// withAddress is a message with an address and a port at its end.
func withAddress(b []byte) int {
	const head = 4
	switch {
	case len(b) <= head:
		if len(b) == head && b[3] != ipv4 && b[3] != domain && b[3] != ipv6 {
			return wrong
		}
		return len(b) + 1
	case b[3] == ipv4:
		return head + 4 + 2
	case b[3] == ipv6:
		return head + 16 + 2
	case b[3] == domain:
		return head + 1 + int(b[4]) + 2
	}
	return wrong
}

// address returns the address at the end of a message.
func address(b []byte) string {
	port := strconv.Itoa(int(b[len(b)-2])<<8 | int(b[len(b)-1]))
	host := b[4 : len(b)-2]
	if b[3] == domain {
		return net.JoinHostPort(string(host[1:]), port)
	}
	a, _ := netip.AddrFromSlice(host)
	return net.JoinHostPort(a.Unmap().String(), port)
}

// maxText bounds a text that ends with a zero.
const maxText = 255

// terminated returns where the text ends that begins at from, with its zero.
func terminated(b []byte, from int) int {
	text := b[from:min(len(b), from+maxText+1)]
	switch end := bytes.IndexByte(text, 0); {
	case end >= 0:
		return from + end + 1
	case len(text) > maxText:
		return wrong
	}
	return len(b) + 1
}

// byName says whether a request of SOCKS 4 has a name in the place of an address:
// that is 0.0.0.x.
func byName(b []byte) bool { return b[4] == 0 && b[5] == 0 && b[6] == 0 && b[7] != 0 }

// address4 returns the address of a request of SOCKS 4.
func address4(b []byte) string {
	port := strconv.Itoa(int(b[2])<<8 | int(b[3]))
	if byName(b) {
		_, name, _ := bytes.Cut(b[8:len(b)-1], []byte{0})
		return net.JoinHostPort(string(name), port)
	}
	return net.JoinHostPort(netip.AddrFrom4([4]byte(b[4:8])).String(), port)
}
