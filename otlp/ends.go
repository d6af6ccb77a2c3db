package otlp

import (
	"net"
	"path"
	"strconv"
	"strings"

	"github.com/socktrace/socktrace/wire"
)

// appendEnds appends the attributes of both ends of a connection: where the server is, and
// which process the client. Of one that is carried by others, those of the outermost; where
// the daemon asks, that alone: the server, which is its client, has no address.
func appendEnds(dst []byte, c *wire.Conn) []byte {
	if c == nil {
		return dst
	}
	if reversed(c) {
		return appendTrue(dst, spanAttributes, "socktrace.reversed")
	}
	outer := c.Outermost()
	return appendProcess(appendServer(dst, outer.Server.Addr), spanAttributes, outer.Client)
}

// reversed reports whether the client is at the server's end of what carries all.
func reversed(c *wire.Conn) (is bool) {
	for ; c != nil && c.Parent.Conn != nil; c = c.Parent.Conn {
		is = is != c.Reversed
	}
	return is
}

// appendServer appends where the server is. On a unix socket that is its path.
func appendServer(dst []byte, addr string) []byte {
	network, rest, ok := strings.Cut(addr, "://")
	if !ok {
		return dst
	}
	switch network {
	case "unix", "npipe":
		transport := map[string]string{"unix": "unix", "npipe": "pipe"}[network]
		dst = appendString(dst, spanAttributes, "network.transport", transport)
		return appendText(dst, spanAttributes, "server.address", rest)
	case "tcp", "https":
		dst = appendString(dst, spanAttributes, "network.transport", "tcp")
	}
	rest, _, _ = strings.Cut(rest, "/")
	host, port, err := net.SplitHostPort(rest)
	if err != nil {
		return appendText(dst, spanAttributes, "server.address", rest)
	}
	dst = appendText(dst, spanAttributes, "server.address", host)
	return appendPort(dst, "server.port", port)
}

// appendPeer appends where the server is, as spans of clients have it: of those of servers, the
// client is the peer.
func appendPeer(dst []byte, c *wire.Conn) []byte {
	if c == nil || reversed(c) {
		return dst
	}
	network, rest, ok := strings.Cut(c.Outermost().Server.Addr, "://")
	if !ok {
		return dst
	}
	if network == "unix" || network == "npipe" {
		return appendText(dst, spanAttributes, "network.peer.address", rest)
	}
	rest, _, _ = strings.Cut(rest, "/")
	host, port, err := net.SplitHostPort(rest)
	if err != nil || net.ParseIP(host) == nil {
		return dst
	}
	return appendPort(appendString(dst, spanAttributes, "network.peer.address", host), "network.peer.port", port)
}

func appendPort(dst []byte, key, port string) []byte {
	n, err := strconv.ParseUint(port, 10, 16)
	if err != nil {
		return dst
	}
	return appendInt(dst, spanAttributes, key, int64(n))
}

// appendProcess appends which process the client is; of others than processes of this
// machine, its address.
func appendProcess(dst []byte, field protoNumber, p wire.Peer) []byte {
	if p.Process == nil {
		network, rest, _ := strings.Cut(p.Addr, "://")
		if host, _, err := net.SplitHostPort(rest); err == nil && network == "tcp" {
			dst = appendText(dst, field, "client.address", host)
		}
		return dst
	}
	dst = appendInt(dst, field, "process.pid", int64(p.Process.PID))
	if p.Process.UID >= 0 {
		dst = appendInt(dst, field, "process.user.id", int64(p.Process.UID))
	}
	return appendText(dst, field, "process.executable.name", path.Base(p.Process.Name))
}
