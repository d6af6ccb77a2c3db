package intercept

import (
	"crypto"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"strings"
)

// KeyPair reads a certificate, with those that signed it, and its key: PEM (RFC 7468)
// from two files, whose names are for errors.
func KeyPair(certFile string, certPEM []byte, keyFile string, keyPEM []byte) (tls.Certificate, error) {
	var pair tls.Certificate
	for _, b := range blocks(certPEM) {
		if b.Type == "CERTIFICATE" {
			pair.Certificate = append(pair.Certificate, b.Bytes)
		}
	}
	if len(pair.Certificate) == 0 {
		return pair, fmt.Errorf("%s: no certificate in it", certFile)
	}
	leaf, err := x509.ParseCertificate(pair.Certificate[0])
	if err != nil {
		return pair, fmt.Errorf("%s: malformed certificate", certFile)
	}
	key, err := privateKey(keyFile, keyPEM)
	if err != nil {
		return pair, err
	}
	public, ok := key.Public().(interface{ Equal(crypto.PublicKey) bool })
	if !ok || !public.Equal(leaf.PublicKey) {
		return pair, fmt.Errorf("%s: not the key of %s", keyFile, certFile)
	}
	pair.PrivateKey, pair.Leaf = key, leaf
	return pair, nil
}

// privateKey reads the first key in a file.
func privateKey(name string, text []byte) (crypto.Signer, error) {
	for _, b := range blocks(text) {
		switch {
		case !strings.HasSuffix(b.Type, "PRIVATE KEY"):
			continue
		case b.Type == "ENCRYPTED PRIVATE KEY", strings.Contains(b.Headers["Proc-Type"], "ENCRYPTED"):
			return nil, fmt.Errorf("%s: the key is encrypted: openssl pkey -in %s -out FILE takes the password off", name, name)
		}
		var key any
		var err error
		for _, parse := range []func([]byte) (any, error){
			x509.ParsePKCS8PrivateKey,
			func(der []byte) (any, error) { return x509.ParsePKCS1PrivateKey(der) },
			func(der []byte) (any, error) { return x509.ParseECPrivateKey(der) },
		} {
			if key, err = parse(b.Bytes); err == nil {
				break
			}
		}
		signer, ok := key.(crypto.Signer)
		if err != nil || !ok {
			return nil, fmt.Errorf("%s: malformed key, or one of an unknown kind", name)
		}
		return signer, nil
	}
	return nil, fmt.Errorf("%s: no private key in it", name)
}

// Pool reads the certificates of CAs from a PEM file, whose name is for errors.
func Pool(name string, text []byte) (*x509.CertPool, error) {
	pool, n := x509.NewCertPool(), 0
	for _, b := range blocks(text) {
		if b.Type != "CERTIFICATE" {
			continue
		}
		cert, err := x509.ParseCertificate(b.Bytes)
		if err != nil {
			return nil, fmt.Errorf("%s: malformed certificate", name)
		}
		pool.AddCert(cert)
		n++
	}
	if n == 0 {
		return nil, fmt.Errorf("%s: no certificate in it", name)
	}
	return pool, nil
}

// blocks returns the blocks of PEM in text.
func blocks(text []byte) []*pem.Block {
	var all []*pem.Block
	for {
		b, rest := pem.Decode(text)
		if b == nil {
			return all
		}
		all, text = append(all, b), rest
	}
}
