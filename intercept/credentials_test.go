package intercept

import (
	"path"
	"testing"
)

func TestReadsCredentials(t *testing.T) {
	for at, want := range map[Addr]string{
		{"unix", "/run/snapd.socket"}:                    "snapd",
		{"unix", "/run/libvirt/libvirt-sock"}:            "libvirt",
		{"unix", "/var/run/libvirt/virtqemud-sock-ro"}:   "libvirt",
		{"unix", "/nix/var/nix/daemon-socket/socket"}:    "the Nix daemon",
		{"unix", "/run/user/1000/bus"}:                   "the D-Bus bus",
		{"unix", "/var/run/postgresql/.s.PGSQL.5432"}:    "PostgreSQL",
		{"unix", "cups.sock"}:                            "CUPS",
		{"unix", "/run/docker.sock"}:                     "",
		{"unix", "/run/containerd/containerd.sock"}:      "",
		{"unix", "/run/podman/podman.sock"}:              "",
		{"unix", "/tmp/x-sock"}:                          "",
		{"unix", "@snapd.socket"}:                        "",
		{"tcp", "snapd.socket:1"}:                        "",
		{"unix", ""}:                                     "",
		{"unix", "/"}:                                    "",
		{"unix", "/var/lib/incus/unix.socket"}:           "",
		{"unix", "/var/snap/lxd/common/lxd/unix.socket"}: "",
		{"unix", "/var/lib/incus/unix.socket.user"}:      "Incus",
	} {
		if got := ReadsCredentials(at); got != want {
			t.Errorf("%v: %q, want %q", at, got, want)
		}
	}
	for _, d := range credentialReaders {
		if _, err := path.Match(d.path, ""); err != nil {
			t.Error(d, err)
		}
	}
}
