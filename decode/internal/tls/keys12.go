package tls

import (
	"crypto"
	"crypto/hmac"
	"crypto/subtle"
	"hash"

	"github.com/socktrace/socktrace/wire"
)

// agreed is what the hellos of a handshake agreed on, before TLS 1.3.
type agreed struct {
	version        uint16
	suite          suite
	client, server [32]byte // the random bytes of the two
	encryptFirst   bool     // RFC 7366
}

// openers12 returns what opens the records of both directions under a master secret (RFC
// 5246, section 6.3).
func openers12(a agreed, master []byte) (o [2]opener, err error) {
	s, ivSize, explicit := a.suite, 0, false
	switch s.algorithm {
	case gcm:
		ivSize = 4
	case chacha20:
		ivSize = 12
	case aesCBC, desCBC:
		explicit = a.version >= tls11
		if ivSize = 16; s.algorithm == desCBC {
			ivSize = 8
		}
		if explicit {
			ivSize = 0
		}
	}
	macSize := 0
	if s.mac != 0 {
		macSize = s.mac.Size()
	}
	seed := append(append([]byte(nil), a.server[:]...), a.client[:]...)
	block := keyBlock(a, master, seed, 2*(macSize+s.key+ivSize))
	take := func(n int) (both [2][]byte) {
		both[wire.ToServer], both[wire.ToClient], block = block[:n], block[n:2*n], block[2*n:]
		return both
	}
	macs, keys, ivs := take(macSize), take(s.key), take(ivSize)
	for dir := range o {
		if s.mac == 0 {
			o[dir], err = newAEAD(s, keys[dir], ivs[dir], false)
		} else {
			iv := ivs[dir]
			if explicit {
				iv = nil
			}
			o[dir], err = newCBC(s, keys[dir], macs[dir], iv, a.encryptFirst)
		}
		if err != nil {
			return o, err
		}
	}
	return o, nil
}

// keyBlock returns n bytes that keys are cut from: by the hash of the suite, or, before
// TLS 1.2, by MD5 and SHA-1 together (RFC 2246, section 5).
func keyBlock(a agreed, master, seed []byte, n int) []byte {
	const label = "key expansion"
	if a.version >= tls12 {
		return prf(a.suite.hash.New, master, label, seed, n)
	}
	half := (len(master) + 1) / 2
	block := prf(crypto.MD5.New, master[:half], label, seed, n)
	subtle.XORBytes(block, block, prf(crypto.SHA1.New, master[len(master)-half:], label, seed, n))
	return block
}

// prf is P_hash (RFC 5246, section 5).
func prf(h func() hash.Hash, secret []byte, label string, seed []byte, n int) []byte {
	seed = append([]byte(label), seed...)
	sum := func(parts ...[]byte) []byte {
		m := hmac.New(h, secret)
		for _, p := range parts {
			m.Write(p)
		}
		return m.Sum(nil)
	}
	var out []byte
	for a := sum(seed); len(out) < n; a = sum(a) {
		out = append(out, sum(a, seed)...)
	}
	return out[:n]
}
