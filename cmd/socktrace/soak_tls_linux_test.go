package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/socktrace/socktrace/internal/testca"
)

// soakTLS ends the TLS of both sides, with certificates asked for at both, and logs their
// secrets: all of those that clients know, and as many of those that the daemon does.
func soakTLS(ctx context.Context, t *testing.T) {
	ca := testca.New(t, "ca")
	local := func(c *x509.Certificate) {
		c.DNSNames, c.IPAddresses = []string{"localhost"}, []net.IP{net.ParseIP(soakHost)}
	}
	ours, keys, file := ca.Write("socktrace", local), filepath.Join(t.TempDir(), "keys"), filepath.Join(t.TempDir(), "all.har")
	var shaken atomic.Int64
	daemon := newSoakDaemon(t, &tls.Config{Certificates: []tls.Certificate{ca.Issue("dockerd", local)}, NextProtos: []string{"http/1.1"},
		ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: ca.Pool, MinVersion: tls.VersionTLS13,
		VerifyConnection: func(tls.ConnectionState) error { shaken.Add(1); return nil }})
	p, at := tlsListener(t, clean(t.TempDir(), "DOCKER_CERT_PATH="+ours), "-q", "--max-body", "4k", "--har", file, "--upstream", "tcp://"+daemon.address,
		"--tlsverify", "--listen-tlscert", ours+"/cert.pem", "--listen-tlskey", ours+"/key.pem", "--listen-tlscacert", ours+"/ca.pem", "--keylog", keys)

	known := &soakSecrets{lines: map[string]bool{}}
	config := &tls.Config{RootCAs: ca.Pool, ServerName: "localhost", Certificates: []tls.Certificate{ca.Issue("client", nil)}}
	s := newSoakClients(t, daemon, strings.TrimPrefix(at, "tcp://"), func(c net.Conn) (*tls.Conn, error) { return known.secure(c, config) })
	w := newSoakWatch(t, p)
	s.start(ctx)
	s.soak(ctx, w)
	summary := s.end(w, "exit status 0", nil)
	checkSoakHAR(t, file, countIn(t, summary, "exchange"), s.right)
	had := shaken.Load() - 1 // one was to see whether it is there
	if others := known.check(t, keys); others < had {
		t.Errorf("the key log has %d secrets of connections to the daemon, which had %d", others, had)
	}
}

// soakSecrets are those that clients know.
type soakSecrets struct {
	n     atomic.Int64
	mu    sync.Mutex // guards what follows
	lines map[string]bool
}

// secure shakes hands, with TLS 1.2 and 1.3 in turn, and keeps the secrets if that ends
// well: others may be known to one side alone.
func (k *soakSecrets) secure(c net.Conn, config *tls.Config) (*tls.Conn, error) {
	var log bytes.Buffer
	config = config.Clone()
	if config.KeyLogWriter = &log; k.n.Add(1)%2 == 0 {
		config.MaxVersion = tls.VersionTLS12
	}
	secured := tls.Client(c, config)
	if err := secured.Handshake(); err != nil {
		c.Close()
		return nil, err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	for line := range strings.Lines(log.String()) {
		k.lines[strings.TrimSuffix(line, "\n")] = true
	}
	return secured, nil
}

var keyLine = regexp.MustCompile(`^[A-Z_0-9]+ [0-9a-f]{64} ([0-9a-f]{64}|[0-9a-f]{96})$`)

// check looks for all of them in the key log, and returns how many connections there are
// in it besides.
func (k *soakSecrets) check(t testing.TB, name string) (others int64) {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		line := lines.Text()
		switch {
		case !keyLine.MatchString(line):
			t.Errorf("no line of a key log: %q", line)
		case k.lines[line]:
			delete(k.lines, line)
		case strings.HasPrefix(line, "CLIENT_TRAFFIC_SECRET_0 "):
			others++
		}
	}
	check(t, "secrets that are missing", len(k.lines), 0)
	return others
}
