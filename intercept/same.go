package intercept

import (
	"net"
	"net/netip"
	"os"
	"path/filepath"
)

// Same reports whether a and b are one socket, as far as files and addresses of this machine
// tell: by links, also to one that is not there yet, and by the names of the loopback.
func (a Addr) Same(b Addr) bool {
	switch {
	case a == b:
		return true
	case a.TCP() && b.TCP():
		return sameTCP(a.HostPort(), b.HostPort())
	case a.Network != "unix" || b.Network != "unix" || a.Abstract() || b.Abstract():
		return false
	}
	return realPath(a.Address) == realPath(b.Address)
}

// maxFollowed is how many links Linux follows to a file (path_resolution(7)).
const maxFollowed = 40

// realPath returns where the links lead to that a path has in it. The file need not be there.
func realPath(path string) string {
	abs, err := filepath.Abs(path)
	if err != nil {
		return path
	}
	for range maxFollowed {
		target, err := os.Readlink(abs)
		if err != nil {
			break
		}
		if !filepath.IsAbs(target) {
			target = filepath.Join(filepath.Dir(abs), target)
		}
		abs = target
	}
	if dir, err := filepath.EvalSymlinks(filepath.Dir(abs)); err == nil {
		return filepath.Join(dir, filepath.Base(abs))
	}
	return filepath.Clean(abs)
}

// sameTCP compares two of host:port.
func sameTCP(a, b string) bool {
	hostA, portA, errA := net.SplitHostPort(a)
	hostB, portB, errB := net.SplitHostPort(b)
	if errA != nil || errB != nil || portA != portB {
		return false
	}
	all, here := hostsOf(hostA), hostsOf(hostB)
	for _, x := range all {
		for _, y := range here {
			if x == y || x.IsUnspecified() && y.IsLoopback() || y.IsUnspecified() && x.IsLoopback() {
				return true
			}
		}
	}
	return false
}

// hostsOf returns the addresses of a host that are known without asking anybody.
func hostsOf(host string) []netip.Addr {
	switch host {
	case "":
		return []netip.Addr{netip.IPv4Unspecified(), netip.IPv6Unspecified()}
	case "localhost":
		return []netip.Addr{netip.AddrFrom4([4]byte{127, 0, 0, 1}), netip.IPv6Loopback()}
	}
	ip, err := netip.ParseAddr(host)
	if err != nil {
		return nil
	}
	return []netip.Addr{ip.Unmap()}
}
