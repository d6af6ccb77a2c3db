package strace

import (
	"bytes"
	"strconv"
)

// descriptor is one as strace prints it, and what it says it is of.
type descriptor struct {
	fd    int
	decor bool // something is said
	name  name // of a stream socket; zero if it is none
}

// name is what is said of a stream socket.
type name struct {
	inode uint64 // 0: not said
	peer  uint64 // of the socket at the other end; unix
	path  string // of the server; unix
	// local and remote are addresses of TCP, as host:port.
	local, remote string
	tcp           bool
}

func (n *name) isSocket() bool { return n.inode != 0 || n.local != "" }

// parseDescriptor reads an argument that is a descriptor: 3, 3<UNIX-STREAM:[12->13]>.
func parseDescriptor(b []byte) (d descriptor, ok bool) {
	v, n := number(b)
	if n == 0 || v < 0 || v > 1<<31 {
		return d, false
	}
	d.fd = int(v)
	if b = b[n:]; len(b) > 2 && b[0] == '<' && b[len(b)-1] == '>' {
		d.decor = true
		d.name = parseName(b[1 : len(b)-1])
	}
	return d, true
}

// parseName reads what is said of a descriptor: UNIX-STREAM:[12->13,"/run/x.sock"],
// TCP:[127.0.0.1:1->127.0.0.1:2], TCPv6:[[::1]:1->[::1]:2], socket:[12].
func parseName(b []byte) (s name) {
	if bytes.HasPrefix(b, []byte(`\x`)) { // -xx
		b = []byte(plain(b))
	}
	proto, rest, ok := bytes.Cut(b, []byte(":["))
	if !ok || len(rest) == 0 || rest[len(rest)-1] != ']' {
		return s
	}
	rest = rest[:len(rest)-1]
	switch string(proto) {
	case "UNIX-STREAM", "UNIX", "socket":
	case "TCP", "TCPv6":
		s.tcp = true
		if len(rest) > 2*maxAddress {
			return name{}
		}
		if local, remote, ok := bytes.Cut(rest, []byte("->")); ok {
			s.local, s.remote = string(local), string(remote)
			return s
		}
	default:
		return s
	}
	inode, behind := digits(rest)
	if inode == 0 || s.tcp && len(behind) > 0 { // it may be an address that is listened on
		if s.tcp {
			s.local = string(rest)
		}
		return s
	}
	s.inode = inode
	if r, ok := bytes.CutPrefix(behind, []byte("->")); ok {
		s.peer, behind = digits(r)
	}
	if r, ok := bytes.CutPrefix(behind, []byte(",")); ok {
		s.path = path(r)
	}
	return s
}

// maxAddress is how long an address is that is believed: that of a unix socket has 108
// bytes at most (unix(7)), and no address of IP with its zone and port as many. They are kept, so that longer ones
// would cost memory.
const maxAddress = 108

// digits reads the number that b begins with; 0 if there is none.
func digits(b []byte) (uint64, []byte) {
	n := 0
	for n < len(b) && b[n] >= '0' && b[n] <= '9' {
		n++
	}
	v, _ := strconv.ParseUint(string(b[:n]), 10, 64) // what is too large is none
	return v, b[n:]
}

// path reads the path of a unix socket: "/run/x.sock", or @"name" of an abstract one.
func path(b []byte) string {
	b, abstract := bytes.CutPrefix(b, []byte("@"))
	s, _, ok := unquote(nil, b)
	if !ok || len(s.data) == 0 || len(s.data) > maxAddress {
		return ""
	}
	if abstract {
		return "@" + string(s.data)
	}
	return string(s.data)
}

// address is what a sockaddr says: of unix a path, of TCP host:port.
type address struct {
	path string
	host string
}

// parseAddress reads a sockaddr, as in
//
//	{sa_family=AF_UNIX, sun_path="/run/docker.sock"}
func parseAddress(b []byte) (a address) {
	if len(b) < 2 || b[0] != '{' {
		return a
	}
	fields, _, _ := split(nil, b[1:])
	var port, host string
	for _, f := range fields {
		key, value, _ := bytes.Cut(f, []byte("="))
		switch string(key) {
		case "sun_path", "path":
			a.path = path(value)
		case "sin_port", "sin6_port":
			_, v, _ := bytes.Cut(value, []byte("("))
			n, _ := number(v)
			port = strconv.FormatInt(n, 10)
		case "sin_addr", "sin6_addr":
			host = firstString(value)
		default:
			if bytes.HasPrefix(f, []byte("inet_pton(AF_INET6")) {
				host = "[" + firstString(f) + "]"
			}
		}
	}
	if host != "" && port != "" && len(host) <= maxAddress {
		a.host = host + ":" + port
	}
	return a
}

// firstString returns the first string in b.
func firstString(b []byte) string {
	i := bytes.IndexByte(b, '"')
	if i < 0 {
		return ""
	}
	s, _, _ := unquote(nil, b[i:])
	return string(s.data)
}
