package proctable

import (
	"strings"
	"testing"
)

func TestContainerOf(t *testing.T) {
	id, outer := strings.Repeat("0123456789abcdef", 4), strings.Repeat("fedcba9876543210", 4)
	for _, c := range []struct{ cgroup, runtime, id string }{
		{"0::/system.slice/docker-" + id + ".scope\n", "docker", id},
		{"0::/docker/" + id + "\n", "docker", id},
		{"0::/docker/" + id + "/init.scope\n", "docker", id},
		{"0::/docker/" + outer + "/docker/" + id + "\n", "docker", id},
		{"12:pids:/\n11:memory:/docker/" + id + "\n1:name=systemd:/docker/" + id, "docker", id},
		{"0::/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-" + id + ".scope/container\n", "podman", id},
		{"0::/machine.slice/libpod-" + id + ".scope\n", "podman", id},
		{"0::/libpod_parent/libpod-" + id + "\n", "podman", id},
		{"0::/machine.slice/libpod-conmon-" + id + ".scope\n", "", ""},
		{"0::/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-podabc.slice/cri-containerd-" + id + ".scope\n", "kubernetes", id},
		{"0::/kubepods/besteffort/pod8f/" + id + "\n", "kubernetes", id},
		{"0::/kubepods.slice/kubepods-pod1.slice/crio-" + id + ".scope\n", "cri-o", id},
		{"0::/system.slice/containerd.service/kubepods-burstable-pod1.slice:cri-containerd:" + id + "\n", "kubernetes", id},
		{"0::/default/" + id + "\n", "containerd", id},
		{"0::/../../docker-" + id + ".scope\n", "docker", id},
		{"0::/user.slice/user-1000.slice/session-2.scope\n", "", ""},
		{"0::/\n", "", ""},
		{"", "", ""},
		{"nonsense", "", ""},
		{"0::/docker/" + id[:63] + "\n", "", ""},
		{"0::/docker/" + strings.ToUpper(id) + "\n", "", ""},
	} {
		if runtime, got := containerOf(c.cgroup); runtime != c.runtime || got != c.id {
			t.Errorf("%q: %q %q, want %q %q", c.cgroup, runtime, got, c.runtime, c.id)
		}
	}
}
