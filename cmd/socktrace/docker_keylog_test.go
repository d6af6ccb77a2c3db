//go:build linux

package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"math/big"
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
)

// endTLS listens for clients that speak TLS of one version, passes on what is inside to
// to, and writes a key log, and beside it what they have to trust. It returns the port.
func endTLS(t *testing.T, version uint16, keyLog, to string) (port string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "the daemon"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(filepath.Dir(keyLog), "ca.pem"), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	for name, block := range map[string]*pem.Block{"cert.pem": {Type: "CERTIFICATE", Bytes: der}, "key.pem": {Type: "PRIVATE KEY", Bytes: pkcs8}} { // docker-py insists on them
		if err := os.WriteFile(filepath.Join(filepath.Dir(keyLog), name), pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	secrets, err := os.Create(keyLog)
	if err != nil {
		t.Fatal(err)
	}
	l, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{
		Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}, MinVersion: version, MaxVersion: version, KeyLogWriter: secrets, NextProtos: []string{"http/1.1"},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		l.Close()
		secrets.Close()
	})
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go passOn(c.(*tls.Conn), to)
		}
	}()
	_, port, _ = net.SplitHostPort(l.Addr().String())
	return port
}

// passOn joins two connections until both directions have ended.
func passOn(c *tls.Conn, to string) {
	defer c.Close()
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

// overTLS is a capture of what clients say over TLS to the daemon of the tests, and what was
// said without TLS behind that.
type overTLS struct {
	dir, port                string
	live, har, capture, keys string
	dump                     *process
}

// captureTLSTo starts a capture of a port that speaks TLS of one version, behind which
// socktrace stands before the daemon. The end of TLS writes a key log.
func captureTLSTo(t *testing.T, version uint16) *overTLS {
	t.Helper()
	dir := t.TempDir()
	in := func(name string) string { return filepath.Join(dir, name) }
	c := &overTLS{dir: dir, live: in("live.jsonl"), har: in("live.har"), capture: in("captured.pcapng"), keys: in("keys")}
	addr := listenTCP(t, "--show-secrets", "-f", "jsonl", "-o", c.live, "--har", c.har)
	c.port = endTLS(t, version, c.keys, strings.TrimPrefix(addr, "tcp://"))
	c.dump = launch(t, nil, "dumpcap", "-q", "-i", "lo", "-f", "tcp port "+c.port, "-w", c.capture)
	c.dump.err.await(t, "File: ")
	return c
}

// end waits until more than few connections have begun, and all of them ended, and ends the
// capture.
func (c *overTLS) end(t *testing.T, few int) {
	t.Helper()
	await(t, "the end of all connections", func() bool {
		all := eventsIn(t, c.live)
		return len(all.of("open")) > few && len(all.of("open")) == len(all.of("close"))
	})
	time.Sleep(2 * time.Second) // the kernel hands packets to dumpcap in batches
	t.Log(c.dump.stop(syscall.SIGINT).err)
}

// checkRead reads the capture with a key log: it tells what was said without TLS, also as
// HAR. It returns what was read.
func (c *overTLS) checkRead(t *testing.T, keys string) result {
	t.Helper()
	converted := filepath.Join(c.dir, "captured.har")
	read := socktrace(t, nil, "read", "--keylog", keys, "--show-secrets", "-f", "jsonl", "--har", converted, c.capture).end()
	check(t, "status", read.status, "exit status 0")
	checkSameTalk(t, "capture", parseExchanges(t, read.out), parseExchanges(t, readFile(t, c.live)))
	for _, file := range []string{c.har, converted} {
		back := socktrace(t, nil, "read", "--show-secrets", "-f", "jsonl", file).end()
		checkSameTalk(t, filepath.Base(file), parseExchanges(t, back.out), parseExchanges(t, readFile(t, c.live)))
	}
	for _, secret := range strings.Fields(readFile(t, keys)) {
		if len(secret) >= 64 && strings.Contains(read.out+read.err+readFile(t, converted), secret) {
			t.Error("key material is in an output")
		}
	}
	return read
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
			c := captureTLSTo(t, v)
			box := docker.container(t, "sh", "-c", "echo one; echo two >&2; sleep 1000")
			client := environ("DOCKER_HOST=tcp://127.0.0.1:"+c.port, "DOCKER_TLS_VERIFY=1", "DOCKER_CERT_PATH="+c.dir)
			for _, args := range [][]string{
				{"version"}, {"ps", "-a"}, {"logs", box}, {"inspect", box}, {"cp", box + ":/etc/passwd", "-"}, {"exec", box, "sh", "-c", "echo out; echo err >&2"},
				{"run", "--rm", "--network", "none", testImage, "echo", "hi"}, {"inspect", "--type", "container", "nosuchcontainer"},
			} {
				_ = launch(t, client, docker.path, args...).end()
			}
			c.end(t, 8)
			read := c.checkRead(t, c.keys)
			c.checkShark(t, c.keys)

			injected := filepath.Join(c.dir, "injected.pcapng")
			if out, err := exec.Command(need.Program(t, "editcap"), "--inject-secrets", "tls,"+c.keys, c.capture, injected).CombinedOutput(); err != nil {
				t.Fatalf("editcap: %v\n%s", err, out)
			}
			inside := socktrace(t, nil, "read", "--show-secrets", "-f", "jsonl", injected).end()
			check(t, "with the key log inside", inside.out, read.out)
			without := socktrace(t, nil, "read", "-f", "compact", c.capture).end()
			if !strings.Contains(without.out+without.err, "connections of TLS not decrypted") {
				t.Error(without.err)
			}
			other := filepath.Join(c.dir, "other")
			if err := os.WriteFile(other, regexp.MustCompile(`(?m)[0-9a-f]{8}$`).ReplaceAll([]byte(readFile(t, c.keys)), []byte("00000000")), 0o600); err != nil {
				t.Fatal(err)
			}
			wrong := socktrace(t, nil, "read", "--keylog", other, "-f", "text", c.capture).end()
			if !strings.Contains(wrong.out+wrong.err, "connections of TLS not decrypted") || !strings.Contains(wrong.out, "the secrets in the key log do not fit") || strings.Contains(wrong.out, "! lost") {
				t.Errorf("with secrets that do not fit:\n%s\n%s", wrong.out, wrong.err)
			}
		})
	}
}
