//go:build linux

package main

import (
	"bytes"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/socktrace/socktrace/internal/need"
)

// checkShark looks whether tshark finds the same requests, and answers, in the capture as
// was said without TLS.
func (c *overTLS) checkShark(t *testing.T, keys string, options ...string) {
	t.Helper()
	var want []string
	for _, x := range parseExchanges(t, readFile(t, c.live)) {
		want = append(want, fmt.Sprint(x.event["method"], " ", x.event["target"]), fmt.Sprint(x.event["status"]))
	}
	cmd := exec.Command(need.Program(t, "tshark"), append(options, "-r", c.capture, "-o", "tls.keylog_file:"+keys, "-d", "tcp.port=="+c.port+",tls", "-d", "tls.port=="+c.port+",http",
		"-Y", "http && !(http.response.code == 100)", "-T", "fields", "-E", "separator= ", "-E", "occurrence=f", "-e", "http.request.method", "-e", "http.request.uri", "-e", "http.response.code")...)
	cmd.Env = append(os.Environ(), "HOME="+t.TempDir(), "XDG_CONFIG_HOME=")
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("tshark: %v", err)
	}
	var got []string
	for line := range strings.Lines(string(out)) {
		if line = strings.TrimSpace(line); line != "" {
			got = append(got, line)
		}
	}
	slices.Sort(got)
	slices.Sort(want)
	checkLines(t, "what tshark finds", strings.Join(got, "\n"), strings.Join(want, "\n"))
}

// TestDockerPyKeyLog captures what docker-py says over TLS, with the key log that Python
// writes if it is asked to.
func TestDockerPyKeyLog(t *testing.T) {
	dockers(t)
	need.Program(t, "dumpcap")
	py := pythons(t)[0]
	for _, v := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		t.Run(tls.VersionName(v), func(t *testing.T) {
			t.Parallel()
			c := captureTLSTo(t, v)
			keys := filepath.Join(c.dir, "client.keys")
			env := environ("DOCKER_HOST=tcp://127.0.0.1:"+c.port, "DOCKER_TLS_VERIFY=1", "DOCKER_CERT_PATH="+c.dir, "SSLKEYLOGFILE="+keys, "REQUESTS_CA_BUNDLE="+filepath.Join(c.dir, "ca.pem")) // the last for machines that have others set
			got := launch(t, env, py.path, "testdata/dockerpy/over_tls.py", testImage, uniqueName()).end()
			check(t, "status", got.status, "exit status 0")
			if got.status != "exit status 0" {
				t.Fatal(got.err)
			}
			c.end(t, 0)
			c.checkRead(t, keys)
			c.checkShark(t, keys)
		})
	}
}

// findCurl returns a curl that writes key logs, or skips the test.
func findCurl(t *testing.T) string {
	t.Helper()
	curl := need.Program(t, "curl")
	if out, err := exec.Command(curl, "-V").Output(); err != nil || !strings.Contains(string(out), "OpenSSL") {
		need.Skip(t, "curl", errors.New("another one than that of OpenSSL may write no key log"))
	}
	return curl
}

// TestCurlKeyLog captures what curl says over TLS, with the key log that it writes.
func TestCurlKeyLog(t *testing.T) {
	docker, curl := dockers(t)[0], findCurl(t)
	need.Program(t, "dumpcap")
	for _, v := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		t.Run(tls.VersionName(v), func(t *testing.T) {
			t.Parallel()
			c := captureTLSTo(t, v)
			keys := filepath.Join(c.dir, "client.keys")
			box := docker.container(t, "sh", "-c", "echo one; echo two >&2; sleep 1000")
			upload := filepath.Join(c.dir, "upload")
			if err := os.WriteFile(upload, make([]byte, 100<<10), 0o600); err != nil {
				t.Fatal(err)
			}
			url := "https://127.0.0.1:" + c.port
			for _, args := range [][]string{
				{url + "/_ping", url + "/version", url + "/info"}, {"-I", url + "/_ping"}, {url + "/containers/" + box + "/json"}, {url + "/containers/nosuchcontainer/json"},
				{"--output", filepath.Join(c.dir, "logs"), url + "/containers/" + box + "/logs?stdout=1&stderr=1"},
				{"--compressed", url + "/images/json?all=1"}, {"-X", "POST", "-H", "Content-Type: application/json", "-d", `{"Cmd":["true"]}`, url + "/containers/" + box + "/exec"},
				{"-X", "PUT", "-H", "Expect: 100-continue", "--data-binary", "@" + upload, url + "/containers/nosuchcontainer/archive?path=/"},
			} {
				got := launch(t, environ("SSLKEYLOGFILE="+keys), curl, append([]string{"-q", "-sS", "--cacert", filepath.Join(c.dir, "ca.pem")}, args...)...).end()
				check(t, "status of curl "+strings.Join(args, " "), got.status, "exit status 0")
			}
			c.end(t, 6)
			c.checkRead(t, keys)
			c.checkShark(t, keys)
		})
	}
}

// suitesOfOpenSSL returns the suites that OpenSSL offers if it is not told which: their names
// in the standards, and what OpenSSL calls them.
func suitesOfOpenSSL(t *testing.T) map[string]string {
	t.Helper()
	out, err := exec.Command(need.Program(t, "openssl"), "ciphers", "-s", "-stdname").Output()
	if err != nil {
		t.Fatal(err)
	}
	all := make(map[string]string)
	for line := range strings.Lines(string(out)) {
		if f := strings.Fields(line); len(f) > 2 {
			all[f[0]] = f[2]
		}
	}
	return all
}

// wwwOfOpenSSL starts a server of OpenSSL that gives away what is in a folder, with
// certificates of both kinds, and returns its port.
func wwwOfOpenSSL(t *testing.T, dir string, args ...string) (port string) {
	t.Helper()
	openssl, certs := need.Program(t, "openssl"), t.TempDir()
	for name, key := range map[string][]string{"ec": {"ec", "-pkeyopt", "ec_paramgen_curve:P-256"}, "rsa": {"rsa:2048"}} {
		args := append([]string{"req", "-x509", "-nodes", "-subj", "/CN=" + name, "-keyout", certs + "/" + name + ".key", "-out", certs + "/" + name, "-newkey"}, key...)
		if out, err := exec.Command(openssl, args...).CombinedOutput(); err != nil {
			t.Fatalf("openssl req: %v\n%s", err, out)
		}
	}
	server := launch(t, func(c *exec.Cmd) { c.Dir = dir }, openssl, append([]string{"s_server", "-WWW", "-accept", "127.0.0.1:0",
		"-cert", certs + "/ec", "-key", certs + "/ec.key", "-dcert", certs + "/rsa", "-dkey", certs + "/rsa.key"}, args...)...)
	await(t, "the server of OpenSSL", func() bool {
		_, rest, _ := strings.Cut(server.out.String(), "ACCEPT 127.0.0.1:")
		at, _, whole := strings.Cut(rest, "\n")
		port = at
		return whole
	})
	return port
}

// TestCurlSuites has curl use each suite that OpenSSL offers: all are decrypted, by us and by
// tshark.
func TestCurlSuites(t *testing.T) {
	curl := findCurl(t)
	need.Program(t, "dumpcap")
	t.Parallel()
	dir := t.TempDir()
	const text = "what the server says\n"
	if err := os.WriteFile(filepath.Join(dir, "said"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	c := &overTLS{dir: dir, capture: filepath.Join(dir, "captured.pcapng"), live: filepath.Join(dir, "live.jsonl"), port: wwwOfOpenSSL(t, dir)}
	keys := filepath.Join(dir, "keys")
	c.dump = launch(t, nil, "dumpcap", "-q", "-i", "lo", "-f", "tcp port "+c.port, "-w", c.capture)
	c.dump.err.await(t, "File: ")
	suites := suitesOfOpenSSL(t)
	for name, called := range suites {
		args := []string{"-q", "-sS", "-k", "--http1.1", "--tls-max", "1.2", "--ciphers", called}
		if !strings.Contains(name, "_WITH_") {
			args = []string{"-q", "-sS", "-k", "--http1.1", "--tlsv1.3", "--tls13-ciphers", called}
		}
		got := launch(t, environ("SSLKEYLOGFILE="+keys), curl, append(args, "https://127.0.0.1:"+c.port+"/said")...).end()
		check(t, name, got.out+got.status, text+"exit status 0")
	}
	time.Sleep(2 * time.Second) // the kernel hands packets to dumpcap in batches
	c.dump.stop(syscall.SIGINT)
	read := socktrace(t, nil, "read", "--keylog", keys, "-f", "jsonl", "-o", c.live, c.capture).end()
	check(t, "status", read.status, "exit status 0")
	for line := range strings.Lines(readFile(t, c.live)) {
		var ev struct{ Event, Cipher, Opaque string }
		if err := json.Unmarshal([]byte(line), &ev); err != nil {
			t.Fatal(err)
		}
		if ev.Event != "tls" {
			continue
		}
		if ev.Opaque != "" || suites[ev.Cipher] == "" {
			t.Error(line)
		}
		delete(suites, ev.Cipher)
	}
	if len(suites) > 0 {
		t.Errorf("these were not seen: %v", suites)
	}
	for _, x := range parseExchanges(t, readFile(t, c.live)) {
		if body := x.event["response"].(map[string]any)["body"]; body != text || x.event["state"] != "done" {
			t.Error(x.event)
		}
	}
	// It does not know the end of TLS as that of a body.
	c.checkShark(t, keys, "-o", "http.desegment_body:false")
}

// TestSniffKeyLog captures live, with a key log that is empty when it begins: it grows while
// connections are read, which are known before their secrets are.
func TestSniffKeyLog(t *testing.T) {
	dir := t.TempDir()
	keys, text := filepath.Join(dir, "keys"), strings.Repeat("what the server says\n", 1000)
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, text) }))
	server.StartTLS()
	t.Cleanup(server.Close)
	_, port, _ := net.SplitHostPort(server.Listener.Addr().String())
	live := filepath.Join(dir, "live.jsonl")
	if err := os.WriteFile(keys, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	p := sniffing(t, "--port", port, "--keylog", keys, "-f", "jsonl", "-o", live)
	var secrets bytes.Buffer // of a client that writes them late
	const clients = 6
	for n := range clients {
		log, err := os.OpenFile(keys, os.O_APPEND|os.O_WRONLY, 0)
		if err != nil {
			t.Fatal(err)
		}
		client := &http.Client{Timeout: patience, Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true, MaxVersion: tls.VersionTLS12 + uint16(n)%2, KeyLogWriter: &secrets}}}
		for range 2 {
			answer, err := client.Get(fmt.Sprintf("%s/%d", server.URL, n))
			if err != nil {
				t.Fatal(err)
			}
			if got, err := io.ReadAll(answer.Body); string(got) != text {
				t.Fatal(err)
			}
			answer.Body.Close()
			if _, err := secrets.WriteTo(log); err != nil { // what is in between waits for it
				t.Fatal(err)
			}
		}
		client.CloseIdleConnections()
		log.Close()
	}
	await(t, "the end of all connections", func() bool { return len(eventsIn(t, live).of("close")) == clients })
	got := p.stop(os.Interrupt)
	check(t, "status", got.status, "exit status 0")
	exchanges := 0
	for _, x := range parseExchanges(t, readFile(t, live)) {
		exchanges++
		if body := x.event["response"].(map[string]any)["body"]; body != text || x.event["state"] != "done" {
			t.Error(x.event)
		}
	}
	check(t, "exchanges", exchanges, 2*clients)
	if strings.Contains(got.err, "not decrypted") {
		t.Error(got.err)
	}
}
