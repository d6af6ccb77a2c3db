package dockerapi

import (
	"strings"
	"testing"
)

// TestAsked: a path tells what it can ask for; parameters do not take what is fixed.
func TestAsked(t *testing.T) {
	for target, want := range map[string]string{
		"/containers/json?all=1":                 "ContainerList",
		"/v1.41/containers/abc/json":             "ContainerInspect",
		"/containers/{id}/archive":               "ContainerArchiveInfo ContainerArchive PutContainerArchive",
		"/containers/abc":                        "ContainerDelete",
		"/_ping":                                 "SystemPingHead SystemPing",
		"/images/registry.example/a/b:1/push":    "ImagePush",
		"/networks/abc":                          "NetworkInspect NetworkDelete",
		"/v4.0.0/libpod/containers/json":         "ContainerListLibpod",
		"http://localhost/v1.41/containers/json": "ContainerList",
		"http+unix://%2Fvar%2Frun%2Fdocker.sock/v1.41/containers/json":      "ContainerList",
		"http+unix:///var/run/docker.sock/v1.41/exec/abc/start":             "ExecStart",
		"http://unix:/var/run/docker.sock:/containers/abc/wait?condition=x": "ContainerWait",
		"/proxy/containers/json":          "ContainerList",
		"/nothing":                        "",
		"/":                               "",
		"":                                "",
		"/moby.buildkit.v1.Control/Solve": "",
	} {
		got := make(map[string]bool)
		for _, op := range Asked(target) {
			got[op.Name] = true
		}
		names := strings.Fields(want)
		for _, name := range names {
			if !got[name] {
				t.Errorf("%s: lacks %s", target, name)
			}
		}
		if len(got) != len(names) {
			t.Errorf("%s: got %v, want %q", target, got, want)
		}
	}
}
