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
	tls              bool
	note             string // what to know of it; may be empty
}

// url returns the address as DOCKER_HOST has it.
func (d daemon) url() string { return d.network + "://" + d.address }

// addressOf returns where the daemon of an exchange is, as Docker's clients write it: a
// host may have a base path behind it, and "ssh" be the network.
func addressOf(x *wire.Exchange, o Options) daemon {
	d := daemon{tls: o.TLS}
	addr := o.Daemon
	if addr == "" && x.Conn != nil {
		addr = x.Conn.Server.Addr
	}
	if addr == "" {
		addr = usualSocket
		d.note = "The daemon's address is not known: its usual socket stands in its place."
	}
	var told bool
	d.network, d.address, told = strings.Cut(addr, "://")
	switch {
	case told:
	case strings.HasPrefix(addr, "/") || strings.HasPrefix(addr, "@"):
		d.network, d.address = "unix", addr
	default:
		d.network, d.address = "tcp", addr
	}
	switch d.network {
	case "https":
		d.network, d.tls = "tcp", true
	case "http":
		d.network = "tcp"
	}
	return d
}

// daemonOf returns the daemon of an exchange for those who connect to it themselves: by a
// socket that ssh forwards, if need be, and without a base path, which is in the target.
func daemonOf(x *wire.Exchange, o Options) daemon {
	d := addressOf(x, o)
	switch d.network {
	case "ssh":
		d.note = "First: " + forward(d.address)
		d.network, d.address, d.tls = "unix", forwardedSocket, false
	case "tcp":
		d.address, _, _ = strings.Cut(d.address, "/")
	}
	return d
}

// forward returns the command that makes forwardedSocket of the daemon at "host" or
// "host:port", or at a path behind these.
func forward(address string) string {
	host, path, named := strings.Cut(address, "/")
	if path = "/" + path; !named || path == "/" {
		path = strings.TrimPrefix(usualSocket, "unix://")
	}
	words := "ssh -nNT -L " + shellWord(forwardedSocket+":"+path)
	name, port, ok := cutPort(host)
	if ok {
		words += " -p " + shellWord(port)
	}
	if strings.HasPrefix(name, "-") { // else it would be an option
		words += " --"
	}
	return words + " " + shellWord(name)
}

// cutPort cuts the port off "host:port". The host of "[::1]:22" keeps its brackets.
func cutPort(hostPort string) (host, port string, ok bool) {
	i := strings.LastIndexByte(hostPort, ':')
	if i < 0 || strings.HasSuffix(hostPort, "]") || !strings.Contains(hostPort, "]") && strings.Count(hostPort, ":") > 1 {
		return hostPort, "", false
	}
	return hostPort[:i], hostPort[i+1:], true
}
