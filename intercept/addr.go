package intercept

import (
	"strings"
	"syscall"
)

// Addr is where a daemon listens, or where socktrace does.
type Addr struct {
	Network string // "unix", "tcp", "https" (TCP with TLS), "ssh" or "npipe" (of Windows)
	// Address is a path ("@name" for Linux's abstract sockets), "host:port[/base]",
	// "[user@]host[:port][/path]", or the path of a pipe, "//./pipe/name".
	Address string
}

// String returns the address as ParseAddr reads it, such as
// "unix:///run/docker.sock".
func (a Addr) String() string { return a.Network + "://" + a.Address }

// TCP reports whether it is reached by TCP, be it with TLS.
func (a Addr) TCP() bool { return a.Network == "tcp" || a.Network == "https" }

// HostPort returns the host and the port of an address on TCP: what is dialled.
func (a Addr) HostPort() string {
	hostPort, _, _ := strings.Cut(a.Address, "/")
	return hostPort
}

// Base returns the path of an address on TCP that its clients put before all that
// they ask for, such as "/base"; empty if there is none.
func (a Addr) Base() string {
	if !a.TCP() {
		return ""
	}
	return a.Address[len(a.HostPort()):]
}

// WithBase returns the address on TCP with another base path.
func (a Addr) WithBase(base string) Addr {
	return Addr{a.Network, a.HostPort() + base}
}

// dialled returns the network and the address as package net has them.
func (a Addr) dialled() (network, address string) {
	if a.TCP() {
		return "tcp", a.HostPort()
	}
	return a.Network, a.Address
}

// peer returns what a connection to it is known by: of TCP the host and the port.
func (a Addr) peer() string {
	network, address := a.dialled()
	return network + "://" + address
}

// Abstract reports whether everybody on the machine may connect to it, since it is a
// unix socket without a file.
func (a Addr) Abstract() bool { return a.Network == "unix" && isAbstract(a.Address) }

func isAbstract(path string) bool { return strings.HasPrefix(path, "@") }

// maxUnixPath is the longest path of a unix socket in bytes: what the system's
// sockaddr_un holds, without its final zero. 107 on Linux, 103 on darwin.
const maxUnixPath = len(syscall.RawSockaddrUnix{}.Path) - 1
