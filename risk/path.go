package risk

import (
	"path"
	"slices"
	"strings"
)

// sockets are the sockets of daemons that do what they are told as root, by the ends of
// their paths.
var sockets = []string{
	"docker.sock", "docker.raw.sock", "containerd.sock", "podman.sock", "buildkitd.sock", "crio.sock", "cri-dockerd.sock", "dockershim.sock",
	"containerd/containerd.sock.ttrpc", "lxd/unix.socket", "incus/unix.socket", "systemd/private", "dbus/system_bus_socket", "docker_engine",
}

// sensitive are folders that lead to the owner of a host, with all that is in them.
var sensitive = []string{
	"/etc", "/root", "/proc", "/sys", "/boot", "/dev", "/run", "/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/efi",
	"/var/lib/docker", "/var/lib/containerd", "/var/lib/containers", "/var/lib/kubelet", "/var/lib/etcd", "/var/lib/rancher", "/var/lib/systemd",
	"/var/lib/cloud", "/var/lib/dpkg", "/var/lib/lxc", "/var/lib/lxd", "/var/lib/incus", "/var/lib/machines", "/var/lib/snapd", "/var/lib/k0s",
	"/var/spool/cron", "/var/spool/at", "/var/backups", "/var/db", "/Library", "/System",
}

// alone are folders that do, but not all that is in them.
var alone = []string{"/var", "/var/lib", "/var/spool", "/home", "/Users", "/mnt/wsl", "/private"}

// dotted are folders and files of a user that have keys in them, or commands that are run.
var dotted = []string{
	".ssh", ".aws", ".azure", ".docker", ".kube", ".gnupg", ".config", ".local", ".password-store", ".netrc", ".git-credentials",
	".profile", ".bashrc", ".bash_profile", ".bash_login", ".bash_history", ".zshrc", ".zshenv", ".zprofile",
}

// harmless are files that containers often read of a host: which say nothing that
// others may not know.
var harmless = []string{
	"/etc/localtime", "/etc/timezone", "/etc/hostname", "/etc/hosts", "/etc/resolv.conf", "/etc/machine-id", "/etc/os-release", "/usr/lib/os-release",
	"/etc/ssl/certs", "/etc/ca-certificates", "/usr/share/ca-certificates", "/usr/share/zoneinfo",
}

// source judges a path of the host that a container gets.
func (f *found) source(at, p string, readOnly bool) {
	if f.hidden(at, p) {
		return
	}
	clean := real(p)
	says := at + " has " + p
	switch {
	case clean == "/":
		f.add(BindRoot, says)
		return
	case isSocket(clean):
		f.add(BindSocket, says)
		return
	}
	for _, socket := range f.reaching() {
		if clean == socket {
			f.add(BindSocket, says)
			return
		} else if strings.HasPrefix(socket, clean+"/") {
			f.add(BindSocket, says+", in which a socket of the daemon is")
		}
	}
	if isSensitive(clean) && !(readOnly && within(clean, harmless)) {
		f.add(BindSensitive, says)
	}
}

// relative judges a path that is one of where the daemon runs: that may be anything, and is
// often the root.
func (f *found) relative(at, p string) {
	f.add(Unjudged, at+" has "+p+", which is relative to where the daemon runs")
	f.source(at, p, false)
}

// optional judges a path of the host that a container gets to read, unless it is empty or one
// of some words.
func (f *found) optional(at, p string, but ...string) {
	switch {
	case p == "" || slices.Contains(but, p):
	case strings.HasPrefix(p, "/") || f.hidden(at, p):
		f.source(at, p, true)
	default:
		f.relative(at, p)
	}
}

// written judges the path of a file that is written on the host.
func (f *found) written(at, p string) {
	if strings.HasPrefix(p, "/") || f.hidden(at, p) {
		f.source(at, p, false)
	} else {
		f.optional(at, p)
	}
}

// real returns a path in one spelling of several: cleaned, and without what only stands
// for another. Links on the host are not known.
func real(p string) string {
	p = path.Clean("/" + strings.ReplaceAll(p, `\`, "/"))
	for _, prefix := range []string{"/host_mnt", "/private"} {
		if rest, is := strings.CutPrefix(p, prefix+"/"); is {
			p = "/" + rest
		} else if p == "/host_mnt" {
			return "/"
		}
	}
	if p == "/var/run" || strings.HasPrefix(p, "/var/run/") {
		p = strings.TrimPrefix(p, "/var")
	}
	return p
}

// reaching returns the sockets that lead to the daemon, in one spelling.
func (f *found) reaching() []string {
	if f.sockets != nil {
		return f.sockets
	}
	for _, socket := range f.known.Sockets {
		socket = real(socket)
		f.sockets = append(f.sockets, socket)
		if taken := placed(socket); taken != "" {
			f.sockets = append(f.sockets, taken)
		}
	}
	return f.sockets
}

// placed returns the path whose place socktrace has taken from a socket that is kept
// aside there; empty if this is none.
func placed(aside string) string {
	dir, name := path.Split(aside)
	if !isAside(name) {
		return ""
	}
	return dir + strings.TrimSuffix(name[1:], asideEnd)
}

// asideEnd is how the names of sockets end that are kept aside: see intercept.
const asideEnd = ".socktrace"

// isAside reports whether a daemon's own socket is called so while socktrace has its place.
func isAside(name string) bool {
	return strings.HasPrefix(name, ".") && strings.HasSuffix(name, asideEnd) && len(name) > len(".")+len(asideEnd)
}

// isSocket reports whether a path is that of a socket which is known by its name.
func isSocket(p string) bool {
	if isAside(path.Base(p)) {
		return true
	}
	for _, end := range sockets {
		if strings.HasSuffix(p, "/"+end) {
			return true
		}
	}
	return false
}

// isSensitive reports whether a folder or file leads to the owner of a host.
func isSensitive(p string) bool {
	for _, a := range alone {
		if p == a {
			return true
		}
	}
	if within(p, sensitive) {
		return true
	}
	for _, homes := range []string{"/home/", "/Users/"} {
		rest, is := strings.CutPrefix(p, homes)
		if !is {
			continue
		}
		_, inside, deeper := strings.Cut(rest, "/")
		if !deeper || within("/"+inside, rooted(dotted)) {
			return true
		}
	}
	return false
}

// rooted returns names as paths.
func rooted(names []string) (all []string) {
	for _, name := range names {
		all = append(all, "/"+name)
	}
	return all
}

// within reports whether a path is one of a list, or in one.
func within(p string, list []string) bool {
	for _, dir := range list {
		if p == dir || strings.HasPrefix(p, dir+"/") {
			return true
		}
	}
	return false
}
