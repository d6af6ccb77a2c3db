package intercept

import (
	"crypto/tls"
	"io"
	"net"
	"os/exec"
	"regexp"
	"testing"

	"github.com/socktrace/socktrace/internal/need"
	"github.com/socktrace/socktrace/internal/testca"
)

// secondly is the connection of a client that sends something else instead of what it
// writes behind its ClientHello, or closes if that is nothing.
type secondly struct {
	net.Conn
	change func([]byte) []byte
	writes int
}

func (s *secondly) Write(b []byte) (int, error) {
	if s.writes++; s.writes == 1 {
		return s.Conn.Write(b)
	}
	if b = s.change(b); len(b) == 0 {
		return 0, s.Conn.Close()
	}
	if _, err := s.Conn.Write(b); err != nil {
		return 0, err
	}
	return 0, io.ErrClosedPipe
}

// TestShownCertificate has clients that end the handshake when they have seen our
// certificate, in each of the ways that there are.
func TestShownCertificate(t *testing.T) {
	ca, other := testca.New(t, "ca"), testca.New(t, "other")
	server := ca.Issue("socktrace", testca.Local)
	says := func(text string) func([]byte) []byte { return func([]byte) []byte { return []byte(text) } }
	const unknownCA = "\x15\x03\x03\x00\x02\x02\x30"
	for _, f := range []struct {
		name   string
		change func([]byte) []byte
		want   string
		kind   TLSProblem
		only   uint16 // version; 0: all
	}{
		{"an alert in plain text", says(unknownCA), "it does not trust the CA of this listener's certificate", TLSRefused, 0},
		{"as OpenSSL sends it", says("\x14\x03\x03\x00\x01\x01" + unknownCA), "it does not trust the CA of this listener's certificate", TLSRefused, tls.VersionTLS13},
		{"another alert", says("\x15\x03\x03\x00\x02\x02\x2e"), `it does not accept this listener's certificate \(alert 46\)`, TLSRefused, 0},
		{"the end", says("\x15\x03\x03\x00\x02\x01\x00"),
			`it ended the TLS handshake when it had seen this listener's certificate, which it may not trust \(alert 0\)|it went away .*`, TLSRefused, 0},
		{"nothing", says(""), `it went away when it had seen this listener's certificate, which it may not trust`, TLSRefused, 0},
		{"damaged", func(b []byte) []byte { b[len(b)-1] ^= 1; return b }, `a record of TLS was damaged on its way`, TLSOther, tls.VersionTLS13},
		{"as it is", func(b []byte) []byte { return b }, `it does not .*this listener's certificate.*`, TLSRefused, 0},
	} {
		for name, version := range versions {
			if f.only != 0 && f.only != version {
				continue
			}
			t.Run(f.name+" "+name, func(t *testing.T) {
				r := newRig(t, tcpSocket, unixSocket, echo, func(p *Proxy) {
					p.TLS = &tls.Config{Certificates: []tls.Certificate{server}, MaxVersion: version}
				})
				c := r.dial()
				err := tls.Client(&secondly{Conn: c, change: f.change}, &tls.Config{RootCAs: other.Pool, ServerName: "localhost"}).Handshake()
				if err == nil {
					t.Fatal("the client has no objections")
				}
				c.Close()
				checkClient(t, r, f.want, f.kind)
			})
		}
	}
}

// checkClient looks at what is said of the client of a rig, whose handshake failed.
func checkClient(t *testing.T, r *rig, want string, kind TLSProblem) {
	t.Helper()
	rec := r.ended()
	r.stop()
	r.wait(r.done, "Serve did not return")
	want = "^client: (" + want + ")$"
	if rec.err == nil || !regexp.MustCompile(want).MatchString(rec.err.Error()) || goWords.MatchString(rec.err.Error()) {
		t.Errorf("got  %v\nwant %s", rec.err, want)
	}
	checkKind(t, rec.err, kind)
	if n := len(r.warned()); n != 1 {
		t.Errorf("said %d times: %q", n, r.warned())
	}
}

// TestOpenSSLDistrusts has a client of OpenSSL see a certificate that it does not trust.
func TestOpenSSLDistrusts(t *testing.T) {
	openssl := need.Program(t, "openssl")
	server := testca.New(t, "ca").Issue("socktrace", testca.Local)
	for _, version := range []string{"-tls1_2", "-tls1_3"} {
		r := newRig(t, tcpSocket, unixSocket, echo, func(p *Proxy) { p.TLS = &tls.Config{Certificates: []tls.Certificate{server}} })
		cmd := exec.Command(openssl, "s_client", version, "-verify_return_error", "-connect", r.addr.Address)
		if out, err := cmd.CombinedOutput(); err == nil {
			t.Errorf("%s: it has no objections:\n%s", version, out)
		}
		checkClient(t, r, "it does not trust the CA of this listener's certificate|it does not accept this listener's certificate.*", TLSRefused)
	}
}

// TestAlertWatch finds the first alert in plain text, however it is cut, and none in
// what looks like one.
func TestAlertWatch(t *testing.T) {
	const hello, alert, sealed = "\x16\x03\x01\x00\x03abc", "\x15\x03\x03\x00\x02\x02\x30", "\x17\x03\x03\x00\x07" + "\x15\x03\x03\x00\x02\x02\x31"
	for text, want := range map[string]int{
		hello + alert: 48, hello + sealed: -1, alert + "\x15\x03\x03\x00\x02\x01\x00": 48, hello + "\x14\x03\x03\x00\x00" + sealed + alert: 48,
		"\x15\x03\x03\x00\x1a" + alert + alert + alert + "12345": -1, hello + alert[:6]: -1, "GET / HTTP/1.1\r\n\r\n": -1,
	} {
		for cut := range len(text) {
			var w alertWatch
			w.look([]byte(text[:cut]))
			w.look([]byte(text[cut:]))
			if got := int(w.alert); w.alerted != (want >= 0) || w.alerted && got != want {
				t.Errorf("%q cut at %d: %v %d, want %d", text, cut, w.alerted, got, want)
			}
		}
	}
}
