//go:build unix

package dockercli

import (
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestPipes waits for nobody who might write to what should be a file.
func TestPipes(t *testing.T) {
	h := dockerHome{t, t.TempDir()}
	h.write("contexts/meta/"+contextID("x")+"/y", nil)
	h.write("contexts/tls/"+contextID("tls")+"/docker/y", nil)
	h.context("tls", `{"Host":"tcp://n:1"}`, nil)
	for _, name := range []string{"config.json", "contexts/meta/" + contextID("x") + "/meta.json", "contexts/tls/" + contextID("tls") + "/docker/ca.pem"} {
		if err := syscall.Mkfifo(filepath.Join(h.path, ".docker", name), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for env, want := range map[string]string{
		"": "config.json: not a regular file", "DOCKER_CONTEXT=x": "meta.json: not a regular file", "DOCKER_CONTEXT=tls": "ca.pem: not a regular file",
		"DOCKER_CONTEXT=none": "no such context",
	} {
		if _, err := Upstream(environ(env), h.path); err == nil || !strings.HasSuffix(err.Error(), want) {
			t.Errorf("%s: %v, want %s", env, err, want)
		}
	}
}
