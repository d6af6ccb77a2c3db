package otlp

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
)

// trust is what is known of who trusts whom: of connections with TLS to one endpoint.
type trust struct {
	asked atomic.Bool // the collector has asked for a certificate, and got none
	given bool        // there is one, which it may have said that it does not want
}

// config returns how an endpoint is spoken to, and notes what it asks for.
func (t *trust) config(c *tls.Config) *tls.Config {
	if c == nil {
		c = &tls.Config{MinVersion: tls.VersionTLS12}
	}
	c = c.Clone()
	t.given = len(c.Certificates) > 0
	own := c.Certificates
	c.GetClientCertificate = func(q *tls.CertificateRequestInfo) (*tls.Certificate, error) {
		for i := range own {
			if q.SupportsCertificate(&own[i]) == nil {
				return &own[i], nil
			}
		}
		t.asked.Store(true)
		return new(tls.Certificate), nil // none: some ask, and do without
	}
	return c
}

// explain returns an error of a request with what may be done about it, if it is one of trust.
func (t *trust) explain(err error) error {
	var refused *tls.CertificateVerificationError
	unknown := x509.UnknownAuthorityError{}
	switch {
	case errors.As(err, &refused) && errors.As(err, &unknown) && len(refused.UnverifiedCertificates) > 0:
		return fmt.Errorf("its certificate is signed by %s, which is not trusted (OTEL_EXPORTER_OTLP_CERTIFICATE names a file with the CA to trust)", refused.UnverifiedCertificates[0].Issuer)
	case refused != nil:
		return fmt.Errorf("its certificate is not trusted: %w", refused.Err)
	case t.asked.Load() && t.given:
		return fmt.Errorf("it wants a client certificate of another CA than that in OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: %w", err)
	case t.asked.Load():
		return fmt.Errorf("it wants a client certificate, and none was given (OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE and _CLIENT_KEY name one): %w", err)
	case strings.Contains(err.Error(), "remote error: tls: "): // the alert has no type of its own
		return fmt.Errorf("it refuses our certificate, or the kind of TLS: %w", err)
	}
	return err
}
