package tls

import (
	"crypto/hkdf"
)

// expand is HKDF-Expand-Label of TLS 1.3, without a context (RFC 8446, section 7.1).
func expand(s suite, secret []byte, label string, n int) ([]byte, error) {
	label = "tls13 " + label
	info := string([]byte{byte(n >> 8), byte(n), byte(len(label))}) + label + "\x00"
	return hkdf.Expand(s.hash.New, secret, info, n)
}

// opener13 returns what opens the records that are protected by a traffic secret (RFC
// 8446, section 7.3).
func opener13(s suite, secret []byte) (opener, error) {
	key, err := expand(s, secret, "key", s.key)
	if err != nil {
		return nil, err
	}
	iv, err := expand(s, secret, "iv", 12)
	if err != nil {
		return nil, err
	}
	return newAEAD(s, key, iv, true)
}

// nextSecret returns the traffic secret behind an update of keys (RFC 8446, section
// 7.2).
func nextSecret(s suite, secret []byte) ([]byte, error) {
	return expand(s, secret, "traffic upd", s.hash.Size())
}
