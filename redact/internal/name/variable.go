package name

import (
	"bytes"

	"github.com/socktrace/socktrace/redact/internal/chars"
)

// Chars are those of the names of variables, labels, options and flags.
var Chars = chars.Of("aA0", "_.-")

// IsSecret says whether the value of the variable, label, option or flag with
// this name is taken for a secret. It finds too much rather than too little.
func (g Given) IsSecret(name []byte) bool {
	var buf [Max]byte
	low := Lower(&buf, name)
	if g.Has(low) {
		return true
	}
	if string(low) == "pwd" || string(low) == "oldpwd" {
		return false // the working directory
	}
	for i, c := range low {
		if wordBegins[c] && secretWord(low[i:]) {
			return true
		}
	}
	return false
}

// IsSecretFlag says whether the word behind the option with this name is a
// secret.
func (g Given) IsSecretFlag(name []byte) bool {
	return len(name) > 1 && !chars.HasFoldAt(name, 0, "no-") && !chars.HasFoldAt(name, len(name)-6, "-stdin") && g.IsSecret(name)
}

// wordBegins are what the words that tell of secrets begin with.
var wordBegins = chars.Of("", "pstkcad")

// secretWord says whether b begins with a word that tells of a secret.
func secretWord(b []byte) bool {
	switch b[0] {
	case 'p':
		return chars.HasPrefixAt(b, 0, "pass") || chars.HasPrefixAt(b, 0, "pwd") || chars.HasPrefixAt(b, 0, "private")
	case 's':
		return chars.HasPrefixAt(b, 0, "secret")
	case 't':
		return chars.HasPrefixAt(b, 0, "token")
	case 'k':
		return chars.HasPrefixAt(b, 0, "key")
	case 'c':
		return chars.HasPrefixAt(b, 0, "cred") || chars.HasPrefixAt(b, 0, "conn") && bytes.Contains(b, []byte("str"))
	case 'a':
		// "author" and "authority" do not authorize.
		return chars.HasPrefixAt(b, 0, "auth") && (!chars.HasPrefixAt(b, 0, "author") || chars.HasPrefixAt(b, 0, "authori") && !chars.HasPrefixAt(b, 0, "authority"))
	case 'd':
		return chars.HasPrefixAt(b, 0, "dsn")
	}
	return false
}
