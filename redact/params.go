package redact

import (
	"bytes"

	"github.com/socktrace/socktrace/redact/internal/mask"
	"github.com/socktrace/socktrace/redact/internal/query"
)

// params follows a text that may be a form, whatever it says it is: one word, with names
// and values. Its zero value is ready.
type params struct {
	off   bool   // it is none
	field []byte // what went by of the field
	torn  bool   // and there was more than is kept: what follows is a secret
}

// maxField bounds what is kept of a field, in bytes.
const maxField = 1 << 10

// notInForms are characters that show that a text is no form.
const notInForms = " \t\r\n\"'<>{}\x00"

// find adds the secrets in the next piece.
func (p *params) find(r *rules, found mask.Spans, piece []byte, label string) mask.Spans {
	if p.off {
		return found
	}
	if n := bytes.IndexAny(piece, notInForms); n >= 0 {
		p.off, piece = true, piece[:n]
	}
	if p.torn {
		n := bytes.IndexByte(piece, '&')
		if n < 0 {
			return found.Piece(piece, 0, len(piece), label)
		}
		found = found.Piece(piece, 0, n, label)
		p.torn = false
	}
	before := len(p.field)
	joined := append(p.field, piece...)
	if bytes.IndexByte(joined, '=') > 0 {
		found = append(found, behind(query.Params(&r.Rules, nil, joined, 0, false, p.off, label), before)...)
	}
	p.keep(joined[bytes.LastIndexByte(joined, '&')+1:])
	return found
}

// keep keeps a field that may go on. One that is not plain and too long is masked.
func (p *params) keep(field []byte) {
	if len(field) > maxField {
		_, value, _ := bytes.Cut(field[:maxField], []byte("="))
		p.torn = bytes.HasPrefix(value, []byte("%"))
		field = field[:bytes.IndexByte(field[:maxField], '=')+1]
	}
	p.field = append(p.field[:0:0], field...)
}

// behind returns found in a text of which so much was given out before, as it is in the
// rest.
func behind(found mask.Spans, before int) (rest mask.Spans) {
	for _, sp := range found {
		if sp.To -= before; sp.To <= 0 {
			continue
		}
		if sp.From -= before; sp.From < 0 {
			sp.From, sp.With = 0, mask.Partial(sp.To)
		}
		rest = append(rest, sp)
	}
	return rest
}
