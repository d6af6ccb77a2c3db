// Package field knows which header and trailer fields carry secrets, and how
// their values begin.
package field

import (
	"strings"

	"github.com/socktrace/socktrace/redact/internal/chars"
	"github.com/socktrace/socktrace/redact/internal/memo"
	"github.com/socktrace/socktrace/redact/internal/name"
	"github.com/socktrace/socktrace/redact/internal/words"
	"github.com/socktrace/socktrace/wire"
)

// always are the fields, in lower case, whose values are secrets, whatever they are.
var always = map[string]bool{
	"authorization":                     true,
	"proxy-authorization":               true,
	"cookie":                            true,
	"set-cookie":                        true,
	"x-registry-auth":                   true, // base64url of an AuthConfig
	"x-registry-config":                 true, // the same, by registry
	"x-docker-expose-session-sharedkey": true,
	"x-docker-expose-session-uuid":      true, // whoever knows it can call the client's session
	"grpc-status-details-bin":           true, // base64 of what failed: of a build, with its variables
}

// Known are what the names of fields say. It is safe for concurrent use.
type Known struct {
	given name.Given
	asked memo.Memo
}

// New returns what fields say where the user gave these names.
func New(given name.Given) *Known { return &Known{given: given} }

// Of returns what the name of a field says of its value. Of a name that is no
// token, such as one with white space behind it, the last token counts.
func (k *Known) Of(called []byte) words.Meaning {
	if made, ok := k.asked.Of(called); ok {
		return words.Meaning(made)
	}
	m := of(k.given, called)
	k.asked.Put(called, uint32(m))
	return m
}

// OfString is Of.
func (k *Known) OfString(called string) words.Meaning {
	if made, ok := k.asked.OfString(called); ok {
		return words.Meaning(made)
	}
	return k.Of([]byte(called))
}

func of(given name.Given, called []byte) words.Meaning {
	token := LastToken(called)
	m := given.Of(called) | given.Of(token)
	if isAlways(token) {
		m |= words.Secret | words.Strict
	}
	return m
}

// isAlways says whether name is one of always.
func isAlways(name []byte) bool {
	var buf [40]byte // more than any of them has
	low := buf[:copy(buf[:], name)]
	for i, c := range low {
		low[i] = chars.Lower(c)
	}
	return always[string(low)]
}

// InText is Of where a text may quote a field: a single word there may be anything,
// such as "token: missing", but for names that nothing else has.
func (k *Known) InText(called []byte) words.Meaning {
	m := k.Of(called)
	if m == 0 || k.given.Has(called) {
		return m
	}
	low := strings.ToLower(string(called))
	if low == "authorization" || low == "cookie" || strings.ContainsFunc(low, isBorder) && m&words.Weak == 0 && wire.IsTokenChar(low[0]) {
		return m
	}
	return 0
}

// isBorder says whether c is between the words of a field's name.
func isBorder(c rune) bool { return c == '-' || c == '_' }
