package intercept

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"runtime"
	"strconv"
	"strings"
	"unicode"
)

const (
	dockerPort   = "2375" // of a plain tcp:// address that names none
	acceptedForm = "want unix:///path, tcp://host:port[/base], https://host[:port] or ssh://[user@]host[:port][/path]"
)

// ParseAddr reads an address: unix:///path (or unix://path, relative to the
// working directory; unix://@name for an abstract socket), a path that begins with
// "/", "./" or "../", tcp://host:port[/base], http://host, https://host, host:port,
// ssh://[user@]host[:port][/path], and npipe:////./pipe/name. docker-py's
// http+unix:// is unix://. The port of tcp:// is 2375 if none is given. It is an
// error if this system has no such sockets.
func ParseAddr(s string) (Addr, error) {
	a, err := parseAddr(s, runtime.GOOS)
	if err != nil {
		return Addr{}, fmt.Errorf("address %q: %w", s, err)
	}
	return a, nil
}

func parseAddr(s, system string) (Addr, error) {
	scheme, rest, ok := strings.Cut(s, "://")
	if !ok {
		switch {
		case strings.HasPrefix(s, "/"), strings.HasPrefix(s, "./"), strings.HasPrefix(s, "../"):
			return parseUnix(s, system)
		case strings.Contains(s, ":"):
			return parseTCP("tcp", s, dockerPort)
		}
		return Addr{}, errors.New(acceptedForm)
	}
	switch scheme {
	case "unix":
		return parseUnix(rest, system)
	case "http+unix":
		if path, err := url.PathUnescape(rest); err == nil && strings.HasPrefix(rest, "%2") {
			rest = path // as requests-unixsocket has it
		}
		return parseUnix(rest, system)
	case "tcp":
		return parseTCP("tcp", rest, dockerPort)
	case "http":
		return parseTCP("tcp", rest, "80")
	case "https":
		return parseTCP("https", rest, "443")
	case "ssh":
		return parseSSH(rest)
	case "npipe":
		return parsePipe(rest, system)
	case "fd":
		return Addr{}, errors.New("fd:// is a socket that systemd hands to a daemon, nothing to connect to; " + acceptedForm)
	}
	return Addr{}, fmt.Errorf("unknown scheme %q; %s", scheme, acceptedForm)
}

func parseUnix(path, system string) (Addr, error) {
	switch {
	case path == "", path == "@":
		return Addr{}, errors.New("no path; " + acceptedForm)
	case strings.ContainsRune(path, 0):
		return Addr{}, errors.New("zero byte in path")
	case isAbstract(path) && system != "linux":
		return Addr{}, errors.New("only Linux has abstract sockets; a file whose name begins with @ is unix://./" + path)
	case strings.HasSuffix(path, "/") && !isAbstract(path):
		return Addr{}, errors.New("path of a directory, not of a socket")
	}
	return Addr{"unix", path}, nil
}

func parsePipe(path, system string) (Addr, error) {
	name, ok := strings.CutPrefix(strings.ReplaceAll(path, `\`, "/"), "//./pipe/")
	switch {
	case system != "windows":
		return Addr{}, errors.New("only Windows has named pipes; " + acceptedForm)
	case !ok, name == "", strings.ContainsRune(name, 0):
		return Addr{}, errors.New("want npipe:////./pipe/name")
	}
	return Addr{"npipe", "//./pipe/" + name}, nil
}

func parseTCP(network, s, defaultPort string) (Addr, error) {
	if meant := twoSlashes(s); meant != "" {
		return Addr{}, fmt.Errorf("did you mean %s?", meant)
	}
	s, base, _ := strings.Cut(s, "/")
	if base = strings.TrimRight(base, "/"); base != "" {
		base = "/" + base
	}
	switch {
	case strings.Contains(s, "@"):
		return Addr{}, errors.New("a name before the host is not supported")
	case strings.ContainsFunc(s+base, func(r rune) bool { return r <= ' ' || r == '?' || r == '#' || unicode.IsControl(r) }):
		return Addr{}, fmt.Errorf("want only host:port[/base] after %s://", network)
	case s == "":
		s = "localhost"
	}
	host, port, err := splitHostPort(s, defaultPort)
	if err != nil {
		return Addr{}, err
	}
	return Addr{network, net.JoinHostPort(host, port) + base}, nil
}

// twoSlashes returns what is meant by an address that lacks them behind its scheme, such as
// unix:/path; empty if that is not so.
func twoSlashes(s string) string {
	scheme, rest, ok := strings.Cut(s, ":")
	port, _, slash := strings.Cut(rest, "/") // a host may have the name of a scheme
	isPort := strings.Trim(port, "0123456789") == "" && (port != "" || !slash)
	if path := strings.TrimLeft(rest, "/"); ok && path != "" && !isPort {
		switch scheme {
		case "unix":
			return "unix:///" + path
		case "tcp", "http", "https", "ssh":
			return scheme + "://" + path
		}
	}
	return ""
}

// splitHostPort takes apart a host and its port, or the default one. Addresses of
// IPv6 need no brackets if there is no port; their zone may be escaped, as in a URL
// (RFC 6874).
func splitHostPort(s, defaultPort string) (host, port string, err error) {
	if _, err := netip.ParseAddr(s); err == nil && !strings.ContainsAny(s, "[]%") {
		return s, defaultPort, nil
	}
	host, port, err = net.SplitHostPort(s)
	if err != nil { // no port, or not an address at all
		host, port, err = net.SplitHostPort(s + ":" + defaultPort)
	}
	if err != nil {
		return "", "", errors.New("malformed host or port; " + acceptedForm)
	}
	if ip, zone, ok := strings.Cut(host, "%25"); ok && strings.Contains(ip, ":") && zone != "" {
		host = ip + "%" + zone
	}
	if _, err := strconv.ParseUint(port, 10, 16); err != nil {
		return "", "", fmt.Errorf("malformed port %q", port)
	}
	return host, port, nil
}

func parseSSH(s string) (Addr, error) {
	s = escapeZone(strings.TrimRight(s, "/"))
	u, err := url.Parse("ssh://" + s)
	if err != nil {
		return Addr{}, errors.New(strings.TrimPrefix(cause(err).Error(), "net/url: "))
	}
	if port := u.Port(); port != "" {
		if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 {
			return Addr{}, fmt.Errorf("malformed port %q", port)
		}
	}
	_, password := u.User.Password()
	switch {
	case u.Hostname() == "":
		return Addr{}, errors.New("no host; " + acceptedForm)
	case strings.HasPrefix(u.User.Username(), "-"):
		return Addr{}, errors.New("a user does not begin with a dash")
	case strings.HasPrefix(u.Hostname(), "-"):
		return Addr{}, errors.New("a host does not begin with a dash")
	case password:
		return Addr{}, errors.New("a password in an address is not supported")
	case u.RawQuery != "", u.Fragment != "":
		return Addr{}, errors.New("want nothing after the path")
	}
	return Addr{"ssh", s}, nil
}

// escapeZone escapes the zone of an address of IPv6 in brackets, as URLs have it
// (RFC 6874).
func escapeZone(s string) string {
	host, rest, ok := strings.Cut(s, "]")
	before, zone, zoned := strings.Cut(host, "%")
	if !ok || !zoned || !strings.Contains(before, "[") || strings.HasPrefix(zone, "25") {
		return s
	}
	return before + "%25" + zone + "]" + rest
}
