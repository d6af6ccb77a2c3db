// Package loose finds secrets in texts of which nobody knows what they are: JSON
// behind something else or within it, parts, forms, lines. It is for what comes whole;
// text.Lines follows what comes in pieces.
package loose

import (
	"bytes"

	"github.com/socktrace/socktrace/redact/internal/form"
	"github.com/socktrace/socktrace/redact/internal/jsonmask"
	"github.com/socktrace/socktrace/redact/internal/mask"
	"github.com/socktrace/socktrace/redact/internal/name"
	"github.com/socktrace/socktrace/redact/internal/query"
	"github.com/socktrace/socktrace/redact/internal/text"
)

// Finder finds secrets in texts of unknown kind.
type Finder struct {
	Rules *text.Rules
	In    jsonmask.Where // of what is JSON in them
	Label string         // what they go by
	Ended bool           // they do not go on

	depth int // of parts in parts
}

// maxDepth bounds how deep parts in parts are looked into.
const maxDepth = 3

// Find adds the secrets in b to found.
func (f Finder) Find(found mask.Spans, b []byte) mask.Spans {
	if wide, ok := narrow(b); ok {
		if len(f.Find(nil, wide)) > 0 {
			found = found.Either(f.Rules.Marks, b, 0, len(b), f.Ended, f.Label)
		}
		return found
	}
	if i := jsonAt(b); i >= 0 {
		return f.json(found, b, span{i, len(b), f.Ended})
	}
	switch {
	case isEnveloped(b):
		for _, at := range envelopes(b, f.Ended) {
			found = f.json(found, b, at)
		}
	case IsParts(b) && f.depth < maxDepth:
		for _, p := range parts(b, f.Ended) {
			found = f.part(found, b, p)
		}
		return found
	case isForm(b):
		found = query.Params(f.Rules, found, b, 0, false, f.Ended, f.Label)
	default:
		for _, at := range documents(b, f.Ended) {
			found = f.json(found, b, at)
		}
	}
	l := text.Lines{Prose: true}
	found = l.Find(f.Rules, found, b, f.Label+".")
	return form.Find(found, f.Rules.Marks, b, f.Ended, f.Label)
}

// Field adds the secrets in value, which is that of a form's field with this name.
func (f Finder) Field(found mask.Spans, called, value []byte) mask.Spans {
	m := f.Rules.Given.Of(called)
	if m == 0 || f.Ended && m.Excuses(value) {
		return f.Find(found, value)
	}
	return found.Either(f.Rules.Marks, value, 0, len(value), f.Ended, name.Join(f.Label, called))
}

// part adds the secrets in a part of b.
func (f Finder) part(found mask.Spans, b []byte, p part) mask.Spans {
	f.depth++
	f.Ended = true
	found = shifted(found, f.Find(nil, b[p.head.from:p.head.to]), p.head.from)
	f.Ended = p.content.ended
	return shifted(found, f.Field(nil, p.called, b[p.content.from:p.content.to]), p.content.from)
}

// json adds the secrets in what is JSON in b.
func (f Finder) json(found mask.Spans, b []byte, at span) mask.Spans {
	var w jsonmask.Walker
	return shifted(found, w.Find(f.Rules, b[at.from:at.to], f.Label, f.In, at.ended), at.from)
}

// shifted adds what was found in a text that begins at from.
func shifted(found, inner mask.Spans, from int) mask.Spans {
	for _, sp := range inner {
		sp.From, sp.To = sp.From+from, sp.To+from
		found = append(found, sp)
	}
	return found
}

// isForm says whether b looks like the parameters of a query: one word, with names.
func isForm(b []byte) bool {
	b = bytes.TrimRight(b, "\r\n")
	return bytes.IndexByte(b, '=') > 0 && !bytes.ContainsAny(b, " \t\r\n\"'<>{}\x00")
}
