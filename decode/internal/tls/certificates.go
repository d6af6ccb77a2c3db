package tls

import (
	"crypto/x509"

	"golang.org/x/crypto/cryptobyte"

	"github.com/socktrace/socktrace/internal/certificate"
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
		all = append(all, read(der))
		if version >= tls13 && !list.ReadUint16LengthPrefixed(&extensions) {
			return all
		}
	}
	return all
}

// read returns what is told of a certificate. Of one that cannot be read that is
// what it is known by.
func read(der []byte) wire.Certificate {
	x, err := x509.ParseCertificate(der)
	if err != nil {
		return wire.Certificate{Fingerprint: certificate.Fingerprint(der)}
	}
	return certificate.Told(x)
}
