package intercept

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/socktrace/socktrace/internal/testca"
	"github.com/socktrace/socktrace/wire"
)

// versions are those of TLS that there are failures in: in 1.3 the daemon's refusal of
// a client comes behind the handshake.
var versions = map[string]uint16{"1.2": tls.VersionTLS12, "1.3": tls.VersionTLS13}

// goWords are what only crypto/tls and crypto/x509 say.
var goWords = regexp.MustCompile(`tls: |x509: |remote error|local error`)

// upstreamFailure provokes a failure with the daemon.
type upstreamFailure struct {
	name   string
	daemon func(*tls.Config)
	ours   func(*tls.Config)
	want   string // behind "upstream tcp://…: ", as a regular expression
	kind   TLSProblem
}

// TestUpstreamTLSFailures tells each failure with a daemon in words of its own.
func TestUpstreamTLSFailures(t *testing.T) {
	ca, other := testca.New(t, "ca"), testca.New(t, "other")
	good := ca.Issue("dockerd", testca.Local)
	with := func(set func(*x509.Certificate)) func(*tls.Config) {
		cert := ca.Issue("dockerd", func(c *x509.Certificate) { testca.Local(c); set(c) })
		return func(c *tls.Config) { c.Certificates = []tls.Certificate{cert} }
	}
	client, foreign := ca.Issue("me", nil), other.Issue("stranger", nil)
	expired := ca.Issue("late", testca.Expired)
	asks := func(c *tls.Config) { c.ClientAuth, c.ClientCAs = tls.RequireAndVerifyClientCert, ca.Pool }
	shows := func(cert tls.Certificate) func(*tls.Config) {
		return func(c *tls.Config) { c.Certificates = []tls.Certificate{cert} }
	}
	itself := testca.SelfSigned(t, "test", testca.Local)
	failures := []upstreamFailure{
		{"unknown CA", nil, func(c *tls.Config) { c.RootCAs = other.Pool }, `its certificate is signed by CN=ca, which is not trusted`, TLSUntrusted},
		{"signed by itself", func(c *tls.Config) { c.Certificates = []tls.Certificate{itself} }, nil,
			`its certificate \(CN=test\) is signed by itself, and not trusted`, TLSUntrusted},
		{"expired", with(testca.Expired), nil,
			`its certificate \(CN=dockerd\) has expired: it was valid until 1970-01-01 01:00 UTC`, TLSExpired},
		{"not yet valid", with(func(c *x509.Certificate) {
			c.NotBefore, c.NotAfter = time.Date(2090, 1, 2, 3, 4, 0, 0, time.UTC), time.Date(2091, 1, 1, 0, 0, 0, 0, time.UTC)
		}), nil, `its certificate \(CN=dockerd\) is not valid before 2090-01-02 03:04 UTC`, TLSExpired},
		{"wrong name", with(func(c *x509.Certificate) { c.DNSNames = []string{"db", "db.example"} }), func(c *tls.Config) { c.ServerName = "dockerd" },
			`its certificate is for db, db.example, 127.0.0.1, not for dockerd`, TLSWrongName},
		{"no name", with(func(c *x509.Certificate) { c.DNSNames, c.IPAddresses = nil, nil }), nil,
			`its certificate is for no name at all \(CN=dockerd\), not for 127.0.0.1`, TLSWrongName},
		{"for clients", with(func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth} }), nil,
			`its certificate \(CN=dockerd\) is not made for that end of a connection`, TLSUnsuited},
		{"no client certificate", asks, nil, `it wants a client certificate signed by CN=ca, and none was given`, TLSWantsClient},
		{"client certificate of another", asks, shows(foreign),
			`it wants a client certificate signed by CN=ca, and ours is signed by CN=other`, TLSRefused},
		{"client certificate not accepted", func(c *tls.Config) { c.ClientAuth = tls.RequireAndVerifyClientCert; c.ClientCAs = x509.NewCertPool() }, shows(client),
			`it does not accept our certificate \(CN=me, signed by CN=ca\)(: that is signed by nobody whom it trusts)?`, TLSRefused},
		{"client certificate expired", asks, shows(expired), `it does not accept our certificate \(CN=late, signed by CN=ca\).*`, TLSRefused},
		{"no protocol", func(c *tls.Config) { c.NextProtos = []string{"http/1.1"} }, func(c *tls.Config) { c.NextProtos = []string{"h2"} },
			"", TLSProtocols},
	}
	for _, f := range failures {
		for name, version := range versions {
			t.Run(f.name+" "+name, func(t *testing.T) {
				config := &tls.Config{Certificates: []tls.Certificate{good}, MaxVersion: version}
				if f.daemon != nil {
					f.daemon(config)
				}
				up := tlsDaemon(t, config, echo)
				up.TLS = &tls.Config{RootCAs: ca.Pool}
				if f.ours != nil {
					f.ours(up.TLS)
				}
				if f.want == "" {
					_, _, err := up.open(t.Context(), up.TLS.NextProtos)
					checkWords(t, err, up, `it speaks none of the protocols that were offered \(ALPN\) \(alert 120\)`, f.kind)
					return
				}
				checkFailure(t, up, f.want, f.kind)
			})
		}
	}
}

// checkFailure has a client find the failure out, and looks at what is said of it.
func checkFailure(t *testing.T, up Upstream, want string, kind TLSProblem) {
	t.Helper()
	var told error
	r := newRigTo(t, unixSocket, up, func(p *Proxy) {
		warn := p.Warn
		p.Warn = func(err error) { told = err; warn(err) }
	})
	c := r.dial()
	_, _ = io.WriteString(c, "GET / HTTP/1.1\r\n\r\n")
	_, _ = io.ReadAll(c)
	rec := r.ended()
	r.stop()
	r.wait(r.done, "Serve did not return")
	checkWords(t, told, up, want, kind)
	checkWords(t, rec.err, up, want, kind)
	if n := len(r.warned()); n != 1 {
		t.Errorf("said %d times: %q", n, r.warned())
	}
}

func checkWords(t *testing.T, err error, up Upstream, want string, kind TLSProblem) {
	t.Helper()
	full := "^" + regexp.QuoteMeta("upstream "+up.Addr.String()+": ") + want + "$"
	if err == nil || !regexp.MustCompile(full).MatchString(err.Error()) || goWords.MatchString(err.Error()) {
		t.Errorf("got  %v\nwant %s", err, full)
	}
	checkKind(t, err, kind)
}

func checkKind(t *testing.T, err error, kind TLSProblem) {
	t.Helper()
	if got := ProblemOf(err); got != kind {
		t.Errorf("kind %d, want %d", got, kind)
	}
}

// TestUpstreamNotTLS tells of daemons that speak no TLS, or stop doing so.
func TestUpstreamNotTLS(t *testing.T) {
	ca := testca.New(t, "ca")
	hello := func(c net.Conn) { _, _ = c.Read(make([]byte, 4096)) }
	for _, f := range []struct {
		name   string
		handle func(net.Conn)
		want   string
		kind   TLSProblem
	}{
		{"HTTP", func(c net.Conn) { hello(c); io.WriteString(c, "HTTP/1.1 400 Bad Request\r\n\r\n") },
			"it answers in plain HTTP: it does not speak TLS there", TLSPlain},
		{"something", func(c net.Conn) { hello(c); io.WriteString(c, "SSH-2.0-x\r\n") }, "it does not speak TLS there", TLSPlain},
		{"cut", hello, "the connection was cut in the TLS handshake", TLSCut},
		{"reset", func(c net.Conn) { hello(c); c.(*net.TCPConn).SetLinger(0) }, "the connection was reset in the TLS handshake", TLSCut},
		{"old", func(c net.Conn) { // a ServerHello of TLS 1.0
			hello(c)
			random := strings.Repeat("r", 32)
			body := "\x03\x01" + random + "\x00\xc0\x09\x00"
			io.WriteString(c, fmt.Sprintf("\x16\x03\x01\x00%c\x02\x00\x00%c%s", len(body)+4, len(body), body))
			hello(c)
		}, "it speaks no version of TLS from 1.2 on", TLSVersions},
		{"alert", func(c net.Conn) { hello(c); io.WriteString(c, "\x15\x03\x03\x00\x02\x02\x46") }, `it speaks no version of TLS that we do \(alert 70\)`, TLSVersions},
		{"handshake failure", func(c net.Conn) { hello(c); io.WriteString(c, "\x15\x03\x03\x00\x02\x02\x28") },
			`it knows no cipher suite that we do, or misses something \(alert 40\)`, TLSVersions},
		{"unknown name", func(c net.Conn) { hello(c); io.WriteString(c, "\x15\x03\x03\x00\x02\x02\x70") }, `it does not know the name 127.0.0.1 \(alert 112\)`, TLSWrongName},
		{"an alert that nobody knows", func(c net.Conn) { hello(c); io.WriteString(c, "\x15\x03\x03\x00\x02\x02\xfe") }, `it broke TLS off \(alert 254\)`, TLSOther},
	} {
		t.Run(f.name, func(t *testing.T) {
			up := daemon(t, tcpSocket, f.handle)
			up.TLS = &tls.Config{RootCAs: ca.Pool}
			checkFailure(t, up, f.want, f.kind)
		})
	}
}

// TestClientTLSFailures tells each failure with a client in words of its own.
func TestClientTLSFailures(t *testing.T) {
	ca, other := testca.New(t, "ca"), testca.New(t, "other")
	server := ca.Issue("socktrace", testca.Local)
	expired := ca.Issue("late", testca.Expired)
	stranger := other.Issue("stranger", nil)
	show := func(cert tls.Certificate) func(*tls.Config) {
		return func(c *tls.Config) {
			c.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return &cert, nil }
		}
	}
	for _, f := range []struct {
		name   string
		client func(*tls.Config) // nil: it says no TLS
		say    string
		want   string
		kind   TLSProblem
		silent bool // nobody is warned
	}{
		{"untrusting", func(c *tls.Config) { c.RootCAs = other.Pool }, "", `it does not accept this listener's certificate.*|it does not trust the CA of this listener's certificate`, TLSRefused, false},
		{"no certificate", func(*tls.Config) {}, "", `it showed no certificate, and one is asked for`, TLSWantsClient, false},
		{"certificate of another", show(stranger), "", `its certificate is signed by CN=other, which is not trusted`, TLSUntrusted, false},
		{"expired", show(expired), "", `its certificate \(CN=late\) has expired: it was valid until 1970-01-01 01:00 UTC`, TLSExpired, false},
		{"HTTP", nil, "GET /_ping HTTP/1.1\r\nHost: docker\r\n\r\n", `it speaks plain HTTP, and this listener TLS`, TLSPlain, false},
		{"something", nil, "EHLO example\r\n", `it does not speak TLS, which this listener does`, TLSPlain, false},
		{"cut", nil, "\x16\x03\x01", "the connection was cut in the TLS handshake", TLSCut, true},
		{"old", nil, oldHello, "it speaks no version of TLS from 1.2 on", TLSVersions, false},
	} {
		for name, version := range versions {
			t.Run(f.name+" "+name, func(t *testing.T) {
				var told error
				r := newRig(t, tcpSocket, unixSocket, echo, func(p *Proxy) {
					warn := p.Warn
					p.Warn = func(err error) { told = err; warn(err) }
					p.TLS = &tls.Config{Certificates: []tls.Certificate{server}, ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: ca.Pool, MaxVersion: version}
				})
				c := r.dial()
				if f.client != nil {
					config := &tls.Config{RootCAs: ca.Pool, ServerName: "localhost"}
					f.client(config)
					c = tls.Client(c, config)
				}
				_, _ = io.WriteString(c, f.say)
				c.CloseWrite()
				b, _ := io.ReadAll(c)
				if f.name == "HTTP" && !strings.HasSuffix(string(b), "Client sent an HTTP request to an HTTPS server.\n") {
					t.Errorf("the client reads %q", b)
				}
				rec := r.ended()
				r.stop()
				r.wait(r.done, "Serve did not return")
				want := "^client: (" + f.want + ")$"
				for _, err := range []error{told, rec.err} {
					if err == nil && f.silent {
						continue
					}
					if err == nil || !regexp.MustCompile(want).MatchString(err.Error()) || goWords.MatchString(err.Error()) {
						t.Errorf("got  %v\nwant %s", err, want)
					}
					checkKind(t, err, f.kind)
				}
				if n := len(r.warned()); n != 1 && !f.silent || n != 0 && f.silent {
					t.Errorf("said %d times: %q", n, r.warned())
				}
				if !isPeer(rec.err, wire.ToServer) {
					t.Error("it is not said to be the client's doing")
				}
			})
		}
	}
}

// oldHello is a ClientHello of TLS 1.0.
var oldHello = func() string {
	body := "\x03\x01" + strings.Repeat("r", 32) + "\x00" + "\x00\x02\xc0\x09" + "\x01\x00"
	return fmt.Sprintf("\x16\x03\x01\x00%c\x01\x00\x00%c%s", len(body)+4, len(body), body)
}()

// TestSilentClient says nothing of a client that says nothing, and calls no daemon.
func TestSilentClient(t *testing.T) {
	r := newRig(t, tlsSocket, unixSocket, func(net.Conn) { t.Error("the daemon was called") })
	c, err := net.Dial("tcp", r.addr.Address)
	if err != nil {
		t.Fatal(err)
	}
	c.Close()
	if rec := r.ended(); rec.err != nil {
		t.Errorf("end: %v", rec.err)
	}
	if w := r.warned(); len(w) > 0 {
		t.Errorf("warnings: %q", w)
	}
}

// TestAlertWords has words for all there are.
func TestAlertWords(t *testing.T) {
	for n := range 256 {
		err := &net.OpError{Op: "remote error", Err: tls.AlertError(n)}
		for _, p := range []tlsPeer{{}, {client: true}, {shaken: true}, {asked: true}} {
			got := p.explain(err)
			if goWords.MatchString(got.Error()) || !strings.HasPrefix(got.Error(), "it ") {
				t.Errorf("alert %d: %v", n, got)
			}
		}
	}
}

// TestUnknownWords leaves what is not of TLS as it is, and takes the prefixes off what is.
func TestUnknownWords(t *testing.T) {
	p := tlsPeer{}
	for in, want := range map[string]string{"out of cheese": "out of cheese", "tls: out of cheese": "TLS failed: out of cheese"} {
		if got := p.explain(fmt.Errorf("%s", in)); got.Error() != want {
			t.Errorf("got %v, want %s", got, want)
		}
	}
	if got := p.explain(p.explain(io.EOF)); got.Error() != "the connection was cut in the TLS handshake" {
		t.Errorf("twice: %v", got)
	}
	if !slices.Contains(distinguished([][]byte{testca.New(t, "x").Cert.RawSubject, {1}}), "CN=x") {
		t.Error("a name is not read")
	}
}

// TestRefusals are whole sentences, whether the client says why or not.
func TestRefusals(t *testing.T) {
	p := &tlsPeer{client: true}
	for n, want := range map[uint8]string{
		42: "it does not accept this listener's certificate (alert 42)",
		44: "it does not accept this listener's certificate, which was revoked (alert 44)",
		48: "it does not trust the CA of this listener's certificate",
	} {
		if _, got := p.alert(n); got != want {
			t.Errorf("%d: %s, want %s", n, got, want)
		}
	}
}
