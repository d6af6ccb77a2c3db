package proxyproto

import (
	"bytes"
	"net/netip"
	"strconv"
	"strings"
)

const (
	word    = "PROXY "
	maxLine = 107 // bytes of a header of version 1, with its end (section 2.1)
)

// parseLine reads a header of version 1, which is a line of text.
func parseLine(b []byte) (h Header, may bool) {
	if whole, may := begins(b, word); !whole {
		return h, may
	}
	end := bytes.IndexByte(b[:min(len(b), maxLine)], '\n')
	switch {
	case end < 0:
		return h, len(b) < maxLine
	case b[end-1] != '\r':
		return h, false
	}
	fields := strings.Split(string(b[:end-1]), " ")
	if last := fields[len(fields)-1]; len(fields) == 3 && strings.HasPrefix(last, "HTTP/") {
		return h, false // a request with a method of this name
	}
	h.Size = end + 1
	switch known, ok := h.addresses(fields[1:]); {
	case !ok:
		h.Fault = strconv.Quote(string(b[:end-1]))
	case !known:
		h.Client, h.Server = "", ""
	}
	return h, false
}

// addresses reads what stands behind the first word; it is not known whose the
// connection is if the sender does not tell.
func (h *Header) addresses(fields []string) (known, ok bool) {
	if fields[0] == "UNKNOWN" {
		return false, true
	}
	if len(fields) != 5 {
		return false, false
	}
	client, okClient := tcp(fields[0], fields[1], fields[3])
	server, okServer := tcp(fields[0], fields[2], fields[4])
	if !okClient || !okServer {
		return false, false
	}
	h.Client, h.Server = client, server
	return true, true
}

// tcp returns one end of a connection, whose family is called so.
func tcp(family, addr, port string) (string, bool) {
	a, err := netip.ParseAddr(addr)
	n, errPort := strconv.ParseUint(port, 10, 16)
	if err != nil || errPort != nil || family != "TCP4" && family != "TCP6" || a.Is4() != (family == "TCP4") || a.Zone() != "" {
		return "", false
	}
	return "tcp://" + netip.AddrPortFrom(a.Unmap(), uint16(n)).String(), true
}
