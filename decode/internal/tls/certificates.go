package tls

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"

	"golang.org/x/crypto/cryptobyte"

	"github.com/socktrace/socktrace/wire"
)

// maxCertificates bounds how many of a chain are told.
const maxCertificates = 10

// certificates reads a Certificate message, without its header (RFC 5246, section 7.4.2;
// RFC 8446, section 4.4.2).
func certificates(b []byte, version uint16) (all []wire.Certificate) {
	s := cryptobyte.String(b)
	var context, list, der, extensions cryptobyte.String
	if version >= tls13 && !s.ReadUint8LengthPrefixed(&context) || !s.ReadUint24LengthPrefixed(&list) {
		return nil
	}
	for len(all) < maxCertificates && list.ReadUint24LengthPrefixed(&der) {
		all = append(all, certificate(der))
		if version >= tls13 && !list.ReadUint16LengthPrefixed(&extensions) {
			return all
		}
	}
	return all
}

// certificate returns what is told of a certificate. Of one that cannot be read that is
// what it is known by.
func certificate(der []byte) wire.Certificate {
	sum := sha256.Sum256(der)
	c := wire.Certificate{Fingerprint: "sha256:" + hex.EncodeToString(sum[:])}
	x, err := x509.ParseCertificate(der)
	if err != nil {
		return c
	}
	c.Subject, c.Issuer, c.NotBefore, c.NotAfter = x.Subject.String(), x.Issuer.String(), x.NotBefore, x.NotAfter
	c.Names = append(append(c.Names, x.DNSNames...), x.EmailAddresses...)
	for _, ip := range x.IPAddresses {
		c.Names = append(c.Names, ip.String())
	}
	for _, u := range x.URIs {
		c.Names = append(c.Names, u.String())
	}
	return c
}
