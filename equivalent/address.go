package equivalent

import (
	"strings"

	"github.com/socktrace/socktrace/wire"
)

// usualSocket is where the daemon mostly listens.
const usualSocket = "unix:///var/run/docker.sock"

// forwardedSocket is what stands for a daemon that ssh has to reach.
const forwardedSocket = "/tmp/docker.sock"

// daemon is how to reach one.
type daemon struct {
	network, address string // "unix" and a path; "tcp" and a host with a port; "npipe" and a path
	note             string // what to know of it; may be empty
}

// daemonOf returns the daemon of an exchange.
func daemonOf(x *wire.Exchange, o Options) daemon {
	addr := o.Daemon
	if addr == "" && x.Conn != nil {
		addr = x.Conn.Server.Addr
	}
	var d daemon
	if addr == "" {
		addr = usualSocket
		d.note = "The daemon's address is not known: its usual socket stands in its place."
	}
	d.network, d.address, _ = strings.Cut(addr, "://")
	switch d.network {
	case "https":
		d.network = "tcp"
	case "ssh":
		host, path, named := strings.Cut(d.address, "/")
		if path = "/" + path; !named || path == "/" {
			path = strings.TrimPrefix(usualSocket, "unix://")
		}
		if name, port, ok := cutPort(host); ok {
			host = "-p " + port + " " + name
		}
		d.note = "First: ssh -nNT -L " + forwardedSocket + ":" + path + " " + host
		d.network, d.address = "unix", forwardedSocket
	}
	if d.network == "tcp" {
		d.address, _, _ = strings.Cut(d.address, "/") // the base path is in the target
	}
	return d
}

// cutPort cuts the port off "host:port".
func cutPort(hostPort string) (host, port string, ok bool) {
	i := strings.LastIndexByte(hostPort, ':')
	if i < 0 {
		return hostPort, "", false
	}
	return hostPort[:i], hostPort[i+1:], true
}
