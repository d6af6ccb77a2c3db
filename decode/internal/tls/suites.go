package tls

import (
	"crypto"
	_ "crypto/md5" // the hashes of the suites
	_ "crypto/sha1"
	_ "crypto/sha256"
	_ "crypto/sha512"
	"fmt"
)

// algorithm is how a suite protects records.
type algorithm uint8

const (
	unknown  algorithm = iota // it is not decrypted
	gcm                       // RFC 5288
	chacha20                  // RFC 7905
	aesCBC                    // RFC 5246, section 6.2.3.2
	desCBC                    // 3DES, the same
)

// suite is one of the suites of the registry "TLS Cipher Suites" of IANA.
type suite struct {
	name      string
	algorithm algorithm
	key       int         // its length in bytes
	mac       crypto.Hash // of records, with CBC
	hash      crypto.Hash // of HKDF in TLS 1.3, of the PRF in 1.2
}

// named returns a suite that differs from s in its name.
func (s suite) named(name string) suite {
	s.name = name
	return s
}

var (
	aes128GCM    = suite{"AES_128_GCM_SHA256", gcm, 16, 0, crypto.SHA256}
	aes256GCM    = suite{"AES_256_GCM_SHA384", gcm, 32, 0, crypto.SHA384}
	chaCha       = suite{"CHACHA20_POLY1305_SHA256", chacha20, 32, 0, crypto.SHA256}
	aes128CBC    = suite{"AES_128_CBC_SHA", aesCBC, 16, crypto.SHA1, crypto.SHA256}
	aes256CBC    = suite{"AES_256_CBC_SHA", aesCBC, 32, crypto.SHA1, crypto.SHA256}
	aes128CBC256 = suite{"AES_128_CBC_SHA256", aesCBC, 16, crypto.SHA256, crypto.SHA256}
	aes256CBC256 = suite{"AES_256_CBC_SHA256", aesCBC, 32, crypto.SHA256, crypto.SHA256}
	aes256CBC384 = suite{"AES_256_CBC_SHA384", aesCBC, 32, crypto.SHA384, crypto.SHA384}
	desEDE       = suite{"3DES_EDE_CBC_SHA", desCBC, 24, crypto.SHA1, crypto.SHA256}

	// Those that are known by their names alone.
	aes128CCM   = suite{name: "AES_128_CCM"} // RFC 6655
	aes256CCM   = suite{name: "AES_256_CCM"}
	aes128CCM8  = suite{name: "AES_128_CCM_8"}
	aes256CCM8  = suite{name: "AES_256_CCM_8"}
	aria128GCM  = suite{name: "ARIA_128_GCM_SHA256"} // RFC 6209
	aria256GCM  = suite{name: "ARIA_256_GCM_SHA384"}
	camellia128 = suite{name: "CAMELLIA_128_CBC_SHA256"} // RFC 6367
	camellia256 = suite{name: "CAMELLIA_256_CBC_SHA384"}
	rc4         = suite{name: "RC4_128_SHA"}
)

// suites are those that are known, by their numbers. How keys were exchanged is of no
// matter to records: a key log has what comes of it.
var suites = map[uint16]suite{
	0x1301: aes128GCM.named("TLS_AES_128_GCM_SHA256"),
	0x1302: aes256GCM.named("TLS_AES_256_GCM_SHA384"),
	0x1303: chaCha.named("TLS_CHACHA20_POLY1305_SHA256"),
	0x1304: aes128CCM.named("TLS_AES_128_CCM_SHA256"),
	0x1305: aes128CCM8.named("TLS_AES_128_CCM_8_SHA256"),
}

func init() {
	for _, of := range []struct {
		exchange string
		numbers  map[uint16]suite
	}{
		{"RSA", map[uint16]suite{0x0a: desEDE, 0x2f: aes128CBC, 0x35: aes256CBC, 0x3c: aes128CBC256, 0x3d: aes256CBC256, 0x9c: aes128GCM, 0x9d: aes256GCM}},
		{"DHE_RSA", map[uint16]suite{0x16: desEDE, 0x33: aes128CBC, 0x39: aes256CBC, 0x67: aes128CBC256, 0x6b: aes256CBC256, 0x9e: aes128GCM, 0x9f: aes256GCM, 0xccaa: chaCha}},
		{"DHE_DSS", map[uint16]suite{0x32: aes128CBC, 0x38: aes256CBC, 0x40: aes128CBC256, 0x6a: aes256CBC256, 0xa2: aes128GCM, 0xa3: aes256GCM}},
		{"DH_anon", map[uint16]suite{0x34: aes128CBC, 0x3a: aes256CBC, 0x6c: aes128CBC256, 0x6d: aes256CBC256, 0xa6: aes128GCM, 0xa7: aes256GCM}},
		{"ECDHE_ECDSA", map[uint16]suite{0xc008: desEDE, 0xc009: aes128CBC, 0xc00a: aes256CBC, 0xc023: aes128CBC256, 0xc024: aes256CBC384, 0xc02b: aes128GCM, 0xc02c: aes256GCM, 0xcca9: chaCha}},
		{"ECDHE_RSA", map[uint16]suite{0xc012: desEDE, 0xc013: aes128CBC, 0xc014: aes256CBC, 0xc027: aes128CBC256, 0xc028: aes256CBC384, 0xc02f: aes128GCM, 0xc030: aes256GCM, 0xcca8: chaCha}},
		{"ECDH_anon", map[uint16]suite{0xc018: aes128CBC, 0xc019: aes256CBC}},
		{"PSK", map[uint16]suite{0x8c: aes128CBC, 0x8d: aes256CBC, 0xa8: aes128GCM, 0xa9: aes256GCM, 0xae: aes128CBC256, 0xccab: chaCha}},
		{"ECDHE_PSK", map[uint16]suite{0xc035: aes128CBC, 0xc036: aes256CBC, 0xc037: aes128CBC256, 0xccac: chaCha}},
		{"DHE_PSK", map[uint16]suite{0x90: aes128CBC, 0x91: aes256CBC, 0xaa: aes128GCM, 0xab: aes256GCM, 0xb2: aes128CBC256, 0xccad: chaCha}},
		{"RSA", map[uint16]suite{0x05: rc4, 0xc050: aria128GCM, 0xc051: aria256GCM, 0xc09c: aes128CCM, 0xc09d: aes256CCM, 0xc0a0: aes128CCM8, 0xc0a1: aes256CCM8}},
		{"DHE_RSA", map[uint16]suite{0xc052: aria128GCM, 0xc053: aria256GCM, 0xc09e: aes128CCM, 0xc09f: aes256CCM, 0xc0a2: aes128CCM8, 0xc0a3: aes256CCM8}},
		{"PSK", map[uint16]suite{0xc0a4: aes128CCM, 0xc0a5: aes256CCM, 0xc0a8: aes128CCM8, 0xc0a9: aes256CCM8}},
		{"ECDHE_ECDSA", map[uint16]suite{0xc007: rc4, 0xc05c: aria128GCM, 0xc05d: aria256GCM, 0xc072: camellia128, 0xc073: camellia256, 0xc0ac: aes128CCM, 0xc0ad: aes256CCM, 0xc0ae: aes128CCM8, 0xc0af: aes256CCM8}},
		{"ECDHE_RSA", map[uint16]suite{0xc011: rc4, 0xc060: aria128GCM, 0xc061: aria256GCM, 0xc076: camellia128, 0xc077: camellia256}},
		{"RSA_PSK", map[uint16]suite{0x94: aes128CBC, 0x95: aes256CBC, 0xac: aes128GCM, 0xad: aes256GCM, 0xb6: aes128CBC256, 0xccae: chaCha}},
	} {
		for number, s := range of.numbers {
			suites[number] = s.named("TLS_" + of.exchange + "_WITH_" + s.name)
		}
	}
}

// suiteOf returns the suite of a number, whose name is the number if it is not known.
func suiteOf(number uint16) suite {
	if s, ok := suites[number]; ok {
		return s
	}
	return suite{name: fmt.Sprintf("0x%04X", number)}
}
