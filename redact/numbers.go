package redact

import (
	"strings"

	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/redact/internal/chars"
	"github.com/socktrace/socktrace/redact/internal/mask"
	"github.com/socktrace/socktrace/wire"
)

// numbered says whether the numbers in a are made of bytes that nobody must see: what is
// typed, or hidden by what a connection travels in, was read as what it is not. What only
// counts bytes tells nothing of them.
func numbered(s *connState, known dockerapi.Traits, a *wire.Anomaly) bool {
	typed := known&dockerapi.Input != 0 && a.Dir == wire.ToServer
	return (typed || s.carrier.hides(a.Dir)) && (strings.HasPrefix(a.Code, "bad-") || fromBytes[a.Code])
}

// fromBytes are the codes of anomalies with numbers of the traffic, besides those that
// call it bad.
var fromBytes = map[string]bool{"malformed-head": true, "goaway": true, "not-processed": true}

// maskNumbers masks the numbers in detail, and bytes in hexadecimal digits. It reports
// whether there are any.
func maskNumbers(detail string) (string, bool) {
	var out strings.Builder
	some := false
	for i := 0; i < len(detail); {
		n := mask.Size(detail[i:])
		word := wordChars.Run([]byte(detail[i:]))
		switch {
		case n > 0:
			out.WriteString(detail[i : i+n])
		case isNumber(detail[i : i+word]):
			n, some = word, true
			out.WriteString(mask.Partial(n))
		default:
			n = max(word, 1)
			out.WriteString(detail[i : i+n])
		}
		i += n
	}
	return out.String(), some
}

// isNumber says whether a word has a digit, or is a byte in hexadecimal digits.
func isNumber(word string) bool {
	return strings.ContainsAny(word, "0123456789") || len(word) == 2 && strings.Trim(word, "abcdef") == ""
}

var wordChars = chars.Of("aA0", "")
