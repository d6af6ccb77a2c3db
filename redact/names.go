package redact

import (
	"bytes"
	"slices"

	"github.com/socktrace/socktrace/redact/internal/chars"
	"github.com/socktrace/socktrace/redact/internal/form"
)

// maxName is how much of a name is looked at: its end, if it is longer.
const maxName = 64

// isSecretName says whether the value of the variable, label, option or flag
// with this name is taken for a secret. It finds too much rather than too
// little.
func (r *Redactor) isSecretName(name []byte) bool {
	var buf [maxName]byte
	low := buf[:copy(buf[:], name[max(0, len(name)-maxName):])]
	for i, c := range low {
		low[i] = chars.Lower(c)
	}
	if r.named(low) {
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

// isSecretFlag says whether the word behind the option with this name is a
// secret.
func (r *Redactor) isSecretFlag(name []byte) bool {
	return len(name) > 1 && !chars.HasFoldAt(name, 0, "no-") && !chars.HasFoldAt(name, len(name)-6, "-stdin") && r.isSecretName(name)
}

// named says whether the user has given this name of a secret.
func (r *Redactor) named(name []byte) bool {
	if len(r.names) == 0 {
		return false
	}
	var buf [maxName]byte
	key, _ := foldName(&buf, name)
	return r.names[string(key)]
}

// foldName returns name as names are compared: in lower case, without dashes
// and underscores, in buf. It returns false if that is too small. Letters that
// encoding/json takes for ASCII ones are those.
func foldName(buf *[maxName]byte, name []byte) ([]byte, bool) {
	n := 0
	for i := 0; i < len(name); i++ {
		c := chars.Lower(name[i])
		switch {
		case c == '-' || c == '_':
			continue
		case chars.HasPrefixAt(name, i, "\u017f"): // long s
			c = 's'
			i++
		case chars.HasPrefixAt(name, i, "\u212a"): // Kelvin sign
			c = 'k'
			i += 2
		}
		if n == len(buf) {
			return buf[:n], false
		}
		buf[n] = c
		n++
	}
	return buf[:n], true
}

// newNames returns the names that a user gave, as foldName has them.
func newNames(names []string) map[string]bool {
	m := make(map[string]bool, len(names))
	for _, name := range names {
		var buf [maxName]byte
		if key, _ := foldName(&buf, []byte(name)); len(key) > 0 {
			m[string(key)] = true
		}
	}
	return m
}

// key says what is known of a JSON value by the key before it.
type key uint16

const (
	keySecret  key = 1 << iota // a string is a secret
	keyDeep                    // so are all strings within an array or object
	keyNumber                  // so are numbers
	keyGiven                   // named by the user: all of these
	keyData                    // a string is a secret, where Docker's secrets and configs are talked of
	keyPairs                   // names and values: an object, or an array of "NAME=value"
	keyWords                   // words of a command line, or a text with such
	keyText                    // a text that may quote command lines
	keyTokens                  // an object of secrets
	keyAuthz                   // copied from another exchange, for an authorization plugin
	keyHeaders                 // the same: an object of header fields
	keyTarget                  // the same: a request target
)

// keys are the JSON keys that mean something, as foldName has them. The first
// are those that Docker's daemon itself masks when it logs requests.
var keys = map[string]key{
	"jointoken":    keySecret | keyDeep,
	"password":     keySecret | keyDeep | keyNumber,
	"secret":       keySecret,
	"signingcakey": keySecret | keyDeep,
	"unlockkey":    keySecret | keyDeep,
	"data":         keyData,

	"auth":               keySecret,
	"identitytoken":      keySecret | keyDeep,
	"registrytoken":      keySecret | keyDeep,
	"jointokens":         keyTokens,
	"accesstoken":        keySecret | keyDeep,
	"refreshtoken":       keySecret | keyDeep,
	"sessiontoken":       keySecret | keyDeep,
	"authtoken":          keySecret | keyDeep,
	"apitoken":           keySecret | keyDeep,
	"idtoken":            keySecret | keyDeep,
	"token":              keySecret,
	"apikey":             keySecret | keyDeep,
	"secretkey":          keySecret | keyDeep,
	"secretaccesskey":    keySecret | keyDeep,
	"clientsecret":       keySecret | keyDeep,
	"privatekey":         keySecret | keyDeep,
	"passphrase":         keySecret | keyDeep | keyNumber,
	"passwd":             keySecret | keyDeep | keyNumber,
	"authorization":      keySecret,
	"proxyauthorization": keySecret,
	"xregistryauth":      keySecret,
	"xregistryconfig":    keySecret,

	"env":         keyPairs,
	"labels":      keyPairs,
	"buildargs":   keyPairs,
	"options":     keyPairs,
	"opts":        keyPairs,
	"driveropts":  keyPairs,
	"config":      keyPairs,
	"annotations": keyPairs,
	"attributes":  keyPairs, // of what an event is about
	"httpheaders": keyHeaders,

	"cmd":        keyWords,
	"entrypoint": keyWords,
	"args":       keyWords,
	"arguments":  keyWords,
	"command":    keyWords,
	"test":       keyWords, // of a health check
	"shell":      keyWords,
	"onbuild":    keyText,
	"processes":  keyText, // of top
	"createdby":  keyText,
	"action":     keyText,
	"status":     keyText,
	"stream":     keyText,
	"message":    keyText,
	"error":      keyText,
	"changes":    keyText,

	"requestbody":     keyAuthz,
	"responsebody":    keyAuthz,
	"requestheaders":  keyHeaders,
	"responseheaders": keyHeaders,
	"requesturi":      keyTarget,
}

// maxStripped is by how much a key may be longer than what foldName makes of
// it, to be known.
const maxStripped = 3

// keySizes tells most keys apart from those of keys: by their first and last
// letters, of which five bits count, so that case does not, it says how long
// such keys are, as a set of bits.
var keySizes = func() (t [32][32]uint64) {
	for k := range keys {
		for n := range maxStripped + 1 {
			t[k[0]&31][k[len(k)-1]&31] |= 1 << (len(k) + n)
		}
	}
	return t
}()

// knownKey is one of keys.
type knownKey struct {
	name string
	key  key
}

// keysBy has the keys by their first letters, of which five bits count.
var keysBy = func() (t [32][]knownKey) {
	for name, k := range keys {
		t[name[0]&31] = append(t[name[0]&31], knownKey{name, k})
	}
	return t
}()

// keyOf classifies a JSON key.
func (r *Redactor) keyOf(name []byte) key {
	n := len(name)
	if n == 0 || n >= maxName {
		return 0
	}
	if len(r.names) == 0 {
		first, last := name[0], name[n-1]
		if keySizes[first&31][last&31]>>n&1 == 0 && chars.Alnum[first] && chars.Alnum[last] {
			return 0
		}
		if chars.Alnum.Run(name) == n { // there is nothing to fold but case
			for _, k := range keysBy[first&31] {
				if len(k.name) == n && chars.HasFoldAt(name, 0, k.name) {
					return k.key
				}
			}
			return 0
		}
	}
	var buf [maxName]byte
	folded, _ := foldName(&buf, name)
	if r.names[string(folded)] {
		return keyGiven | keySecret | keyDeep | keyNumber
	}
	return keys[string(folded)]
}

// shownName returns name as it is told in Masked: as it is if it looks like a
// name, otherwise nothing, since it may be anything.
func shownName(name []byte) string {
	if len(name) == 0 || len(name) > maxName || slices.ContainsFunc(name, func(c byte) bool { return !nameChars[c] && c != '/' && c != ' ' }) {
		return ""
	}
	if form.Index(name) >= 0 {
		return ""
	}
	return string(name)
}

// nameChars are those of the names of variables, labels, options and flags.
var nameChars = chars.Of("aA0", "_.-")
