//go:build unix

package main

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/socktrace/socktrace/internal/handshake"
	"github.com/socktrace/socktrace/internal/need"
	"github.com/socktrace/socktrace/internal/testca"
	"github.com/socktrace/socktrace/internal/testpeer"
	"github.com/socktrace/socktrace/wire"
)

// clean runs a program without what the environment says of docker and TLS, in an
// empty home, with these variables.
func clean(home string, pairs ...string) func(*exec.Cmd) {
	return func(c *exec.Cmd) {
		for _, kv := range os.Environ() {
			name, _, _ := strings.Cut(kv, "=")
			switch name {
			case "HOME", "XDG_CONFIG_HOME", "SSLKEYLOGFILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE":
				continue
			}
			if !strings.HasPrefix(name, "DOCKER_") {
				c.Env = append(c.Env, kv)
			}
		}
		c.Env = append(append(c.Env, "HOME="+home), pairs...)
	}
}

// tlsFakeDaemon answers pings over TLS, and returns its address.
func tlsFakeDaemon(t testing.TB, config *tls.Config) string {
	t.Helper()
	return "tcp://" + testpeer.Port(t, testpeer.Secure(config, pong))
}

// tlsListener starts socktrace listen on a port, and returns it with its address.
func tlsListener(t testing.TB, prepare func(*exec.Cmd), args ...string) (*process, string) {
	t.Helper()
	p := socktrace(t, prepare, append([]string{"listen", "--listen", "tcp://127.0.0.1:0"}, args...)...)
	p.err.await(t, "lets you do")
	_, rest, _ := strings.Cut(p.err.String(), "listening on ")
	addr, _, _ := strings.Cut(rest, " ")
	return p, addr
}

// dialTLS connects to an address with TLS.
func dialTLS(t testing.TB, addr string, config *tls.Config) *tls.Conn {
	t.Helper()
	c, err := net.Dial("tcp", strings.TrimPrefix(addr, "tcp://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	if err := c.SetDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	return tls.Client(c, config)
}

// TestTLSBothSides traces with TLS at both sides, client certificates asked for at
// both: every output tells the same of it, and the key log has the secrets of both.
func TestTLSBothSides(t *testing.T) {
	t.Parallel()
	ca, home := testca.New(t, "ca"), t.TempDir()
	addr := tlsFakeDaemon(t, &tls.Config{Certificates: []tls.Certificate{ca.Issue("dockerd", testca.Local)}, NextProtos: []string{"http/1.1"},
		ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: ca.Pool})
	ours := ca.Write("us", nil)
	keys := filepath.Join(t.TempDir(), "keys")
	r := recordingsIn(t.TempDir())
	p, at := tlsListener(t, clean(home, "DOCKER_CERT_PATH="+ours), append(r.flags(), "--upstream", addr, "--tlsverify",
		"--listen-tls", "auto", "--listen-tlscacert", ours+"/ca.pem", "--keylog", keys)...)
	for _, want := range []string{
		"made a CA of its own: " + home + "/", "try: docker --tlsverify --tlscacert " + home, "with a certificate of the CA that clients are asked for",
	} {
		if !strings.Contains(p.err.String(), want) {
			t.Errorf("%q is not said in %s", want, p.err.String())
		}
	}
	pem := socktrace(t, clean(home), "ca", "--pem").end()
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM([]byte(pem.out)) {
		t.Fatalf("ca --pem: %+v", pem)
	}
	for range 2 {
		c := dialTLS(t, at, &tls.Config{RootCAs: pool, ServerName: "localhost", Certificates: []tls.Certificate{ca.Issue("alice", nil)},
			NextProtos: []string{"h2", "http/1.1"}})
		ping(t, c)
		check(t, "protocol", c.ConnectionState().NegotiatedProtocol, "http/1.1")
		c.CloseWrite()
		_, _ = io.ReadAll(c)
	}
	check(t, "status", p.stop(syscall.SIGINT).status, "exit status 0")
	told := handshakes(t, readFile(t, r.live))
	const want = `1 client TLS 1.3 localhost [h2 http/1.1] http/1.1 CN=alice CN=socktrace
1 server TLS 1.3  [h2 http/1.1] http/1.1 CN=us CN=dockerd
2 client TLS 1.3 localhost [h2 http/1.1] http/1.1 CN=alice CN=socktrace
2 server TLS 1.3  [h2 http/1.1] http/1.1 CN=us CN=dockerd
`
	checkLines(t, "handshakes", told, want)
	checkAgree(t, r)
	for _, file := range []string{r.har, r.pcapng} {
		got := socktrace(t, clean(home), "read", "-f", "jsonl", file).end()
		checkLines(t, file, handshakes(t, got.out), want)
	}
	for filter, told := range map[string]string{"status == 200": want, "status == 404": ""} { // they wait for what is shown
		got := socktrace(t, clean(home), "read", "-f", "jsonl", "--filter", filter, r.pcapng).end()
		checkLines(t, filter, handshakes(t, got.out), told)
	}
	compact := socktrace(t, clean(home), "read", "-f", "compact", r.live).end()
	if !strings.Contains(compact.out, "CN=alice") {
		t.Errorf("it is not said whose it is: %s", compact.out)
	}
	secrets := readFile(t, keys)
	for label, n := range map[string]int{"CLIENT_HANDSHAKE_TRAFFIC_SECRET ": 4, "SERVER_TRAFFIC_SECRET_0 ": 4} {
		check(t, label, strings.Count(secrets, label), n)
	}
	if info, err := os.Stat(keys); err != nil || info.Mode() != 0o600 {
		t.Errorf("the key log has mode %v, %v", info.Mode(), err)
	}
	for _, file := range []string{r.live, r.har, r.pcapng} {
		if strings.Contains(readFile(t, file), "PRIVATE KEY") {
			t.Errorf("a private key is in %s", file)
		}
	}
}

// handshakes returns what JSON lines tell of TLS, a line each.
func handshakes(t testing.TB, lines string) string {
	t.Helper()
	var b strings.Builder
	for line := range strings.Lines(lines) {
		var ev struct {
			Event string `json:"event"`
			Conn  int    `json:"conn"`
			handshake.Note
		}
		if err := json.Unmarshal([]byte(line), &ev); err != nil {
			t.Fatal(err)
		}
		if ev.Event != "tls" {
			continue
		}
		n := ev.Note.Event(wire.Meta{})
		fmt.Fprintf(&b, "%d %s %s %s %v %s %s %s\n", ev.Conn, n.Peer, n.Version, n.ServerName, n.Offered, n.Protocol, n.Client[0].Subject, n.Server[0].Subject)
	}
	return b.String()
}

// TestTLSMessages has each failure have a message and a hint of its own, none of them
// Go's.
func TestTLSMessages(t *testing.T) {
	t.Parallel()
	ca, other, home := testca.New(t, "ca"), testca.New(t, "other"), t.TempDir()
	ours, foreign := ca.Write("us", nil), other.Write("stranger", nil)
	server := func(set func(*x509.Certificate)) *tls.Config {
		return &tls.Config{Certificates: []tls.Certificate{ca.Issue("dockerd", func(c *x509.Certificate) {
			testca.Local(c)
			if set != nil {
				set(c)
			}
		})}}
	}
	mutual := server(nil)
	mutual.ClientAuth, mutual.ClientCAs = tls.RequireAndVerifyClientCert, ca.Pool
	good, asks, old := tlsFakeDaemon(t, server(nil)), tlsFakeDaemon(t, mutual), tlsFakeDaemon(t, server(testca.Expired))
	named := tlsFakeDaemon(t, server(func(c *x509.Certificate) { c.DNSNames, c.IPAddresses = []string{"db"}, nil }))
	plain := plainDaemon(t)
	verify := []string{"--tlsverify", "--tlscacert", ours + "/ca.pem"}
	with := func(more ...string) []string { return append(append([]string{}, verify...), more...) }
	for _, c := range []struct {
		name, upstream string
		args           []string
		want, hint     string
	}{
		{"wrong CA", good, []string{"--tlsverify", "--tlscacert", foreign + "/ca.pem"},
			"its certificate is signed by CN=ca, which is not trusted", "--tlscacert FILE names the CA to trust"},
		{"expired", old, verify, "its certificate (CN=dockerd) has expired: it was valid until 1970-01-01 01:00 UTC", ""},
		{"wrong name", named, verify, "its certificate is for db, not for 127.0.0.1", "--tlsservername NAME expects another name"},
		{"no client certificate", asks, verify, "it wants a client certificate signed by CN=ca, and none was given", "--tlscert FILE and --tlskey FILE name one"},
		{"another's", asks, with("--tlscert", foreign+"/cert.pem", "--tlskey", foreign+"/key.pem"),
			"it wants a client certificate signed by CN=ca, and ours is signed by CN=other", "--tlscert FILE and --tlskey FILE name the one to show"},
		{"plain to TLS", good, nil, "speaks TLS, and was sent plain HTTP", "--tlsverify speaks it, and --tls without knowing to whom"},
		{"TLS to plain", plain, verify, "it answers in plain HTTP: it does not speak TLS there", "it may be a plain port"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p, at := tlsListener(t, clean(home), append([]string{"-q", "--upstream", c.upstream}, c.args...)...)
			conn, err := net.Dial("tcp", strings.TrimPrefix(at, "tcp://"))
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			_, _ = io.WriteString(conn, pingRequest)
			_, _ = io.ReadAll(conn)
			p.err.await(t, c.want)
			said := p.stop(syscall.SIGINT).err
			if c.hint != "" && !strings.Contains(said, "hint: "+c.hint) {
				t.Errorf("no hint %q in %s", c.hint, said)
			}
			if found := regexp.MustCompile(`tls: |x509: |remote error`).FindString(said); found != "" {
				t.Errorf("%q is Go's: %s", found, said)
			}
			if n := strings.Count(said, c.want); n > 2 { // when it begins, and when a client comes
				t.Errorf("said %d times: %s", n, said)
			}
		})
	}
	t.Run("good", func(t *testing.T) {
		t.Parallel()
		p, at := tlsListener(t, clean(home), append([]string{"-q", "--upstream", asks}, with("--tlscert", ours+"/cert.pem", "--tlskey", ours+"/key.pem")...)...)
		conn, err := net.Dial("tcp", strings.TrimPrefix(at, "tcp://"))
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		ping(t, conn)
		if said := p.stop(syscall.SIGINT).err; strings.Contains(said, "hint") {
			t.Error(said)
		}
	})
}

// plainDaemon answers anything in plain HTTP, and returns its address.
func plainDaemon(t testing.TB) string {
	t.Helper()
	return "tcp://" + testpeer.Port(t, func(c net.Conn) {
		_, _ = c.Read(make([]byte, 4096))
		_, _ = io.WriteString(c, "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")
	})
}

// TestClientMessages tells of clients that speak TLS to a plain listener, and plain to
// one of TLS, once.
func TestClientMessages(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	up := plainDaemon(t)
	p, at := tlsListener(t, clean(home), "-q", "--upstream", up)
	for range 2 {
		if err := dialTLS(t, at, &tls.Config{InsecureSkipVerify: true}).Handshake(); err == nil {
			t.Error("it speaks TLS")
		}
	}
	p.err.await(t, "hint: --listen-tls auto has the listener speak it")
	if n := strings.Count(p.stop(syscall.SIGINT).err, "a client speaks TLS to a listener that does not"); n != 1 {
		t.Errorf("said %d times", n)
	}
	p, at = tlsListener(t, clean(home), "-q", "--upstream", up, "--listen-tls", "auto")
	conn, err := net.Dial("tcp", strings.TrimPrefix(at, "tcp://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_, _ = io.WriteString(conn, pingRequest)
	b, _ := io.ReadAll(conn)
	if !strings.Contains(string(b), "Client sent an HTTP request to an HTTPS server") {
		t.Errorf("the client reads %q", b)
	}
	p.err.await(t, "client: it speaks plain HTTP, and this listener TLS\nsocktrace: hint: ")
	if err := dialTLS(t, at, &tls.Config{ServerName: "localhost"}).Handshake(); err == nil {
		t.Error("it trusts us")
	}
	p.err.await(t, "hint: the client has to trust it: socktrace ca says how")
	check(t, "status", p.stop(syscall.SIGINT).status, "exit status 0")
}

// TestTLSFlags refuses what means nothing.
func TestTLSFlags(t *testing.T) {
	t.Parallel()
	dir, home := testca.New(t, "ca").Write("x", testca.Local), t.TempDir()
	const at = "--listen=tcp://127.0.0.1:0"
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{at, "--listen-tls", "yes"}, `--listen-tls "yes": not auto, which is all there is`},
		{[]string{at, "--listen-tls", "auto", "--listen-tlscert", "x"}, "--listen-tls auto makes its own certificate: it excludes --listen-tlscert and --listen-tlskey"},
		{[]string{at, "--listen-tlscert", "x"}, "--listen-tlscert needs --listen-tlskey"},
		{[]string{at, "--listen-tlskey", "x"}, "--listen-tlskey needs --listen-tlscert"},
		{[]string{at, "--listen-tlscacert", "x"}, "--listen-tlscacert needs --listen-tls auto, or --listen-tlscert and --listen-tlskey"},
		{[]string{at, "--allow-remote"}, "--allow-remote needs --listen-tlscacert: without client certificates everybody could use the daemon (--expose allows that)"},
		{[]string{"--listen=unix://" + home + "/s", "--listen-tls", "auto"}, "listen unix://" + home + "/s: TLS is spoken on TCP only"},
		{[]string{at, "--listen-tlscert", dir + "/none", "--listen-tlskey", dir + "/key.pem"}, dir + "/none: no such file or directory"},
		{[]string{at, "--listen-tlscert", dir + "/cert.pem", "--listen-tlskey", dir + "/cert.pem"}, dir + "/cert.pem: no private key in it"},
		{[]string{at, "--listen-tls", "auto", "--listen-tlscacert", dir + "/key.pem"}, dir + "/key.pem: no certificate in it"},
		{[]string{at, "--tlscacert", dir + "/ca.pem"}, "without --tlsverify, or --tls, no TLS is spoken"},
		{[]string{"--upstream=unix:///x", "--tlsverify"}, "unix:///x is spoken to without TLS\nsocktrace: hint: TLS is for daemons on TCP: --upstream tcp://HOST:2376 names one; for this one leave --tls… out"},
		{[]string{at, "--keylog", home + "/keys"}, "--keylog: no TLS is spoken, neither with the daemon nor with clients"},
	} {
		got := socktrace(t, clean(home), append([]string{"listen", "-q", "--upstream", "tcp://127.0.0.1:1"}, c.args...)...).end()
		check(t, fmt.Sprint(c.args), got.err, "socktrace: "+c.want+"\n")
		if got.status == "exit status 0" {
			t.Errorf("%v: %s", c.args, got.status)
		}
	}
}

// TestAllowRemote listens for other machines only where clients show certificates.
func TestAllowRemote(t *testing.T) {
	t.Parallel()
	dir, home := testca.New(t, "ca").Write("x", testca.Local), t.TempDir()
	p := socktrace(t, clean(home), "listen", "-q", "--upstream", "tcp://127.0.0.1:1", "--listen", "tcp://0.0.0.0:0", "--allow-remote",
		"--listen-tlscert", dir+"/cert.pem", "--listen-tlskey", dir+"/key.pem", "--listen-tlscacert", dir+"/ca.pem")
	p.err.await(t, "whoever reaches this address, with a certificate of the CA that clients are asked for, can do by this address")
	check(t, "status", p.stop(syscall.SIGINT).status, "exit status 0")
}

// TestCA prints where the CA is, and the same each time.
func TestCA(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	first, second := socktrace(t, clean(home), "ca").end(), socktrace(t, clean(home), "ca").end()
	check(t, "status", first.status, "exit status 0")
	check(t, "again", strings.Replace(first.out, "made now", "made before", 1), second.out)
	file, _, _ := strings.Cut(strings.TrimPrefix(first.out, "certificate  "), " ")
	if !strings.HasPrefix(file, home) {
		t.Errorf("it is in %s", file)
	}
	check(t, "pem", socktrace(t, clean(home), "ca", "--pem").end().out, readFile(t, file))
	if err := os.Chmod(filepath.Join(filepath.Dir(file), "ca-key.pem"), 0o644); err != nil {
		t.Fatal(err)
	}
	if got := socktrace(t, clean(home), "ca").end(); got.status != "exit status 1" || !strings.Contains(got.err, "others may read it") {
		t.Errorf("%+v", got)
	}
}

// TestKeyLogCannotBeWritten goes on without it, where the environment asks for it.
func TestKeyLogCannotBeWritten(t *testing.T) {
	t.Parallel()
	ca, home := testca.New(t, "ca"), t.TempDir()
	addr := tlsFakeDaemon(t, &tls.Config{Certificates: []tls.Certificate{ca.Issue("dockerd", testca.Local)}})
	p, at := tlsListener(t, clean(home, "SSLKEYLOGFILE="+home), "-q", "--upstream", addr, "--tls")
	p.err.await(t, "SSLKEYLOGFILE: create "+home+": it is a directory")
	conn, err := net.Dial("tcp", strings.TrimPrefix(at, "tcp://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	ping(t, conn)
	check(t, "status", p.stop(syscall.SIGINT).status, "exit status 0")
	got := socktrace(t, clean(home), "listen", "-q", "--listen", "tcp://127.0.0.1:0", "--upstream", addr, "--tls", "--keylog", home).end()
	if got.status != "exit status 1" || !strings.Contains(got.err, "--keylog: create "+home+": it is a directory") {
		t.Errorf("%+v", got)
	}
}

// TestRunKeyLog has the command's connections leave their secrets, in the file and in
// the recording of bytes.
func TestRunKeyLog(t *testing.T) {
	t.Parallel()
	ca, home := testca.New(t, "ca"), t.TempDir()
	addr := tlsFakeDaemon(t, &tls.Config{Certificates: []tls.Certificate{ca.Issue("dockerd", testca.Local)}})
	need.Program(t, "curl")
	for name, args := range map[string][]string{"flag": {"--keylog", home + "/flag"}, "SSLKEYLOGFILE": nil} {
		file := filepath.Join(home, name)
		var env []string
		if args == nil {
			env = []string{"SSLKEYLOGFILE=" + file}
		}
		args = append([]string{"run", "-q", "--pcapng", file + ".pcapng", "--upstream", addr, "--tls"}, args...)
		got := socktrace(t, clean(home, env...), append(args, "--", "sh", "-c", `curl -s --unix-socket "${DOCKER_HOST#unix://}" http://daemon/_ping`)...).end()
		check(t, name, got.status, "exit status 0")
		keys := readFile(t, file)
		if !strings.Contains(keys, "CLIENT_TRAFFIC_SECRET_0 ") || !strings.Contains(readFile(t, file+".pcapng"), keys[:50]) {
			t.Errorf("%s: key log %q; %s", name, keys, got.err)
		}
	}
}
