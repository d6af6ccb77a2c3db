package intercept

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/socktrace/socktrace/wire"
)

// choose is called when a client has begun to shake hands, with the protocols that it
// offers (ALPN). It returns the one that the client gets; empty: none. An error ends
// the handshake.
type choose func(ctx context.Context, offered []string) (protocol string, err error)

// acceptTLS shakes hands with a client. The protocol that it gets is chosen in the
// middle of that, when it is known what it offers. Errors are told in plain words, but
// for those of choose, which are returned as they are. c is closed on errors.
func acceptTLS(ctx context.Context, c net.Conn, config *tls.Config, choose choose) (*secured, error) {
	watch := &alertWatch{Conn: c}
	s := &secured{tlsPeer: tlsPeer{client: true, watch: watch}, began: time.Now()}
	var refusal error // of choose
	greeted := false
	outer := config.Clone()
	outer.GetConfigForClient = func(hello *tls.ClientHelloInfo) (*tls.Config, error) {
		greeted, s.offered = true, hello.SupportedProtos
		protocol, err := choose(hello.Context(), hello.SupportedProtos)
		inner := config.Clone()
		inner.SessionTicketsDisabled = true // each handshake shows the certificates
		inner.DynamicRecordSizingDisabled = true
		inner.NextProtos = nil
		inner.Certificates = nil
		inner.GetCertificate = func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
			cert, err := certificateFor(config, hello)
			if err == nil {
				s.show(cert)
			}
			return cert, err
		}
		var failed *TLSError
		switch {
		case errors.As(err, &failed) && failed.Problem == TLSProtocols:
			refusal, inner.NextProtos = err, noProtocol // the client sees what the daemon answers
		case err != nil:
			refusal = err
			return nil, err
		case protocol != "":
			inner.NextProtos = []string{protocol}
		}
		return inner, nil
	}
	s.conn = tls.Server(watch, outer)
	err := s.conn.HandshakeContext(ctx)
	if err == nil {
		s.shaken, s.end, watch.over = true, time.Now(), true
		return s, nil
	}
	var record tls.RecordHeaderError
	if errors.As(err, &record) && record.Conn != nil && looksLikeHTTP(string(record.RecordHeader[:])) {
		answerPlain(c)
	}
	c.Close()
	switch {
	case refusal != nil:
		return nil, refusal
	case !greeted && (errors.Is(err, io.EOF) || errors.Is(err, syscall.ECONNRESET)):
		return nil, errSilent
	}
	return nil, &wire.PeerError{Dir: wire.ToServer, Err: fmt.Errorf("client: %w", s.explain(err))}
}

// errSilent is the end of a client that has not said a word.
var errSilent = errors.New("nothing was said")

// isPeer reports whether err is one of the peer that sends what goes in direction d.
func isPeer(err error, d wire.Dir) bool {
	var peer *wire.PeerError
	return errors.As(err, &peer) && peer.Dir == d
}

// noProtocol is none that a client can offer, since its name is too long: what it
// offers is refused (RFC 7301, section 3.2).
var noProtocol = []string{strings.Repeat("-", 256)}

// certificateFor returns the certificate that a client is shown.
func certificateFor(config *tls.Config, hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
	if config.GetCertificate != nil {
		return config.GetCertificate(hello)
	}
	for i := range config.Certificates {
		if hello.SupportsCertificate(&config.Certificates[i]) == nil {
			return &config.Certificates[i], nil
		}
	}
	return &config.Certificates[0], nil
}

// plainChoice is the protocol of a client whose daemon speaks plain: none, but for a
// client that goes on only if it gets one, and may have one that fits.
func plainChoice(offered []string) string {
	switch {
	case slices.Contains(offered, "http/1.1"):
		return "http/1.1"
	case len(offered) == 1:
		return offered[0]
	}
	return ""
}

// plainPatience is how long a client that speaks plain HTTP may take to read that it
// should not.
const plainPatience = 500 * time.Millisecond

// answerPlain says so to a client in words that clients know.
func answerPlain(c net.Conn) {
	const text = "Client sent an HTTP request to an HTTPS server.\n"
	_ = c.SetDeadline(time.Now().Add(plainPatience))
	_, err := io.WriteString(c, "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n"+text)
	if err == nil && closeWrite(c) { // a close with unread input would throw the answer away
		_, _ = io.CopyN(io.Discard, c, 1<<20)
	}
}
