//go:build linux

package main

import (
	"crypto/tls"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/socktrace/socktrace/internal/need"
	"github.com/socktrace/socktrace/internal/testca"
	"github.com/socktrace/socktrace/internal/testpeer"
)

// endTLS listens for clients that speak TLS of one version, passes on what is inside to
// to, and writes a key log. It returns the port.
func endTLS(t *testing.T, ca *testca.CA, version uint16, keyLog, to string) (port string) {
	t.Helper()
	secrets, err := os.Create(keyLog)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { secrets.Close() })
	config := &tls.Config{Certificates: []tls.Certificate{ca.Issue("the daemon", testca.Local)}, MinVersion: version, MaxVersion: version,
		KeyLogWriter: secrets, NextProtos: []string{"http/1.1"}}
	_, port, _ = net.SplitHostPort(testpeer.Port(t, testpeer.Secure(config, func(c net.Conn) { passOn(c.(*tls.Conn), to) })))
	return port
}

// passOn joins two connections until both directions have ended.
func passOn(c *tls.Conn, to string) {
	up, err := net.Dial("tcp", to)
	if err != nil {
		return
	}
	defer up.Close()
	var both sync.WaitGroup
	both.Go(func() {
		io.Copy(up, c)
		up.(*net.TCPConn).CloseWrite()
		io.Copy(io.Discard, c.NetConn()) // the end of TLS is only that of a direction
		up.Close()
	})
	both.Go(func() {
		io.Copy(c, up)
		c.CloseWrite()
	})
	both.Wait()
}

// TestDockerKeyLog captures what the docker CLI says over TLS: with the key log the packets
// tell the same as what was said without TLS behind it, live and as HAR, times aside; also
// if the key log is in the capture.
func TestDockerKeyLog(t *testing.T) {
	docker := dockers(t)[0]
	need.Program(t, "dumpcap")
	for _, v := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		t.Run(tls.VersionName(v), func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			live, har, capture, keys := filepath.Join(dir, "live.jsonl"), filepath.Join(dir, "live.har"), filepath.Join(dir, "captured.pcapng"), filepath.Join(dir, "keys")
			addr := listenTCP(t, "--show-secrets", "-f", "jsonl", "-o", live, "--har", har)
			ca := testca.New(t, "ca")
			port := endTLS(t, ca, v, keys, strings.TrimPrefix(addr, "tcp://"))
			dump := launch(t, nil, "dumpcap", "-q", "-i", "lo", "-f", "tcp port "+port, "-w", capture)
			dump.err.await(t, "File: ")

			c := docker.container(t, "sh", "-c", "echo one; echo two >&2; sleep 1000")
			client := environ("DOCKER_HOST=tcp://127.0.0.1:"+port, "DOCKER_TLS_VERIFY=1", "DOCKER_CERT_PATH="+ca.Write("client", nil))
			for _, args := range [][]string{
				{"version"}, {"ps", "-a"}, {"logs", c}, {"inspect", c}, {"cp", c + ":/etc/passwd", "-"}, {"exec", c, "sh", "-c", "echo out; echo err >&2"},
				{"run", "--rm", "--network", "none", testImage, "echo", "hi"}, {"inspect", "--type", "container", "nosuchcontainer"},
			} {
				_ = launch(t, client, docker.path, args...).end()
			}
			await(t, "the end of all connections", func() bool {
				all := eventsIn(t, live)
				return len(all.of("open")) > 8 && len(all.of("open")) == len(all.of("close"))
			})
			time.Sleep(2 * time.Second) // the kernel hands packets to dumpcap in batches
			t.Log(dump.stop(syscall.SIGINT).err)

			want := parseExchanges(t, readFile(t, live))
			converted := filepath.Join(dir, "captured.har")
			read := socktrace(t, nil, "read", "--keylog", keys, "--show-secrets", "-f", "jsonl", "--har", converted, capture).end()
			check(t, "status", read.status, "exit status 0")
			checkSameTalk(t, "capture", parseExchanges(t, read.out), want)
			back := socktrace(t, nil, "read", "--show-secrets", "-f", "jsonl", converted).end()
			checkSameTalk(t, "its HAR", parseExchanges(t, back.out), parseExchanges(t, readFile(t, live)))

			injected := filepath.Join(dir, "injected.pcapng")
			if out, err := exec.Command(need.Program(t, "editcap"), "--inject-secrets", "tls,"+keys, capture, injected).CombinedOutput(); err != nil {
				t.Fatalf("editcap: %v\n%s", err, out)
			}
			inside := socktrace(t, nil, "read", "--show-secrets", "-f", "jsonl", injected).end()
			check(t, "with the key log inside", inside.out, read.out)
			for _, secret := range strings.Fields(readFile(t, keys)) {
				if len(secret) >= 64 && strings.Contains(read.out+read.err+readFile(t, converted), secret) {
					t.Error("key material is in an output")
				}
			}
			without := socktrace(t, nil, "read", "-f", "compact", capture).end()
			if !strings.Contains(without.out+without.err, "connections of TLS not decrypted") {
				t.Error(without.err)
			}
			other := filepath.Join(dir, "other")
			if err := os.WriteFile(other, regexp.MustCompile(`(?m)[0-9a-f]{8}$`).ReplaceAll([]byte(readFile(t, keys)), []byte("00000000")), 0o600); err != nil {
				t.Fatal(err)
			}
			wrong := socktrace(t, nil, "read", "--keylog", other, "-f", "text", capture).end()
			if !strings.Contains(wrong.out+wrong.err, "connections of TLS not decrypted") || !strings.Contains(wrong.out, "the secrets in the key log do not fit") || strings.Contains(wrong.out, "! lost") {
				t.Errorf("with secrets that do not fit:\n%s\n%s", wrong.out, wrong.err)
			}
		})
	}
}
