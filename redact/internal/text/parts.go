package text

import (
	"bytes"
	"net/url"
	"slices"

	"github.com/socktrace/socktrace/redact/internal/chars"
	"github.com/socktrace/socktrace/redact/internal/mask"
	"github.com/socktrace/socktrace/redact/internal/words"
)

// Parts follows a text that begins with a boundary, whatever it says it is, however it is
// cut: fields of a form in parts, of which some are secrets by their names (RFC 7578,
// section 4.2). Its zero value is ready.
type Parts struct {
	// Headed says that the first boundary may have been left out, as by what took it
	// for JSON.
	Headed bool

	state      partState
	boundaries [][]byte // of parts, and of parts in them
	line       []byte   // the beginning of the line, as far as it is looked at
	name       string   // of the field, if it is a secret
	says       words.Meaning
	begun      bool // something of its value has gone by
}

// partState says what the text is in.
type partState uint8

const (
	beforeParts partState = iota
	noParts
	inBoundary
	inHead
	inContent
)

// maxPartLine bounds what is kept of a line, and maxBoundaries how deep parts in parts
// are looked into.
const (
	maxPartLine   = 1 << 10
	maxBoundaries = 3
)

// Find adds the fields in text, the next piece, that are secrets.
func (p *Parts) Find(r *Rules, found mask.Spans, text []byte, prefix string) mask.Spans {
	for i := 0; i < len(text) && p.state != noParts; {
		size, ended := bytes.IndexByte(text[i:], '\n')+1, true
		if size == 0 {
			size, ended = len(text)-i, false
		}
		fresh := len(p.line) == 0
		p.line = append(p.line, text[i:i+min(size, maxPartLine-len(p.line))]...)
		if p.borders(); p.state == inContent && p.name != "" {
			value := bytes.TrimRight(text[i:i+size], "\r\n")
			if whole := ended && fresh && !p.begun; !whole || !p.says.Excuses(value) {
				found = found.Piece(text, i, i+len(value), prefix+p.name)
			}
			p.begun = p.begun || len(value) > 0
		}
		if ended {
			p.next(r)
		}
		i += size
	}
	return found
}

// borders notes whether the line may be a boundary, and whether the text has none.
func (p *Parts) borders() {
	switch {
	case p.state == beforeParts && p.Headed && mayBegin(p.line, disposition):
		if len(p.line) >= len(disposition) {
			p.state = inHead
		}
	case p.state == beforeParts:
		if !mayBegin(p.line, dashes) {
			p.state, p.line = noParts, nil
		}
	case p.state == inContent && p.name == "" && len(p.boundaries) < maxBoundaries:
		if bytes.HasPrefix(p.line, []byte(dashes)) {
			p.state = inBoundary
		}
	case p.state == inContent:
		for _, b := range p.boundaries {
			if bytes.HasPrefix(p.line, b) {
				p.state = inBoundary
			}
		}
	}
}

// What begins a boundary, and the head of a field.
const (
	dashes      = "--"
	disposition = "content-disposition:"
)

// mayBegin says whether b, or what it may go on to be, begins with prefix.
func mayBegin(b []byte, prefix string) bool {
	return chars.HasFoldAt(b, 0, prefix[:min(len(b), len(prefix))])
}

// next goes on behind a line.
func (p *Parts) next(r *Rules) {
	line := bytes.TrimRight(p.line, " \t\r\n")
	switch p.state {
	case beforeParts, inBoundary:
		p.state, p.name, p.begun = inHead, "", false
		if known := func(b []byte) bool { return bytes.HasPrefix(line, b) }; len(p.boundaries) < maxBoundaries && !slices.ContainsFunc(p.boundaries, known) {
			p.boundaries = append(p.boundaries, bytes.Clone(line))
		}
	case inHead:
		if called := FieldName(line); len(called) > 0 {
			if m := r.Given.Of(called); m != 0 {
				p.name, p.says = string(called), m
			}
		}
		if len(line) == 0 {
			p.state = inContent
		}
	}
	p.line = p.line[:0]
}

// FieldName returns the name of the form's field that a part with this head is; empty if
// it has none.
func FieldName(head []byte) []byte {
	for i := range head {
		if !chars.HasFoldAt(head, i, "name") || i > 0 && chars.Alnum[head[i-1]] {
			continue
		}
		value, extended := bytes.CutPrefix(head[i+len("name"):], []byte("*"))
		value, ok := bytes.CutPrefix(value, []byte("="))
		switch {
		case !ok:
			continue
		case extended: // RFC 8187
			value = value[:fieldNameEnds.Find(value)]
			if plain, err := url.PathUnescape(string(value[bytes.LastIndexByte(value, '\'')+1:])); err == nil {
				value = []byte(plain)
			}
			return value
		case len(value) > 0 && value[0] == '"':
			value, _, _ = bytes.Cut(value[1:], []byte(`"`))
			return value
		}
		return value[:fieldNameEnds.Find(value)]
	}
	return nil
}

var fieldNameEnds = chars.Of("", "; \t\r\n")
