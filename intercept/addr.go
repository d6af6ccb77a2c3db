package intercept

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
	"syscall"
)

// Addr is where a daemon listens, or where socktrace does.
type Addr struct {
	Network string // "unix", "tcp" or "ssh"
	// Address is a path ("@name" for Linux's abstract sockets), "host:port",
	// or "[user@]host[:port][/path]".
	Address string
}

// String returns the address as ParseAddr reads it, such as
// "unix:///run/docker.sock".
func (a Addr) String() string { return a.Network + "://" + a.Address }

// maxUnixPath is the longest path of a unix socket in bytes: what the system's
// sockaddr_un holds, without its final zero. 107 on Linux, 103 on darwin.
const maxUnixPath = len(syscall.RawSockaddrUnix{}.Path) - 1

const (
	dockerPort   = "2375" // of a plain tcp:// address that names none
	acceptedForm = "want unix:///path, tcp://host:port or ssh://[user@]host[:port][/path]"
)

// ParseAddr reads an address: unix:///path (or unix://path, relative to the
// working directory), a path that begins with "/", "./" or "../",
// tcp://host:port, http://host:port, host:port, and
// ssh://[user@]host[:port][/path]. The port of tcp:// is 2375 if none is given.
func ParseAddr(s string) (Addr, error) {
	a, err := parseAddr(s)
	if err != nil {
		return Addr{}, fmt.Errorf("address %q: %w", s, err)
	}
	return a, nil
}

func parseAddr(s string) (Addr, error) {
	scheme, rest, ok := strings.Cut(s, "://")
	if !ok {
		switch {
		case strings.HasPrefix(s, "/"), strings.HasPrefix(s, "./"), strings.HasPrefix(s, "../"):
			return parseUnix(s)
		case strings.Contains(s, ":"):
			return parseTCP(s, dockerPort)
		}
		return Addr{}, errors.New(acceptedForm)
	}
	switch scheme {
	case "unix":
		return parseUnix(rest)
	case "tcp":
		return parseTCP(rest, dockerPort)
	case "http":
		return parseTCP(rest, "80")
	case "ssh":
		return parseSSH(rest)
	case "https":
		return Addr{}, errors.New("TLS is not part of an address; " + acceptedForm)
	case "fd":
		return Addr{}, errors.New("fd:// is a socket that systemd hands to a daemon, nothing to connect to; " + acceptedForm)
	case "npipe":
		return Addr{}, errors.New("named pipes are not supported; " + acceptedForm)
	}
	return Addr{}, fmt.Errorf("unknown scheme %q; %s", scheme, acceptedForm)
}

func parseUnix(path string) (Addr, error) {
	switch {
	case path == "", path == "@":
		return Addr{}, errors.New("no path; " + acceptedForm)
	case strings.HasSuffix(path, "/"):
		return Addr{}, errors.New("path of a directory, not of a socket")
	case strings.ContainsRune(path, 0):
		return Addr{}, errors.New("zero byte in path")
	}
	return Addr{"unix", path}, nil
}

func parseTCP(s, defaultPort string) (Addr, error) {
	s = strings.TrimSuffix(s, "/")
	switch {
	case strings.Contains(s, "/"):
		return Addr{}, errors.New("a path after the port is not supported")
	case strings.ContainsAny(s, "@?# "):
		return Addr{}, errors.New("want only host:port after tcp://")
	case s == "":
		s = "localhost"
	}
	host, port, err := net.SplitHostPort(s)
	if err != nil { // no port, or not an address at all
		host, port, err = net.SplitHostPort(s + ":" + defaultPort)
	}
	if err != nil {
		return Addr{}, errors.New("malformed host or port; " + acceptedForm)
	}
	if _, err := strconv.ParseUint(port, 10, 16); err != nil {
		return Addr{}, fmt.Errorf("malformed port %q", port)
	}
	return Addr{"tcp", net.JoinHostPort(host, port)}, nil
}

func parseSSH(s string) (Addr, error) {
	s = strings.TrimRight(s, "/")
	u, err := url.Parse("ssh://" + s)
	if err != nil {
		return Addr{}, cause(err)
	}
	_, password := u.User.Password()
	switch {
	case u.Hostname() == "":
		return Addr{}, errors.New("no host; " + acceptedForm)
	case strings.HasPrefix(u.Hostname(), "-"):
		return Addr{}, errors.New("a host does not begin with a dash")
	case password:
		return Addr{}, errors.New("a password in an address is not supported")
	case u.RawQuery != "", u.Fragment != "":
		return Addr{}, errors.New("want nothing after the path")
	}
	return Addr{"ssh", s}, nil
}
