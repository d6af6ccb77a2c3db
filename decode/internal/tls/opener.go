package tls

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/des"
	"encoding/binary"

	"golang.org/x/crypto/chacha20poly1305"
)

// opener takes the protection off records of a direction, under one key. It keeps
// nothing of them.
type opener interface {
	// open appends what the fragment of the record number seq carries to dst. ok is
	// false if it is not authentic: of another number, or under another key.
	open(dst []byte, seq uint64, h head, fragment []byte) (plain []byte, ok bool)
	// overhead is how much longer fragments are than what they carry, at least.
	overhead() int
}

// aead is that of suites with AEAD.
type aead struct {
	aead  cipher.AEAD
	iv    []byte
	tls13 bool
}

// newAEAD returns how records are opened with a key, and what nonces are made of: of 4
// bytes with GCM in TLS 1.2, else of 12.
func newAEAD(s suite, key, iv []byte, tls13 bool) (opener, error) {
	if s.algorithm == chacha20 {
		a, err := chacha20poly1305.New(key)
		return &aead{a, iv, tls13}, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	a, err := cipher.NewGCM(block)
	return &aead{a, iv, tls13}, err
}

func (a *aead) overhead() int {
	n := a.aead.Overhead() + a.aead.NonceSize() - len(a.iv)
	if a.tls13 {
		n++ // the type of what is inside
	}
	return n
}

func (a *aead) open(dst []byte, seq uint64, h head, fragment []byte) ([]byte, bool) {
	if len(fragment) < a.overhead() {
		return nil, false
	}
	var nonce [12]byte
	if copy(nonce[:], a.iv) < len(nonce) { // RFC 5288, section 3
		n := copy(nonce[len(a.iv):], fragment)
		fragment = fragment[n:]
	} else { // RFC 8446, section 5.3; RFC 7905, section 2
		for i := range 8 {
			nonce[4+i] ^= byte(seq >> (56 - 8*i))
		}
	}
	data := h[:] // RFC 8446, section 5.2
	if !a.tls13 {
		d := macHead(seq, h, len(fragment)-a.aead.Overhead())
		data = d[:]
	}
	plain, err := a.aead.Open(dst, nonce[:], fragment, data)
	return plain, err == nil
}

// macHead returns what stands before n bytes that are authenticated (RFC 5246, section
// 6.2.3).
func macHead(seq uint64, h head, n int) (b [13]byte) {
	binary.BigEndian.PutUint64(b[:], seq)
	copy(b[8:], h[:3])
	binary.BigEndian.PutUint16(b[11:], uint16(n))
	return b
}

// newBlock returns the block cipher of a suite with CBC.
func newBlock(s suite, key []byte) (cipher.Block, error) {
	if s.algorithm == desCBC {
		return des.NewTripleDESCipher(key)
	}
	return aes.NewCipher(key)
}
