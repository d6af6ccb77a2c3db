package keylog

import (
	"bytes"
	"encoding/hex"
)

// Random is what names a handshake: the random bytes of its first ClientHello.
type Random [32]byte

// Secrets are as long as a digest of SHA-256 or SHA-384; a master secret has always as
// many bytes as the latter (RFC 5246, section 8.1).
const (
	minSecret = 32
	maxSecret = 48
)

// secret is the secret of one line.
type secret struct {
	n     uint8 // how long it is
	bytes [maxSecret]byte
}

// key is what a secret is looked up by.
type key struct {
	label  Label
	random Random
}

// verdict is what a line is.
type verdict uint8

const (
	empty       verdict = iota // a comment, or of a label that is not needed
	good                       // a secret
	malformed                  // a secret that cannot be read
	unsupported                // of a form that is older than the RFC
)

// parse reads one line, without its end.
func parse(line []byte) (k key, s secret, v verdict) {
	line = bytes.TrimRight(line, "\r \t")
	if len(line) == 0 || line[0] == '#' {
		return k, s, empty
	}
	label, rest, _ := bytes.Cut(line, []byte(" "))
	if string(label) == "RSA" { // the premaster secret, by what it was encrypted to or by a session
		return k, s, unsupported
	}
	is, known := labels[string(label)]
	if !known {
		if !isLabel(label) {
			return k, s, malformed
		}
		return k, s, empty
	}
	k.label = is
	random, value, _ := bytes.Cut(rest, []byte(" "))
	if n := len(value); len(random) != 2*len(k.random) || n != 2*maxSecret && (n != 2*minSecret || is == Master) {
		return k, s, malformed
	}
	if _, err := hex.Decode(k.random[:], random); err != nil {
		return k, s, malformed
	}
	n, err := hex.Decode(s.bytes[:], value)
	if err != nil {
		return k, s, malformed
	}
	s.n = uint8(n)
	return k, s, good
}

// isLabel reports whether b is a word that may be a label.
func isLabel(b []byte) bool {
	for _, c := range b {
		if (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '_' {
			return false
		}
	}
	return len(b) > 0
}
