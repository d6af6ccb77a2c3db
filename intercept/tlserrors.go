package intercept

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"syscall"
	"time"

	"github.com/socktrace/socktrace/internal/certificate"
)

// TLSError says in plain words what TLS failed for. What it wraps does so in those of
// crypto/tls, which mean little to a user.
type TLSError struct {
	Problem TLSProblem
	text    string
	err     error
}

// Error is about the peer: "its certificate has expired", and so on.
func (e *TLSError) Error() string { return e.text }

// Unwrap returns the error of crypto/tls.
func (e *TLSError) Unwrap() error { return e.err }

// TLSProblem is a kind of failure, by what can be done about it.
type TLSProblem uint8

const (
	TLSOther       TLSProblem = iota
	TLSUntrusted              // the peer's certificate is signed by nobody who is trusted
	TLSExpired                // it is not valid now
	TLSWrongName              // it is for other names
	TLSUnsuited               // it is not made for this
	TLSWantsClient            // the daemon wants a certificate of the client, or we of ours
	TLSRefused                // the peer does not accept our certificate
	TLSPlain                  // the peer does not speak TLS, but plain HTTP
	TLSVersions               // no version or suite in common
	TLSProtocols              // no protocol in common (ALPN)
	TLSCut                    // the connection was cut in the handshake
)

// tlsPeer is what is known of the peer when TLS fails.
type tlsPeer struct {
	client bool              // it is one; else the daemon
	name   string            // that a daemon was asked to prove
	asked  bool              // it asked for our certificate
	signed []string          // by one of these, if it said so
	given  *x509.Certificate // one of ours that could be shown; nil if there is none
	sent   *x509.Certificate // the one that was; nil if none was
	shaken bool              // the handshake is over
	watch  *alertWatch       // of a client; nil: of nobody
}

// explain returns err in plain words, if it is one of TLS; else err itself.
func (p *tlsPeer) explain(err error) error {
	problem, text := p.words(err)
	if text == "" {
		if op := (*net.OpError)(nil); errors.As(err, &op) {
			return op // without what crypto/tls has put around it
		}
		return err
	}
	return &TLSError{problem, text, err}
}

// words returns what err says in plain words; empty if it is none of TLS.
func (p *tlsPeer) words(err error) (TLSProblem, string) {
	var known *TLSError
	var record tls.RecordHeaderError
	switch {
	case errors.As(err, &known):
		return 0, ""
	case errors.As(err, &record):
		return p.notTLS(string(record.RecordHeader[:]))
	}
	if n, ok := alertIn(err); ok {
		return p.alert(n)
	}
	if p.watch != nil && p.watch.alerted && strings.Contains(err.Error(), damaged) {
		return p.alert(p.watch.alert)
	}
	if problem, text := p.certificate(err); text != "" {
		return problem, text
	}
	switch {
	case p.shaken && !inTLS(err), errors.Is(err, context.Canceled):
		return 0, ""
	case p.client && p.sent != nil && (isAny(err, io.EOF, io.ErrUnexpectedEOF, syscall.ECONNRESET, syscall.EPIPE)):
		return TLSRefused, "it went away" + mistrust
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return TLSCut, "the connection was cut in the TLS handshake"
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return TLSCut, "the connection was reset in the TLS handshake"
	case errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, context.DeadlineExceeded):
		return TLSCut, "no answer in the TLS handshake"
	case !inTLS(err):
		return 0, ""
	}
	return p.local(err.Error())
}

// damaged is what crypto/tls says of a record that it cannot decrypt.
const damaged = "bad record MAC"

// inTLS reports whether err is of crypto/tls or crypto/x509, which tell in words.
func inTLS(err error) bool {
	s := err.Error()
	return strings.Contains(s, "tls: ") || strings.Contains(s, "x509: ")
}

// notTLS tells of a peer whose first bytes are no record.
func (p *tlsPeer) notTLS(header string) (TLSProblem, string) {
	switch {
	case p.client && looksLikeHTTP(header):
		return TLSPlain, "it speaks plain HTTP, and this listener TLS"
	case p.client:
		return TLSPlain, "it does not speak TLS, which this listener does"
	case strings.HasPrefix(header, "HTTP/"):
		return TLSPlain, "it answers in plain HTTP: it does not speak TLS there"
	}
	return TLSPlain, "it does not speak TLS there"
}

// looksLikeHTTP reports whether a request may begin so.
func looksLikeHTTP(s string) bool {
	for _, method := range [...]string{"GET /", "HEAD ", "POST ", "PUT /", "DELET", "OPTIO", "PATCH", "CONNE", "PRI *"} {
		if strings.HasPrefix(s, method) {
			return true
		}
	}
	return false
}

// certificate tells what is wrong with the certificate of the peer.
func (p *tlsPeer) certificate(err error) (TLSProblem, string) {
	var unverified *tls.CertificateVerificationError
	if errors.As(err, &unverified) {
		err = unverified.Err
	}
	var host x509.HostnameError
	var invalid x509.CertificateInvalidError
	var unknown x509.UnknownAuthorityError
	switch {
	case errors.As(err, &host):
		return TLSWrongName, fmt.Sprintf("its certificate is for %s, not for %s", namesOf(host.Certificate), host.Host)
	case errors.As(err, &invalid):
		return invalidity(&invalid)
	case errors.As(err, &unknown):
		top := unknown.Cert
		if unverified != nil && len(unverified.UnverifiedCertificates) > 0 {
			top = unverified.UnverifiedCertificates[len(unverified.UnverifiedCertificates)-1]
		}
		return TLSUntrusted, untrusted(top)
	}
	return 0, ""
}

// untrusted tells who signed a certificate that nobody who is trusted has signed.
func untrusted(c *x509.Certificate) string {
	switch {
	case c == nil:
		return "its certificate is not trusted"
	case string(c.RawSubject) == string(c.RawIssuer):
		return fmt.Sprintf("its certificate (%s) is signed by itself, and not trusted", called(c))
	}
	return fmt.Sprintf("its certificate is signed by %s, which is not trusted", c.Issuer)
}

// invalidity tells why a certificate in the chain is not accepted.
func invalidity(e *x509.CertificateInvalidError) (TLSProblem, string) {
	c := e.Cert
	switch e.Reason {
	case x509.Expired:
		if time.Now().Before(c.NotBefore) {
			return TLSExpired, fmt.Sprintf("its certificate (%s) is not valid before %s", called(c), day(c.NotBefore))
		}
		return TLSExpired, fmt.Sprintf("its certificate (%s) has expired: it was valid until %s", called(c), day(c.NotAfter))
	case x509.NotAuthorizedToSign:
		return TLSUntrusted, fmt.Sprintf("its certificate is signed by %s, which is none of a CA", called(c))
	case x509.IncompatibleUsage:
		return TLSUnsuited, fmt.Sprintf("its certificate (%s) is not made for that end of a connection", called(c))
	case x509.CANotAuthorizedForThisName:
		return TLSWrongName, fmt.Sprintf("the CA of its certificate (%s) may not sign for that name", called(c))
	}
	return TLSUnsuited, fmt.Sprintf("its certificate (%s) is not valid", called(c))
}

// called is what a certificate is called in messages.
func called(c *x509.Certificate) string {
	if s := c.Subject.String(); s != "" {
		return s
	}
	return namesOf(c)
}

// maxNames is how many names of a certificate a message tells.
const maxNames = 8

// namesOf lists whom a certificate is for.
func namesOf(c *x509.Certificate) string {
	names := certificate.Told(c).Names
	switch n := len(names); {
	case n == 0:
		return "no name at all (" + c.Subject.String() + ")"
	case n > maxNames:
		return strings.Join(names[:maxNames], ", ") + " and more"
	}
	return strings.Join(names, ", ")
}

func day(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 UTC") }

// alertIn returns the alert that the peer ended TLS with.
func alertIn(err error) (n uint8, ok bool) {
	var op *net.OpError
	if !errors.As(err, &op) || op.Op != "remote error" {
		return 0, false
	}
	said := op.Err.Error()
	for n := range 256 { // its type is not exported
		if tls.AlertError(n).Error() == said {
			return uint8(n), true
		}
	}
	return 0, false
}

// alert tells an alert of the peer (RFC 8446, section 6).
func (p *tlsPeer) alert(n uint8) (TLSProblem, string) {
	refused := map[uint8]string{
		42: "", 43: "is of a kind that it does not know", 44: "was revoked", 45: "has expired, it says",
		46: "", 48: "is signed by nobody whom it trusts", 49: "lets nobody in",
	}
	if why, about := refused[n]; about || n == 116 {
		return p.ours(n, why)
	}
	says := fmt.Sprintf(" (alert %d)", n)
	switch n {
	case 40:
		if p.asked && p.sent == nil {
			return p.ours(n, "")
		}
		return TLSVersions, "it knows no cipher suite that we do, or misses something" + says
	case 70:
		return TLSVersions, "it speaks no version of TLS that we do" + says
	case 71:
		return TLSVersions, "it finds our cipher suites too weak" + says
	case 120:
		return TLSProtocols, "it speaks none of the protocols that were offered (ALPN)" + says
	case 112:
		return TLSWrongName, "it does not know the name " + p.name + says
	case 80:
		return TLSOther, "it failed in the TLS handshake" + says
	case 0, 90:
		if p.client && p.sent != nil {
			return TLSRefused, "it ended the TLS handshake" + mistrust + says
		}
		return TLSCut, "it ended the TLS handshake" + says
	}
	return TLSOther, "it broke TLS off" + says
}

// mistrust is why a client may end a handshake in the middle of which it was shown our
// certificate.
const mistrust = " when it had seen this listener's certificate, which it may not trust"

// ours tells that the peer does not accept our certificate, or wants one.
func (p *tlsPeer) ours(alert uint8, why string) (TLSProblem, string) {
	by := ""
	if len(p.signed) > 0 {
		by = " signed by " + strings.Join(p.signed, " or ")
	}
	switch {
	case p.client && alert == 48:
		return TLSRefused, "it does not trust the CA of this listener's certificate"
	case p.client:
		if why != "" {
			why = ", which " + why
		}
		return TLSRefused, "it does not accept this listener's certificate" + why + fmt.Sprintf(" (alert %d)", alert)
	case p.sent != nil:
		text := fmt.Sprintf("it does not accept our certificate (%s, signed by %s)", called(p.sent), p.sent.Issuer)
		if why != "" {
			text += ": that " + why
		}
		return TLSRefused, text
	case p.given != nil && by != "":
		return TLSRefused, fmt.Sprintf("it wants a client certificate%s, and ours is signed by %s", by, p.given.Issuer)
	case p.asked || alert == 116:
		return TLSWantsClient, "it wants a client certificate" + by + ", and none was given"
	}
	return TLSOther, fmt.Sprintf("it refuses the connection (alert %d)", alert)
}

// local tells what this end broke TLS off for; text is that of crypto/tls.
func (p *tlsPeer) local(text string) (TLSProblem, string) {
	for _, known := range [...]struct {
		has, say string
		problem  TLSProblem
	}{
		{"unsupported protocol version", "it speaks no version of TLS from 1.2 on", TLSVersions},
		{"offered only unsupported versions", "it speaks no version of TLS from 1.2 on", TLSVersions},
		{"no supported versions", "no version of TLS is left to speak", TLSVersions},
		{"cipher suite", "no cipher suite in common", TLSVersions},
		{"no mutually supported", "no parameters of TLS in common", TLSVersions},
		{"supported elliptic curves", "no key exchange in common", TLSVersions},
		{"application protocol", "none of the protocols that it offers can be had (ALPN)", TLSProtocols},
		{"ALPN", "it chose a protocol that was not offered (ALPN)", TLSProtocols},
		{"didn't provide a certificate", "it showed no certificate, and one is asked for", TLSWantsClient},
		{damaged, "a record of TLS was damaged on its way", TLSOther},
	} {
		if strings.Contains(text, known.has) {
			return known.problem, known.say
		}
	}
	for _, prefix := range []string{"local error: ", "remote error: ", "tls: ", "x509: "} {
		text = strings.ReplaceAll(text, prefix, "")
	}
	return TLSOther, "TLS failed: " + text
}

// ProblemOf returns which kind of failure of TLS err tells of; TLSOther if of none.
func ProblemOf(err error) TLSProblem {
	var failed *TLSError
	if errors.As(err, &failed) {
		return failed.Problem
	}
	return TLSOther
}
