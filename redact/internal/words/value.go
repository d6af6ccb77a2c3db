package words

import (
	"bytes"
	"strings"

	"github.com/socktrace/socktrace/redact/internal/chars"
)

// Excuses says whether value, which is whole, is none that a secret has: the answer
// to a question, as in "rotateWorkerToken=true"; the path of a file; and what the
// name itself allows.
func (m Meaning) Excuses(value []byte) bool {
	switch {
	case len(value) == 0:
		return true
	case m&Dir != 0 && value[0] == '/',
		m&Count != 0 && digits.Run(value) == len(value),
		m&Code != 0 && isErrorCode(value),
		m&Asks != 0 && IsAnswer(value):
		return true
	}
	return m&Strict == 0 && (IsAnswer(value) || isPath(value))
}

// answers are the values that choose, and are no secrets.
var answers = set(`true false 0 1 yes no on off none null nil undefined required optional include omit basic bearer digest htpasswd ldap oidc oauth2 anonymous`)

// IsAnswer says whether v answers a question with yes or no, or with a word that
// chooses.
func IsAnswer(v []byte) bool { return len(v) < 10 && answers[strings.ToLower(string(v))] }

var (
	digits    = chars.Of("0", "")
	pathChars = chars.Of("aA0", "/._-@:+")
	errorName = chars.Of("A", "_")
	small     = chars.Of("a", "")
	capital   = chars.Of("A", "")
)

// roots are the folders that paths of files begin in.
var roots = set(`etc run var tmp home usr opt root certs secrets mnt srv dev proc data config auth keys`)

// isPath says whether v is the path of a file: it begins in a folder that is known,
// or ends in a name with a dot, as no base64 does.
func isPath(v []byte) bool {
	if len(v) > 256 || pathChars.Run(v) < len(v) {
		return false
	}
	rest, absolute := bytes.CutPrefix(v, []byte("/"))
	if !absolute && !bytes.HasPrefix(v, []byte("./")) && !bytes.HasPrefix(v, []byte("../")) {
		return false
	}
	first, _, deeper := bytes.Cut(rest, []byte("/"))
	return absolute && deeper && roots[string(first)] || bytes.IndexByte(v[bytes.LastIndexByte(v, '/'):], '.') > 0
}

// isErrorCode says whether v is the code of an error, as in "UNAUTHORIZED", which
// registries say, "ERR_ABORTED", "invalid_grant", "AccessDenied" and "404".
func isErrorCode(v []byte) bool {
	return len(v) <= 3 && digits.Run(v) == len(v) ||
		errorName.Run(v) == len(v) && bytes.IndexByte(v, '_') > 0 || isPhrase(v) || oneWordCodes[string(v)]
}

// isPhrase says whether v is words of small letters: each has a capital before them, or
// an underscore is between.
func isPhrase(v []byte) bool {
	first, words := small, 0
	if len(v) > 0 && capital[v[0]] {
		first = capital
	}
	for ; len(v) > 0; words++ {
		n := 1 + small.Run(v[1:])
		if n < 2 || !first[v[0]] {
			return false
		}
		if v = v[n:]; first == small {
			if len(v) == 1 || len(v) > 1 && v[0] != '_' {
				return false
			}
			v = bytes.TrimPrefix(v, []byte("_"))
		}
	}
	return words > 1
}

// oneWordCodes are those of one word (OCI Distribution Specification, Error Codes;
// google.golang.org/grpc/codes).
var oneWordCodes = set(`UNAUTHORIZED DENIED UNSUPPORTED TOOMANYREQUESTS UNKNOWN ` +
	`OK Canceled Unknown Aborted Unimplemented Internal Unavailable Unauthenticated`)
