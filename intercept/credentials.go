package intercept

import (
	"path"
	"path/filepath"
)

// credentialReaders are daemons that go by the user of the process that connects, as
// the kernel tells it (SO_PEERCRED, unix(7)), and not only by who may connect. Path is
// a pattern of the end of a socket's path, as path.Match has it.
var credentialReaders = []struct{ path, name string }{
	{"snapd.socket", "snapd"}, // snapd: daemon/ucrednet.go
	{"snapd-snap.socket", "snapd"},
	{"libvirt/*-sock", "libvirt"}, // libvirt: virNetSocketGetUNIXIdentity in src/rpc/virnetsocket.c
	{"libvirt/*-sock-ro", "libvirt"},
	{"daemon-socket/socket", "the Nix daemon"},  // nix.conf(5): trusted-users, allowed-users
	{"cups.sock", "CUPS"},                       // CUPS: PeerCred in scheduler/auth.c
	{"tailscaled.sock", "tailscaled"},           // Tailscale: ipn/ipnauth/ipnauth.go
	{"unix.socket.user", "Incus"},               // Incus: cmd/incus-user/proxy.go
	{"lxd-user/unix.socket", "LXD"},             // LXD: lxd-user/proxy.go
	{"dbus/system_bus_socket", "the D-Bus bus"}, // D-Bus Specification, authentication mechanism EXTERNAL
	{"user/*/bus", "the D-Bus bus"},
	{"systemd/private", "systemd"}, // speaks D-Bus
	{"pcscd.comm", "pcscd"},        // PC/SC Lite: src/auth.c
	{".s.PGSQL.*", "PostgreSQL"},   // PostgreSQL manual: Peer Authentication
	{"mysqld.sock", "MySQL"},       // MySQL manual: Socket Peer-Credential Pluggable Authentication
	{"mysql.sock", "MySQL"},
}

// ReadsCredentials returns the name of the daemon that listens at a, if that is one
// which is known to judge by the user of the process that connects: it then sees ours
// and not the client's. Empty: it is not known to.
func ReadsCredentials(a Addr) string {
	if a.Network != "unix" {
		return ""
	}
	dirs, rest := "", filepath.ToSlash(a.Address)
	for range 3 { // patterns are no longer
		dirs = path.Join(path.Base(rest), dirs)
		for _, d := range credentialReaders {
			if ok, _ := path.Match(d.path, dirs); ok {
				return d.name
			}
		}
		rest = path.Dir(rest)
	}
	return ""
}
