package intercept

import (
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"net"
	"time"

	"github.com/socktrace/socktrace/internal/certificate"
	"github.com/socktrace/socktrace/wire"
)

// secured is one end of a connection that speaks TLS with us. It is made in the
// handshake, by one goroutine, and does not change when that is over.
type secured struct {
	tlsPeer
	conn       *tls.Conn
	began, end time.Time // of the handshake
	offered    []string  // protocols, by who is the client there
	shown      *tls.Certificate
}

// event tells what was agreed on.
func (s *secured) event(c *wire.Conn) *wire.TLS {
	state := s.conn.ConnectionState()
	ev := &wire.TLS{
		Meta:     wire.Meta{Conn: c, Start: s.began, End: s.end},
		Version:  tls.VersionName(state.Version),
		Cipher:   tls.CipherSuiteName(state.CipherSuite),
		Offered:  s.offered,
		Protocol: state.NegotiatedProtocol,
		Resumed:  state.DidResume,
	}
	if net.ParseIP(state.ServerName) == nil { // else it is not sent (RFC 6066, section 3)
		ev.ServerName = state.ServerName
	}
	theirs, ours := certificates(state.PeerCertificates), []wire.Certificate(nil)
	if s.shown != nil && s.sent != nil {
		ours = append(ours, certificate.Told(s.sent))
		for _, der := range s.shown.Certificate[1:] {
			if c, err := x509.ParseCertificate(der); err == nil {
				ours = append(ours, certificate.Told(c))
			}
		}
	}
	if s.client {
		ev.Peer, ev.Client, ev.Server = "client", theirs, ours
	} else {
		ev.Peer, ev.Client, ev.Server, ev.Dir = "server", ours, theirs, wire.ToClient
	}
	return ev
}

// show notes the certificate that we show.
func (s *secured) show(c *tls.Certificate) {
	s.shown, s.sent = c, leafOf(c)
}

// leafOf returns the certificate of who has c; nil if c is none.
func leafOf(c *tls.Certificate) *x509.Certificate {
	if c == nil || len(c.Certificate) == 0 {
		return nil
	}
	if c.Leaf != nil {
		return c.Leaf
	}
	leaf, err := x509.ParseCertificate(c.Certificate[0])
	if err != nil {
		return nil
	}
	return leaf
}

// maxChain bounds how many certificates of one end are told: connections are many, and
// remembered with them.
const maxChain = 8

func certificates(all []*x509.Certificate) []wire.Certificate {
	var told []wire.Certificate
	for _, c := range all[:min(len(all), maxChain)] {
		told = append(told, certificate.Told(c))
	}
	return told
}

// distinguished returns names of CAs as messages tell them.
func distinguished(all [][]byte) []string {
	var names []string
	for _, der := range all {
		var sequence pkix.RDNSequence
		if _, err := asn1.Unmarshal(der, &sequence); err != nil {
			continue
		}
		var name pkix.Name
		name.FillFromRDNSequence(&sequence)
		if s := name.String(); s != "" && len(names) < maxNames {
			names = append(names, s)
		}
	}
	return names
}
