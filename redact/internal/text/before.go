package text

import (
	"bytes"

	"github.com/socktrace/socktrace/redact/internal/chars"
	"github.com/socktrace/socktrace/redact/internal/field"
	"github.com/socktrace/socktrace/redact/internal/key"
	"github.com/socktrace/socktrace/redact/internal/name"
)

// before returns the name before the mark at text[i], if that makes what stands
// behind it a secret, and where the value begins; 0 if it does not.
func (r *Rules) before(text []byte, i int) (called []byte, from int) {
	switch text[i] {
	case '=':
		called = nameBefore(text, i)
		if !r.Given.IsSecret(called) || i+1 < len(text) && text[i+1] == '=' {
			return nil, 0
		}
		return called, i + 1
	case ':':
		return r.beforeColon(text, i)
	}
	return r.beforeBlank(text, i)
}

// beforeColon is before of a colon: the name is that of a secret header field,
// or of a secret in quoted JSON.
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

// beforeBlank is before of a space or tab, if the next word is the value of the
// word before: a secret flag, or what a Dockerfile's ENV sets.
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
