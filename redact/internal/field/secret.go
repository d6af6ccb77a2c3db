// Package field knows which header and trailer fields carry secrets, and how
// their values begin.
package field

import (
	"github.com/socktrace/socktrace/redact/internal/chars"
	"github.com/socktrace/socktrace/wire"
)

// secretNames are the names of fields whose values are secrets, in lower case;
// secretSuffixes what other such names end with.
var (
	secretNames = []string{
		"authorization",
		"proxy-authorization",
		"cookie",
		"set-cookie",
		"api-key",
		"x-registry-auth",   // base64url of an AuthConfig
		"x-registry-config", // the same, by registry
		"x-docker-expose-session-sharedkey",
		"x-docker-expose-session-uuid", // whoever knows it can call the client's session
		"x-vault-token",
		"x-incus-secret",
	}
	secretSuffixes = []string{"-token", "-api-key", "-secret", "-password", "-authorization"}
)

// ending is what the name of a secret field ends with, or all of it.
type ending struct {
	text  string
	whole bool
}

// endings are those of the names of secret fields, by their last letter. Five
// bits of it count, so that case does not.
var endings = func() (t [32][]ending) {
	add := func(text string, whole bool) {
		at := &t[text[len(text)-1]&31]
		*at = append(*at, ending{text, whole})
	}
	for _, name := range secretNames {
		add(name, true)
	}
	for _, suffix := range secretSuffixes {
		add(suffix, false)
	}
	return t
}()

// IsSecret says whether values of the field with this name are secrets. Of a
// name that is no token the last token in it counts.
func IsSecret[T ~string | ~[]byte](name T) bool {
	n := len(name)
	for n > 0 && !wire.IsTokenChar(name[n-1]) {
		n--
	}
	if n == 0 {
		return false
	}
	for _, e := range endings[name[n-1]&31] {
		at := n - len(e.text)
		if chars.HasFoldAt(name[:n], at, e.text) && (!e.whole || at == 0 || !wire.IsTokenChar(name[at-1])) {
			return true
		}
	}
	return false
}
