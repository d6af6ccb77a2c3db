package dockercli

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/intercept"
)

// dockerHome is a home directory with a docker configuration in it.
type dockerHome struct {
	t    *testing.T
	path string
}

func (h dockerHome) write(name string, content []byte) {
	h.t.Helper()
	path := filepath.Join(h.path, ".docker", name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		h.t.Fatal(err)
	}
	if err := os.WriteFile(path, content, 0o600); err != nil {
		h.t.Fatal(err)
	}
}

// context makes a context as "docker context create" does.
func (h dockerHome) context(name, endpoint string, tlsFiles map[string][]byte) {
	h.t.Helper()
	id := fmt.Sprintf("%x", sha256.Sum256([]byte(name)))
	h.write("contexts/meta/"+id+"/meta.json",
		fmt.Appendf(nil, `{"Name":%q,"Metadata":{},"Endpoints":{"docker":%s}}`, name, endpoint))
	for file, b := range tlsFiles {
		h.write("contexts/tls/"+id+"/docker/"+file, b)
	}
}

// unreadable makes a file of a context one that cannot be read.
func (h dockerHome) unreadable(name, file string) {
	h.t.Helper()
	path := filepath.Join(h.path, ".docker/contexts/tls", fmt.Sprintf("%x", sha256.Sum256([]byte(name))), "docker", file)
	if err := errors.Join(os.Remove(path), os.Mkdir(path, 0o700)); err != nil {
		h.t.Fatal(err)
	}
}

func TestUpstream(t *testing.T) {
	cert, key := selfSignedPEM(t)
	all := map[string][]byte{"ca.pem": cert, "cert.pem": cert, "key.pem": key}
	h := dockerHome{t, t.TempDir()}
	h.write("config.json", []byte(`{"currentContext":"remote"}`))
	h.context("remote", `{"Host":"tcp://remote:2376","SkipTLSVerify":false}`, all)
	h.context("lax", `{"Host":"tcp://lax:2376","SkipTLSVerify":true}`, nil)
	h.context("portless", `{"Host":"tcp://p/b"}`, all)
	h.context("https", `{"Host":"https://p:443"}`, nil)
	h.context("nohost", `{}`, nil)
	h.write("contexts/meta/"+contextID("k8s")+"/meta.json", []byte(`{"Name":"k8s","Endpoints":{"kubernetes":{}}}`))
	h.context("number", `{"Host":3}`, nil)
	h.context("plain", `{"Host":"tcp://plain","SkipTLSVerify":false}`, nil)
	h.context("rootless", `{"Host":"unix:///run/user/1000/docker.sock"}`, all)
	h.context("ssh", `{"Host":"ssh://me@far"}`, nil)
	h.context("pipe", `{"Host":"npipe:////./pipe/docker_engine"}`, nil)
	certs, empty, broken := t.TempDir(), t.TempDir(), t.TempDir()
	for name, b := range all {
		if err := os.WriteFile(filepath.Join(certs, name), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(broken, "config.json"), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}

	configured := func(text string) string {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "config.json"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return dir
	}
	blank, list, more := configured("\n"), configured("[]"), configured("{} {")
	large := configured("{" + strings.Repeat(" ", 16<<20) + "}")

	nothing := t.TempDir()
	if err := os.WriteFile(filepath.Join(nothing, "config.json"), []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	gone := t.TempDir()
	if err := os.WriteFile(filepath.Join(gone, "config.json"), []byte(`{"currentContext":"gone"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	unreadable := t.TempDir()
	if err := os.Mkdir(filepath.Join(unreadable, "key.pem"), 0o700); err != nil {
		t.Fatal(err)
	}
	notPEM := t.TempDir()
	if err := os.WriteFile(filepath.Join(notPEM, "ca.pem"), []byte("none"), 0o600); err != nil {
		t.Fatal(err)
	}
	h.context("unreadable", `{"Host":"tcp://u:1"}`, all)
	h.unreadable("unreadable", "cert.pem")
	h.context("noca", `{"Host":"tcp://n:1"}`, map[string][]byte{"ca.pem": []byte("none")})
	h.context("badpair", `{"Host":"tcp://n:1"}`, map[string][]byte{"cert.pem": cert, "key.pem": cert})
	h.context("certonly", `{"Host":"tcp://n:1"}`, map[string][]byte{"cert.pem": cert})
	h.context("keyonly", `{"Host":"tcp://n:1"}`, map[string][]byte{"key.pem": key})
	h.context("broken", "x", nil)
	h.context("badhost", `{"Host":"tcp://n:x"}`, nil)

	const local = "unix:///var/run/docker.sock"
	tests := []struct {
		env  string
		want string // describe of it, or the error after "error: "
	}{
		{"DOCKER_HOST=tcp://h:1", "tcp://h:1"},
		{"DOCKER_HOST=tcp://h:1 DOCKER_CONTEXT=lax", "tcp://h:1"},
		{"DOCKER_HOST=127.0.0.1", "tcp://127.0.0.1:2375"},
		{"DOCKER_HOST=unix://", local},
		{"DOCKER_HOST=/run/s", "tcp://localhost:2375/run/s"}, // as the CLI has it
		{"DOCKER_HOST=tcp://h:1/base", "tcp://h:1/base"},
		{"DOCKER_HOST=tcp://::1", "tcp://[::1]:2375"},
		{"DOCKER_HOST=https://h", "https://h:443 tls verify=h"},
		{"DOCKER_HOST=https://h DOCKER_TLS=1 DOCKER_CERT_PATH=" + certs, "https://h:443 tls cert"},
		{"DOCKER_HOST=https://[::1]:1/b DOCKER_TLS_VERIFY=1 DOCKER_CERT_PATH=" + certs, "https://[::1]:1/b tls verify=::1 ca cert"},
		{"DOCKER_HOST=fd://", `error: DOCKER_HOST: address "fd://": fd:// is a socket …ssh://[user@]host[:port][/path]`},
		{"", "tcp://remote:2376 tls verify=remote ca cert"},
		{"DOCKER_CONTEXT=lax", "tcp://lax:2376 tls"},
		{"DOCKER_CONTEXT=plain DOCKER_TLS=1", "tcp://plain:80"}, // no port is HTTP's
		{"DOCKER_CONTEXT=portless", "tcp://p:443/b tls verify=p ca cert"},
		{"DOCKER_CONTEXT=https", "tcp://p:443"}, // not encrypted, the CLI does not know it
		{"DOCKER_CONTEXT=nohost", local},
		{"DOCKER_CONTEXT=k8s", `error: docker context "k8s" of DOCKER_CONTEXT: it has no docker endpoint`},
		{"DOCKER_CONTEXT=rootless", "unix:///run/user/1000/docker.sock"},
		{"DOCKER_CONTEXT=ssh", "ssh://me@far by ssh -T -l me -o ConnectTimeout=30 -- far docker system dial-stdio"},
		{"DOCKER_HOST=ssh://far DOCKER_TLS=1", "ssh://far by ssh -T -o ConnectTimeout=30 -- far docker system dial-stdio"},
		{"DOCKER_CONTEXT=pipe", `error: docker context "pipe" of DOCKER_CONTEXT: address "npipe:////./pipe/docker_engine": only Windows …ssh://[user@]host[:port][/path]`},
		{"DOCKER_CONTEXT=nope", `error: docker context "nope" of DOCKER_CONTEXT: no such context`},
		{"DOCKER_CONTEXT=default", local},
		{"DOCKER_CONFIG=" + empty, local},
		{"DOCKER_CONFIG=" + broken, "error: " + filepath.Join(broken, "config.json") + ": it ends within its JSON"},
		{"DOCKER_CONFIG=" + blank, local}, // as the CLI takes it
		{"DOCKER_CONFIG=" + list, "error: " + filepath.Join(list, "config.json") + ": not an object but: array"},
		{"DOCKER_CONFIG=" + large, "error: " + filepath.Join(large, "config.json") + ": larger than 16 MiB"},
		{"DOCKER_CONFIG=" + more, local},
		{"DOCKER_CONFIG=" + empty + " DOCKER_TLS=1", "tcp://localhost:2376 tls"},
		{"DOCKER_CONFIG=" + empty + " DOCKER_TLS_VERIFY=1", "error: " + filepath.Join(empty, "ca.pem") + ": file does not exist"},
		{"DOCKER_HOST=tcp://h:1 DOCKER_CERT_PATH=" + certs, "tcp://h:1"},
		{"DOCKER_HOST=tcp://h:1 DOCKER_TLS=1 DOCKER_CERT_PATH=" + certs, "tcp://h:1 tls cert"},
		{"DOCKER_HOST=tcp://h:1 DOCKER_TLS_VERIFY=1 DOCKER_CERT_PATH=" + certs, "tcp://h:1 tls verify=h ca cert"},
		{"DOCKER_HOST=unix:///s DOCKER_TLS_VERIFY=1", "unix:///s"},
		{"DOCKER_HOST=tcp://h:1 DOCKER_TLS=1 DOCKER_CERT_PATH=" + unreadable, "error: read " + filepath.Join(unreadable, "key.pem") + ": …"},
		{"DOCKER_HOST=tcp://h:1 DOCKER_TLS_VERIFY=1 DOCKER_CERT_PATH=" + notPEM, "error: ca.pem: no certificate in it"},
		{"DOCKER_HOST=tcp://h:1 DOCKER_TLS=1 DOCKER_CERT_PATH=" + notPEM, "tcp://h:1 tls"}, // it is not looked at
		{"DOCKER_CONTEXT=unreadable", `error: docker context "unreadable" of DOCKER_CONTEXT: read …`},
		{"DOCKER_CONTEXT=noca", `error: docker context "noca" of DOCKER_CONTEXT: ca.pem: no certificate in it`},
		{"DOCKER_CONTEXT=broken", `error: docker context "broken" of DOCKER_CONTEXT: …meta.json: not JSON from byte 54 on`},
		{"DOCKER_CONTEXT=number", `error: docker context "number" of DOCKER_CONTEXT: …meta.json: Endpoints.Host is a number, not a string`},
		{"DOCKER_CONFIG=" + nothing, local},
		{"DOCKER_CONFIG=" + gone, `error: docker context "gone" of ` + filepath.Join(gone, "config.json") + ": no such context"},
		{"DOCKER_CONTEXT=badpair", `error: docker context "badpair" of DOCKER_CONTEXT: key.pem: no private key in it`},
		{"DOCKER_CONTEXT=certonly", "tcp://n:1 tls verify=n"},
		{"DOCKER_CONTEXT=keyonly", "tcp://n:1 tls verify=n"},
		{"DOCKER_CONTEXT=badhost", `error: docker context "badhost" of DOCKER_CONTEXT: address "tcp://n:x": malformed port "x"`},
		{"DOCKER_TLS=1 DOCKER_CONTEXT=default DOCKER_CONFIG=" + certs, "tcp://localhost:2376 tls cert"},
	}
	for _, test := range tests {
		u, err := Upstream(environ(test.env), h.path)
		if want, fails := strings.CutPrefix(test.want, "error: "); fails {
			if err == nil || !sameError(err.Error(), want) {
				t.Errorf("%s\ngot  %v, %v\nwant the error %s", test.env, u.Addr, err, want)
			}
		} else if err != nil || describe(u) != test.want {
			t.Errorf("%s\ngot  %s, %v\nwant %s", test.env, describe(u), err, test.want)
		}
	}
}

// environ is an environment of the variables in pairs.
func environ(pairs string) func(string) string {
	return func(name string) string {
		for _, pair := range strings.Fields(pairs) {
			if value, ok := strings.CutPrefix(pair, name+"="); ok {
				return value
			}
		}
		return ""
	}
}

// sameError says whether got is want, which may leave something out.
func sameError(got, want string) bool {
	before, after, cut := strings.Cut(want, "…")
	return got == want || cut && strings.HasPrefix(got, before) && strings.HasSuffix(got, after)
}

func describe(u intercept.Upstream) string {
	s := u.Addr.String()
	if u.Command != nil {
		s += " by " + strings.Join(u.Command, " ")
	}
	if u.TLS == nil {
		return s
	}
	s += " tls"
	if !u.TLS.InsecureSkipVerify {
		s += " verify=" + u.TLS.ServerName
	}
	if u.TLS.RootCAs != nil {
		s += " ca"
	}
	if len(u.TLS.Certificates) > 0 {
		s += " cert"
	}
	return s
}

// selfSignedPEM returns a certificate and its key.
func selfSignedPEM(t *testing.T) (cert, key []byte) {
	t.Helper()
	s := httptest.NewTLSServer(nil)
	defer s.Close()
	pair := s.TLS.Certificates[0]
	der, err := x509.MarshalPKCS8PrivateKey(pair.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: pair.Certificate[0]}),
		pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
}
