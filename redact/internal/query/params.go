package query

import (
	"bytes"

	"github.com/socktrace/socktrace/redact/internal/chars"
	"github.com/socktrace/socktrace/redact/internal/jsonmask"
	"github.com/socktrace/socktrace/redact/internal/mask"
	"github.com/socktrace/socktrace/redact/internal/name"
	"github.com/socktrace/socktrace/redact/internal/text"
)

// Params adds the secrets in the query, or the form, b[i:]. session says that
// the parameter of that name gives access to a client, ended that b does not go
// on.
func Params(r *text.Rules, found mask.Spans, b []byte, i int, session, ended bool, label string) mask.Spans {
	for i < len(b) {
		size := bytes.IndexByte(b[i:], '&')
		whole := size >= 0 || ended
		if size < 0 {
			size = len(b) - i
		}
		if eq := bytes.IndexByte(b[i:i+size], '='); eq >= 0 {
			found = param(r, found, b, i, i+eq, i+size, session, whole, label)
		} else {
			found = encoded(r, found, b, i, i+size, whole, label, nil, nil)
		}
		i += size + 1
	}
	return found
}

// param adds the secrets in the parameter b[from:to], whose "=" stands at
// b[eq].
func param(r *text.Rules, found mask.Spans, b []byte, from, eq, to int, session, ended bool, label string) mask.Spans {
	value := b[eq+1 : to]
	if len(value) == 0 {
		return found
	}
	var buf [2 * name.Max]byte
	called := decode(buf[:0], b[from:eq])
	var look look
	switch kind, m := kindOf(r.Given, called, session); {
	case kind == secret:
		look = func(found mask.Spans, v []byte) mask.Spans {
			if ended && m.Excuses(v) {
				return found
			}
			return found.Either(r.Marks, v, 0, len(v), ended, "")
		}
	case kind == pairs || beginsJSON(value):
		look = func(found mask.Spans, v []byte) mask.Spans {
			return jsonmask.Find(r, found, v, jsonmask.Where{Pairs: kind == pairs}, ended)
		}
	case kind == commands || bytes.IndexByte(value, ':') >= 0 || bytes.IndexByte(value, '%') >= 0:
		look = func(found mask.Spans, v []byte) mask.Spans { return line(r, found, v, kind == commands, ended) }
	}
	return encoded(r, found, b, eq+1, to, ended, label, called, look)
}

// line adds the secrets in v if it is a URL, or if it has commands.
func line(r *text.Rules, found mask.Spans, v []byte, commands, ended bool) mask.Spans {
	isURL := bytes.Contains(v, []byte("://"))
	if !isURL && !commands {
		return found
	}
	return r.Assignments(found, v, 0, isURL, ended, "")
}

// beginsJSON says whether b, which is encoded, begins as an object or an array
// does.
func beginsJSON(b []byte) bool {
	return b[0] == '{' || b[0] == '[' || chars.HasFoldAt(b, 0, "%7b") || chars.HasFoldAt(b, 0, "%5b")
}
