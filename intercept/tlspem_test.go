package intercept

import (
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"testing"

	"github.com/socktrace/socktrace/internal/testca"
)

func block(kind string, der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
}

// TestKeyPair reads keys in every form, and says what is wrong with a file.
func TestKeyPair(t *testing.T) {
	ca := testca.New(t, "ca")
	cert, key := ca.PEM("x", nil)
	_, other := ca.PEM("x", nil)
	der, _ := pem.Decode(key)
	parsed, err := x509.ParsePKCS8PrivateKey(der.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	sec1, err := x509.MarshalECPrivateKey(parsed.(*ecdsa.PrivateKey))
	if err != nil {
		t.Fatal(err)
	}
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	locked := pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Headers: map[string]string{"Proc-Type": "4,ENCRYPTED", "DEK-Info": "x"}, Bytes: []byte("x")})
	for _, c := range []struct {
		what      string
		cert, key []byte
		want      string
	}{
		{"PKCS 8", cert, key, ""},
		{"SEC 1", cert, block("EC PRIVATE KEY", sec1), ""},
		{"both in one", append(key, cert...), append(cert, key...), ""},
		{"no certificate", key, key, "c.pem: no certificate in it"},
		{"nothing", nil, nil, "c.pem: no certificate in it"},
		{"malformed", block("CERTIFICATE", []byte("x")), key, "c.pem: malformed certificate"},
		{"no key", cert, cert, "k.pem: no private key in it"},
		{"malformed key", cert, block("PRIVATE KEY", []byte("x")), "k.pem: malformed key, or one of an unknown kind"},
		{"encrypted", cert, block("ENCRYPTED PRIVATE KEY", []byte("x")), "k.pem: the key is encrypted: openssl pkey -in k.pem -out FILE takes the password off"},
		{"encrypted before", cert, locked, "k.pem: the key is encrypted: openssl pkey -in k.pem -out FILE takes the password off"},
		{"another's", cert, other, "k.pem: not the key of c.pem"},
		{"of another kind", cert, block("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(rsaKey)), "k.pem: not the key of c.pem"},
	} {
		_, err := KeyPair("c.pem", c.cert, "k.pem", c.key)
		if got := text(err); got != c.want {
			t.Errorf("%s: got %q, want %q", c.what, got, c.want)
		}
	}
	for want, in := range map[string][]byte{"": cert, "ca.pem: no certificate in it": key, "ca.pem: malformed certificate": block("CERTIFICATE", []byte("x"))} {
		if _, err := Pool("ca.pem", in); text(err) != want {
			t.Errorf("pool: got %v, want %q", err, want)
		}
	}
}

func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
