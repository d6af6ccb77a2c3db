package query

import (
	"github.com/socktrace/socktrace/redact/internal/chars"
	"github.com/socktrace/socktrace/redact/internal/name"
)

// kind says what the value of a parameter is.
type kind uint8

const (
	plain    kind = iota
	secret        // a secret, but for yes and no
	pairs         // an object in JSON: names and values
	commands      // a line of a Dockerfile
)

// secretParts are what names of secret parameters have in them, in lower case,
// by their first letter. Five bits of it count.
var secretParts = [32][]string{
	'a' & 31: {"apikey", "api_key", "api-key", "auth"},
	'c' & 31: {"credential"},
	'p' & 31: {"password", "passwd", "passphrase", "pwd", "private_key", "private-key", "privatekey"},
	's' & 31: {"secret", "signature"},
	't' & 31: {"token"},
}

// kindOf classifies a parameter by its name; session says that the parameter
// of that name gives access to a client.
func kindOf(given name.Given, called []byte, session bool) kind {
	if len(called) == 0 {
		return plain
	}
	var buf [name.Max]byte
	low := name.Lower(&buf, called)
	switch string(low) {
	case "buildargs", "labels":
		return pairs
	case "changes":
		return commands
	case "session":
		// Of a client that serves a build.
		if session {
			return secret
		}
	case "key", "code", "pass", "sig", "access_key":
		return secret
	}
	if given.Has(low) || hasSecretPart(low) && !isPlain(string(low)) {
		return secret
	}
	return plain
}

// hasSecretPart says whether name, in lower case, has a secret part.
func hasSecretPart(name []byte) bool {
	for i, c := range name {
		for _, part := range secretParts[c&31] {
			if chars.HasPrefixAt(name, i, part) {
				return true
			}
		}
	}
	return false
}

// isPlain says whether name has a secret part, but is not that of a secret.
func isPlain(name string) bool {
	switch name {
	case "registryauthfrom", "secrets", "author", "authors":
		return true
	}
	return false
}
