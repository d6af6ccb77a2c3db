// Package certificate says of certificates of X.509 (RFC 5280) who they are for: the same
// of those that peers show us, and of those in captures.
package certificate

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"

	"github.com/socktrace/socktrace/wire"
)

// maxNames bounds how many names of a certificate are told; the last is "…" if there are
// more.
const maxNames = 64

// Fingerprint returns what a certificate is known by, of which der is all.
func Fingerprint(der []byte) string {
	sum := sha256.Sum256(der)
	return "sha256:" + hex.EncodeToString(sum[:])
}

// Told tells of a certificate who it is for.
func Told(c *x509.Certificate) wire.Certificate {
	told := wire.Certificate{
		Subject: c.Subject.String(), Issuer: c.Issuer.String(),
		NotBefore: c.NotBefore.UTC(), NotAfter: c.NotAfter.UTC(),
		Fingerprint: Fingerprint(c.Raw),
	}
	told.Names = append(told.Names, c.DNSNames...)
	for _, ip := range c.IPAddresses {
		told.Names = append(told.Names, ip.String())
	}
	told.Names = append(told.Names, c.EmailAddresses...)
	for _, u := range c.URIs {
		told.Names = append(told.Names, u.String())
	}
	if len(told.Names) > maxNames {
		told.Names = append(told.Names[:maxNames-1:maxNames-1], "…")
	}
	return told
}
