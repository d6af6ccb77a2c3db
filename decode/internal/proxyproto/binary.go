package proxyproto

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"net/netip"
)

const (
	signature = "\r\n\r\n\x00\r\nQUIT\n"
	fixed     = 16 // bytes up to the addresses
)

// The commands: the proxy speaks for itself, or for a client.
const (
	local   = 0
	proxied = 1
)

// families are the kinds of addresses, by the byte that names family and
// transport (section 2.2): how long two of them with their ports are, and what
// reads one.
var families = map[byte]struct {
	size int
	end  func(b []byte, server bool) string
}{
	0x11: {12, func(b []byte, server bool) string { return "tcp://" + internet(b, 4, server) }},
	0x12: {12, func(b []byte, server bool) string { return "udp://" + internet(b, 4, server) }},
	0x21: {36, func(b []byte, server bool) string { return "tcp://" + internet(b, 16, server) }},
	0x22: {36, func(b []byte, server bool) string { return "udp://" + internet(b, 16, server) }},
	0x31: {2 * socketPath, unix},
	0x32: {2 * socketPath, unix},
}

// parseBinary reads a header of version 2. What stands behind the addresses are
// extensions, which are of no use here: they are skipped.
func parseBinary(b []byte) (h Header, may bool) {
	if whole, may := begins(b, signature); !whole {
		return h, may
	}
	if len(b) > len(signature) && b[len(signature)]>>4 != 2 {
		return h, false
	}
	if len(b) < fixed {
		return h, true
	}
	size := fixed + int(binary.BigEndian.Uint16(b[14:]))
	if len(b) < size {
		return h, true
	}
	h.Size = size
	command, body := b[12]&0x0f, b[fixed:size]
	family, known := families[b[13]]
	switch {
	case command == local, command == proxied && b[13] == 0:
	case command != proxied:
		h.Fault = fmt.Sprintf("command %d is not known", command)
	case !known:
		h.Fault = fmt.Sprintf("address family %#x is not known", b[13])
	case len(body) < family.size:
		h.Fault = fmt.Sprintf("%d bytes are too few for addresses of family %#x", len(body), b[13])
	default:
		h.Client, h.Server = family.end(body, false), family.end(body, true)
	}
	return h, false
}

// internet returns an end on the internet: both addresses of n bytes stand before
// both ports.
func internet(b []byte, n int, server bool) string {
	addr, port := b[:n], b[2*n:]
	if server {
		addr, port = b[n:], b[2*n+2:]
	}
	a, _ := netip.AddrFromSlice(addr[:n])
	return netip.AddrPortFrom(a.Unmap(), binary.BigEndian.Uint16(port)).String()
}

// socketPath is how long the path of a unix socket is.
const socketPath = 108

// unix returns an end that is a unix socket; it may have no name.
func unix(b []byte, server bool) string {
	path := b[:socketPath]
	if server {
		path = b[socketPath : 2*socketPath]
	}
	abstract := path[0] == 0
	name, _, _ := bytes.Cut(bytes.TrimPrefix(path, []byte{0}), []byte{0})
	switch {
	case len(name) == 0:
		return ""
	case abstract:
		return "unix://@" + string(name)
	}
	return "unix://" + string(name)
}
