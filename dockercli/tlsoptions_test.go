package dockercli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/intercept"
)

// TestTLSOptions has flags mean what those of the docker CLI mean, above the
// environment and contexts.
func TestTLSOptions(t *testing.T) {
	cert, key := selfSignedPEM(t)
	h := dockerHome{t, t.TempDir()}
	h.context("remote", `{"Host":"tcp://remote:2376"}`, map[string][]byte{"ca.pem": cert, "cert.pem": cert, "key.pem": key})
	h.context("plain", `{"Host":"tcp://plain:1"}`, nil)
	h.context("ssh", `{"Host":"ssh://far"}`, nil)
	dir, empty := t.TempDir(), t.TempDir()
	for name, b := range map[string][]byte{"ca.pem": cert, "cert.pem": cert, "key.pem": key, "none.pem": nil} {
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	in := func(name string) string { return filepath.Join(dir, name) }
	gone := filepath.Join(empty, "x.pem")
	yes, no := true, false
	const host = "DOCKER_HOST=tcp://h:1"
	for _, c := range []struct {
		env  string
		o    TLSOptions
		want string
	}{
		{host, TLSOptions{}, "tcp://h:1"},
		{host, TLSOptions{TLS: &yes}, "tcp://h:1 tls"},
		{host, TLSOptions{TLS: &yes, CA: in("ca.pem")}, "tcp://h:1 tls ca"},
		{host + " DOCKER_CERT_PATH=" + dir, TLSOptions{TLS: &yes}, "tcp://h:1 tls cert"},
		{host + " DOCKER_CERT_PATH=" + dir, TLSOptions{Verify: &yes}, "tcp://h:1 tls verify=h ca cert"},
		{host + " DOCKER_CERT_PATH=" + dir, TLSOptions{Verify: &no}, "tcp://h:1 tls cert"},
		{host + " DOCKER_CERT_PATH=" + empty, TLSOptions{Verify: &yes}, "error: " + filepath.Join(empty, "ca.pem") + ": no such file or directory"},
		{host + " DOCKER_CERT_PATH=" + empty, TLSOptions{Verify: &yes, CA: in("ca.pem")}, "tcp://h:1 tls verify=h ca"},
		{host + " DOCKER_TLS_VERIFY=1 DOCKER_CERT_PATH=" + empty, TLSOptions{CA: in("ca.pem")}, "tcp://h:1 tls verify=h ca"},
		{host + " DOCKER_TLS_VERIFY=1", TLSOptions{TLS: &no, CA: in("ca.pem")}, "tcp://h:1 tls verify=h ca"},
		{host + " DOCKER_TLS=1", TLSOptions{Name: "db"}, "tcp://h:1 tls"},
		{host, TLSOptions{Verify: &yes, CA: in("ca.pem"), Name: "db"}, "tcp://h:1 tls verify=db ca"},
		{host, TLSOptions{Verify: &yes, CA: in("ca.pem"), Cert: in("cert.pem"), Key: in("key.pem")}, "tcp://h:1 tls verify=h ca cert"},
		{host, TLSOptions{Verify: &yes, CA: gone}, "error: " + gone + ": no such file or directory"},
		{host, TLSOptions{Verify: &yes, CA: in("none.pem")}, "error: " + in("none.pem") + ": no certificate in it"},
		{host, TLSOptions{TLS: &yes, Cert: gone, Key: in("key.pem")}, "error: " + gone + ": no such file or directory"},
		{host + " DOCKER_CERT_PATH=" + empty, TLSOptions{TLS: &yes, Cert: in("cert.pem")}, "error: " + filepath.Join(empty, "key.pem") + ": no such file or directory"},
		{host, TLSOptions{TLS: &yes, Cert: in("cert.pem"), Key: in("cert.pem")}, "error: " + in("cert.pem") + ": no private key in it"},
		{host, TLSOptions{CA: in("ca.pem")}, "error: without --tlsverify, or --tls, no TLS is spoken"},
		{"", TLSOptions{TLS: &yes}, "tcp://localhost:2376 tls"},
		{"DOCKER_HOST=unix:///s", TLSOptions{TLS: &yes}, "error: unix:///s is spoken to without TLS"},
		{"DOCKER_CONTEXT=ssh", TLSOptions{TLS: &yes}, "error: ssh://far is spoken to without TLS"},
		{"DOCKER_CONTEXT=nope", TLSOptions{TLS: &yes}, `error: docker context "nope" of DOCKER_CONTEXT: no such context`},
		{"DOCKER_CONTEXT=remote", TLSOptions{Name: "db"}, "tcp://remote:2376 tls verify=db ca cert"},
		{"DOCKER_CONTEXT=remote", TLSOptions{Verify: &no}, "tcp://remote:2376 tls ca cert"},
		{"DOCKER_CONTEXT=plain", TLSOptions{Verify: &yes, CA: in("ca.pem")}, "tcp://plain:1 tls verify=plain ca"},
	} {
		getenv := func(name string) string {
			for _, pair := range strings.Fields(c.env) {
				if value, ok := strings.CutPrefix(pair, name+"="); ok {
					return value
				}
			}
			return ""
		}
		u, err := c.o.Find(getenv, h.path, func(getenv func(string) string) (intercept.Upstream, error) { return Upstream(getenv, h.path) })
		got := describe(u)
		if err != nil {
			got = "error: " + err.Error()
		}
		if got != c.want {
			t.Errorf("%s %+v\ngot  %s\nwant %s", c.env, c.o, got, c.want)
		}
	}
}
