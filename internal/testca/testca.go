// Package testca makes certificates for tests.
package testca

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// CA signs certificates.
type CA struct {
	Cert *x509.Certificate
	Pool *x509.CertPool // that trusts it
	t    testing.TB
	key  *ecdsa.PrivateKey
}

// New makes a CA.
func New(t testing.TB, name string) *CA {
	t.Helper()
	a := &CA{t: t, Pool: x509.NewCertPool()}
	a.Cert, a.key = a.sign(name, func(c *x509.Certificate) {
		c.IsCA, c.BasicConstraintsValid, c.KeyUsage = true, true, x509.KeyUsageCertSign
	})
	a.Pool.AddCert(a.Cert)
	return a
}

// sign makes a certificate for a name, changed by set. The first of a CA is its own.
func (a *CA) sign(name string, set func(*x509.Certificate)) (*x509.Certificate, *ecdsa.PrivateKey) {
	a.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		a.t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()),
		Subject:      pkix.Name{CommonName: name},
		NotBefore:    time.Now().Add(-time.Hour),
		NotAfter:     time.Now().Add(time.Hour),
	}
	if set != nil {
		set(template)
	}
	parent, signer := a.Cert, a.key
	if parent == nil {
		parent, signer = template, key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, &key.PublicKey, signer)
	if err != nil {
		a.t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		a.t.Fatal(err)
	}
	return cert, key
}

// Issue makes a certificate, changed by set if that is not nil, with its key.
func (a *CA) Issue(name string, set func(*x509.Certificate)) tls.Certificate {
	a.t.Helper()
	cert, key := a.sign(name, set)
	return tls.Certificate{Certificate: [][]byte{cert.Raw}, PrivateKey: key}
}

// SelfSigned makes a certificate that has signed itself, changed by set if that is not nil.
func SelfSigned(t testing.TB, name string, set func(*x509.Certificate)) tls.Certificate {
	t.Helper()
	return (&CA{t: t}).Issue(name, set)
}

// Local has a certificate be for this machine.
func Local(c *x509.Certificate) {
	c.DNSNames, c.IPAddresses = []string{"localhost"}, []net.IP{net.IPv4(127, 0, 0, 1)}
}

// Expired has it be one that was valid for the first hour of 1970.
func Expired(c *x509.Certificate) { c.NotBefore, c.NotAfter = time.Unix(0, 0), time.Unix(3600, 0) }

// PEM makes a certificate, as Issue does, with its key, as they are in files.
func (a *CA) PEM(name string, set func(*x509.Certificate)) (cert, key []byte) {
	a.t.Helper()
	pair := a.Issue(name, set)
	der, err := x509.MarshalPKCS8PrivateKey(pair.PrivateKey)
	if err != nil {
		a.t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: pair.Certificate[0]}), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
}

// Write writes ca.pem, and a certificate for a name with its key, cert.pem and key.pem,
// into a new folder.
func (a *CA) Write(name string, set func(*x509.Certificate)) (dir string) {
	a.t.Helper()
	cert, key := a.PEM(name, set)
	dir = a.t.TempDir()
	for file, b := range map[string][]byte{"ca.pem": pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.Cert.Raw}), "cert.pem": cert, "key.pem": key} {
		if err := os.WriteFile(filepath.Join(dir, file), b, 0o600); err != nil {
			a.t.Fatal(err)
		}
	}
	return dir
}
