package text

import (
	"bytes"

	"github.com/socktrace/socktrace/redact/internal/chars"
	"github.com/socktrace/socktrace/redact/internal/field"
	"github.com/socktrace/socktrace/redact/internal/key"
	"github.com/socktrace/socktrace/redact/internal/name"
)

// What follows returns the name before the mark at text[i], if that makes what
// stands behind it a secret, and where the value begins; 0 if it does not.

// beforeEquals is for an assignment, but no comparison.
func (r *Rules) beforeEquals(text []byte, i int) (called []byte, from int) {
	called = nameBefore(text, i)
	if !r.Given.IsSecret(called) || i+1 < len(text) && text[i+1] == '=' {
		return nil, 0
	}
	return called, i + 1
}

// beforeColon is for secret header fields, and secrets in quoted JSON.
func (r *Rules) beforeColon(text []byte, i int) (called []byte, from int) {
	end := i
	for end > max(0, i-4) && isBlank(text[end-1]) {
		end--
	}
	quoted := end > 0 && (text[end-1] == '"' || text[end-1] == '\'')
	if quoted {
		end--
		if end > 0 && text[end-1] == '\\' {
			end--
		}
	}
	called = nameBefore(text, end)
	switch {
	case field.IsSecret(called):
	case quoted && key.Of(r.Given, called)&key.Secret != 0:
	case !quoted && r.Given.Has(called):
	default:
		return nil, 0
	}
	return called, behindBlanks(text, i+1)
}

// beforeBlank is for words that are the values of the words before: of secret
// flags, and what a Dockerfile's ENV sets.
func (r *Rules) beforeBlank(text []byte, i int) (called []byte, from int) {
	called = nameBefore(text, i)
	start := i - len(called)
	isFlag := start > 0 && text[start-1] == '-'
	if len(called) == 0 || !isFlag && !isEnv(text, start) {
		return nil, 0
	}
	from = behindBlanks(text, i+1)
	switch {
	case from == len(text):
	case isFlag && text[from] != '-' && r.Given.IsSecretFlag(called),
		!isFlag && r.Given.IsSecret(called):
		return called, from
	}
	return nil, 0
}

// isEnv says whether "ENV" is before the name at text[i:].
func isEnv(text []byte, i int) bool {
	return chars.HasPrefixAt(text, i-4, "ENV ") && (i == 4 || !name.Chars[text[i-5]])
}

// nameBefore returns the name that ends before text[i], without dashes at its
// front.
func nameBefore(text []byte, i int) []byte {
	start := i
	for start > 0 && i-start < 2*name.Max && name.Chars[text[start-1]] {
		start--
	}
	return bytes.TrimLeft(text[start:i], "-")
}

// behindBlanks returns where the blanks at text[i:] end.
func behindBlanks(text []byte, i int) int {
	for i < len(text) && isBlank(text[i]) {
		i++
	}
	return i
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' }
