package intercept

import (
	"context"
	"crypto/tls"
	"net"
	"time"
)

// dialTLS connects and shakes hands. It offers these protocols (ALPN): those of the
// client, if that speaks TLS too. Errors are told in plain words.
func dialTLS(ctx context.Context, d *net.Dialer, network, address string, config *tls.Config, offered []string) (*secured, error) {
	ctx, cancel := context.WithTimeout(ctx, d.Timeout)
	defer cancel()
	raw, err := d.DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	s := &secured{began: time.Now(), offered: offered}
	c := config.Clone()
	c.NextProtos = offered
	c.DynamicRecordSizingDisabled = true // a record stays one
	if c.ServerName == "" && !c.InsecureSkipVerify {
		c.ServerName = hostOf(address)
	}
	s.name = c.ServerName
	own := c.Certificates
	if len(own) > 0 {
		s.given = leafOf(&own[0])
	}
	c.GetClientCertificate = func(wanted *tls.CertificateRequestInfo) (*tls.Certificate, error) {
		s.asked, s.signed = true, distinguished(wanted.AcceptableCAs)
		for i := range own {
			if wanted.SupportsCertificate(&own[i]) == nil {
				s.show(&own[i])
				return &own[i], nil
			}
		}
		return new(tls.Certificate), nil // none
	}
	s.conn = tls.Client(raw, c)
	if err := s.conn.HandshakeContext(ctx); err != nil {
		raw.Close()
		return nil, s.explain(err)
	}
	s.shaken, s.end = true, time.Now()
	return s, nil
}

// hostOf returns the host of an address, whose certificate is expected there.
func hostOf(address string) string {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return address
	}
	return host
}
