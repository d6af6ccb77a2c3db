package text

import (
	"github.com/socktrace/socktrace/redact/internal/chars"
	"github.com/socktrace/socktrace/redact/internal/mask"
	"github.com/socktrace/socktrace/redact/internal/name"
)

// Assignments adds the secrets in a text that may quote command lines,
// variables and options: values of what has a secret name, as in
//
//	export API_TOKEN=…; mysql --password=… --token … -e "DB_PASSWORD=…"
//	ENV API_TOKEN …                                 (of a Dockerfile)
//	-H "X-Vault-Token: …" -d '{"password": "…"}'
//
// Text is from i on; in a list, values end with commas too. ended says that
// the text does not go on.
func (r *Rules) Assignments(found mask.Spans, text []byte, i int, list, ended bool, label string) mask.Spans {
	var open byte // the quote that we are within
	for ; i < len(text); i++ {
		if i += begins.Find(text[i:]); i == len(text) {
			break
		}
		var called []byte
		var from int
		switch c := text[i]; c {
		case '"', '\'':
			if open == 0 {
				open = c
			} else if open == c {
				open = 0
			}
			continue
		case '=':
			called, from = r.beforeEquals(text, i)
		case ':':
			called, from = r.beforeColon(text, i)
		default:
			called, from = r.beforeBlank(text, i)
		}
		if from == 0 {
			continue
		}
		var to int
		var closed bool
		if text[i] == ':' {
			from, to, closed = fieldValue(text, from)
		} else {
			from, to, closed = wordValue(text, from, list, open)
		}
		if !isReference(text[from:to]) {
			found = found.Either(r.Marks, text, from, to, closed || ended, name.Join(label, called))
		}
		if from-1 > i && isQuoteAt(text, to) && text[to] == text[from-1] {
			to++ // the quotes around it
		}
		i = max(i, to-1)
	}
	return found
}

// begins are what values begin behind, and quotes.
var begins = chars.Of("", "=: \t\"'")
