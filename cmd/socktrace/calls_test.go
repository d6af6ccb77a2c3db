//go:build unix

package main

import (
	"crypto/tls"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/internal/need"
	"github.com/socktrace/socktrace/internal/testca"
)

// TestCurlTLS runs the curl that is shown of a daemon that speaks TLS, by each way to say
// how: it gets what was got.
func TestCurlTLS(t *testing.T) {
	bash := need.Program(t, "bash")
	need.Program(t, "curl")
	t.Parallel()
	ca, home := testca.New(t, "ca"), t.TempDir()
	dir := ca.Write("us", nil)
	daemon := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "%s %s of %s\n", r.Method, r.RequestURI, r.TLS.PeerCertificates[0].Subject.CommonName)
	}))
	daemon.TLS = &tls.Config{Certificates: []tls.Certificate{ca.Issue("daemon", testca.Local)}, ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: ca.Pool}
	daemon.StartTLS()
	t.Cleanup(daemon.Close)
	addr := "tcp://" + daemon.Listener.Addr().String()
	files := []string{"--tlscacert", dir + "/ca.pem", "--tlscert", dir + "/cert.pem", "--tlskey", dir + "/key.pem"}
	for name, c := range map[string]struct {
		env, flags []string
	}{
		"flags":        {nil, append([]string{"--tlsverify"}, files...)},
		"environment":  {[]string{"DOCKER_TLS_VERIFY=1", "DOCKER_CERT_PATH=" + dir}, nil},
		"whoever":      {[]string{"DOCKER_CERT_PATH=" + dir}, []string{"--tls"}},
		"another name": {nil, append([]string{"--tlsverify", "--tlsservername", "localhost"}, files...)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(t.TempDir(), "trace.sh")
			args := append([]string{"run", "-f", "curl", "-o", file, "--upstream", addr}, c.flags...)
			args = append(args, "--", "sh", "-c", `curl -sS -X PUT --unix-socket "${DOCKER_HOST#unix://}" "http://docker/v1.41/info?a=it's"`)
			got := socktrace(t, clean(home, c.env...), args...).end()
			const want = "PUT /v1.41/info?a=it's of us\n"
			check(t, "what was got", got.out, want)
			again := launch(t, clean(home), bash, file).end()
			if again.out != want || !strings.HasPrefix(readFile(t, file), "# 1.1 PUT /v1.41/info?a=it's → 200\n") {
				t.Errorf("got %+v of\n%s", again, readFile(t, file))
			}
		})
	}
}

// TestScriptFormats: a script has nothing in it that is none, whatever else is asked for.
func TestScriptFormats(t *testing.T) {
	for format, check := range map[string][]string{"curl": {"bash", "-n"}, "python": {"python3", "-m", "py_compile"}} {
		t.Run(format, func(t *testing.T) {
			t.Parallel()
			need.Program(t, check[0])
			file := filepath.Join(t.TempDir(), "script")
			for range 2 { // the second takes the place of the first
				got := socktrace(t, nil, "demo", "-f", format, "--stats", "-o", file).end()
				if got.status != "exit status 0" || got.out != "" {
					t.Fatalf("%+v", got)
				}
			}
			if out, err := exec.Command(check[0], append(check[1:], file)...).CombinedOutput(); err != nil {
				t.Errorf("%v\n%s\n%s", err, out, readFile(t, file))
			}
			if text := readFile(t, file); !strings.Contains(text, "ContainerCreate") || strings.Contains(text, "\nsocktrace: ") || !strings.Contains(text, "\n# ContainerList") {
				t.Errorf("got %s", text)
			}
		})
	}
}
