package redact

import (
	"bytes"

	"github.com/socktrace/socktrace/redact/internal/chars"
	"github.com/socktrace/socktrace/redact/internal/mask"
)

// assignments adds the secrets in a text that may quote command lines,
// variables and options: values of what has a secret name, as in
//
//	export API_TOKEN=…; mysql --password=… --token … -e "DB_PASSWORD=…"
//	ENV API_TOKEN …                                 (of a Dockerfile)
//	-H "X-Vault-Token: …" -d '{"password": "…"}'
//
// Text is from i on; in a list, values end with commas too. ended says that
// the text does not go on.
func (r *Redactor) assignments(s mask.Spans, text []byte, i int, list, ended bool, name string) mask.Spans {
	var open byte // the quote that we are within
	for ; i < len(text); i++ {
		if i += assignMarks.Find(text[i:]); i == len(text) {
			break
		}
		var from int
		var called []byte
		switch c := text[i]; c {
		case '"', '\'':
			if open == 0 {
				open = c
			} else if open == c {
				open = 0
			}
			continue
		case '=':
			called = nameBefore(text, i)
			if from = i + 1; !r.isSecretName(called) || from < len(text) && text[from] == '=' {
				continue
			}
		case ':':
			if called, from = r.fieldBefore(text, i); called == nil {
				continue
			}
		case ' ', '\t':
			if called, from = r.wordBefore(text, i); called == nil {
				continue
			}
		}
		var to int
		var closed bool
		if text[i] == ':' {
			from, to, closed = fieldValue(text, from)
		} else {
			from, to, closed = wordValue(text, from, list, open)
		}
		if !isReference(text[from:to]) {
			s = s.Either(r.marks, text, from, to, closed || ended, join(name, called))
		}
		if from-1 > i && to < len(text) && isQuoteAt(text, to) && text[to] == text[from-1] {
			to++ // the quotes around it
		}
		i = max(i, to-1)
	}
	return s
}

// assignMarks are what values stand behind, and quotes.
var assignMarks = chars.Of("", "=: \t\"'")

// join returns the name of what is called so, within what goes by name.
func join(name string, called []byte) string {
	if shown := shownName(called); shown != "" {
		return name + "." + shown
	}
	return name
}

// nameBefore returns the name that ends before text[i], without dashes at its
// front.
func nameBefore(text []byte, i int) []byte {
	start := i
	for start > 0 && i-start < 2*maxName && nameChars[text[start-1]] {
		start--
	}
	return bytes.TrimLeft(text[start:i], "-")
}

// fieldBefore returns the name before the colon at text[i], if it is that of a
// secret header field, or of a secret in quoted JSON; and where its value
// begins.
func (r *Redactor) fieldBefore(text []byte, i int) (name []byte, from int) {
	end := i
	for end > max(0, i-4) && (text[end-1] == ' ' || text[end-1] == '\t') {
		end--
	}
	quoted := end > 0 && (text[end-1] == '"' || text[end-1] == '\'')
	if quoted {
		end--
		if end > 0 && text[end-1] == '\\' {
			end--
		}
	}
	name = nameBefore(text, end)
	if quoted && r.keyOf(name)&keySecret == 0 && !isSecret(name) || !quoted && !isSecret(name) && !r.named(name) {
		return nil, 0
	}
	for from = i + 1; from < len(text) && (text[from] == ' ' || text[from] == '\t'); {
		from++
	}
	return name, from
}

// wordBefore returns the name before the space at text[i], if the next word is
// its value: a secret flag, or one that a Dockerfile's ENV sets. It returns
// where that word begins.
func (r *Redactor) wordBefore(text []byte, i int) (name []byte, from int) {
	name = nameBefore(text, i)
	if len(name) == 0 {
		return nil, 0
	}
	for from = i + 1; from < len(text) && (text[from] == ' ' || text[from] == '\t'); {
		from++
	}
	if from == len(text) {
		return nil, 0
	}
	start := i - len(name)
	switch {
	case start > 0 && text[start-1] == '-':
		if text[from] == '-' || !r.isSecretFlag(name) {
			return nil, 0
		}
	case chars.HasPrefixAt(text, start-4, "ENV "):
		if start > 4 && nameChars[text[start-5]] || !r.isSecretName(name) {
			return nil, 0
		}
	default:
		return nil, 0
	}
	return name, from
}

// wordValue returns the place of the value that begins at text[from:], and
// whether its end was seen. It is a word of a shell: quotes around all of it
// are left out, and the quote that we are within ends it.
func wordValue(text []byte, from int, list bool, open byte) (start, end int, closed bool) {
	if start, end, closed = quotedValue(text, from, open); closed || start > from {
		return start, end, closed
	}
	stop := wordEnds
	if list {
		stop = listEnds
	}
	for end = from; end < len(text); {
		switch c := text[end]; {
		case stop[c], open != 0 && c == open:
			return from, end, true
		case open == 0 && isQuoteAt(text, end):
			n := quotedSize(text[end:])
			if n == 0 {
				return from, len(text), false
			}
			end += n
		case c == '\\':
			end = min(end+2, len(text))
		default:
			end++
		}
	}
	return from, end, false
}

// fieldValue is wordValue for what stands behind a colon: it goes on to the
// end of the line, or to a quote.
func fieldValue(text []byte, from int) (start, end int, closed bool) {
	if start, end, closed = quotedValue(text, from, 0); closed || start > from {
		return start, end, closed
	}
	for end = from; end < len(text); end++ {
		if fieldEnds[text[end]] {
			return from, end, true
		}
	}
	return from, end, false
}

// quotedValue is wordValue for what begins with a placeholder or with a quote,
// which may be escaped; otherwise start is from, and closed is false. Of a
// quoted value that goes on behind the quote it knows nothing.
func quotedValue(text []byte, from int, open byte) (start, end int, closed bool) {
	rest := text[from:]
	if n := mask.Size(rest); n > 0 {
		return from, from + n, true
	}
	switch {
	case len(rest) == 0:
	case isQuoteAt(rest, 0) && rest[0] != open:
		n := quotedSize(rest)
		if n == 0 {
			return from + 1, len(text), false
		}
		if n == len(rest) || !nameChars[rest[n]] && !isQuoteAt(rest, n) && rest[n] != '$' {
			return from + 1, from + n - 1, true
		}
	case rest[0] == '\\' && isQuoteAt(rest, 1):
		if n := bytes.IndexAny(rest[2:], "\\\r\n"); n >= 0 {
			return from + 2, from + 2 + n, true
		}
		return from + 2, len(text), false
	}
	return from, from, false
}

func isQuoteAt(b []byte, i int) bool { return i < len(b) && (b[i] == '"' || b[i] == '\'') }

// quotedSize returns the size of the quoted string that b begins with; 0 if
// it is not closed.
func quotedSize(b []byte) int {
	for i := 1; i < len(b); i++ {
		switch b[i] {
		case '\\':
			if b[0] == '"' {
				i++
			}
		case b[0]:
			return i + 1
		}
	}
	return 0
}

// Where values end.
var (
	wordEnds  = chars.Of("", " \t\r\n;&|<>()`")
	listEnds  = chars.Of("", " \t\r\n;&|<>()`,")
	fieldEnds = chars.Of("", "\r\n`\\\"'")
)

// isReference says whether a value is that of a variable or a command, which
// is not said here, such as "$TOKEN", "${TOKEN}" or "$(cat token)".
func isReference(value []byte) bool {
	if len(value) < 2 || value[0] != '$' {
		return len(value) == 1 && value[0] == '$'
	}
	value = value[1:]
	if value[0] == '{' && value[len(value)-1] == '}' {
		value = value[1 : len(value)-1]
	}
	return variableChars.Run(value) == len(value)
}

var variableChars = chars.Of("aA0", "_")
