package render

import (
	"strings"
	"unicode/utf8"

	"github.com/socktrace/socktrace/internal/scan"
	"github.com/socktrace/socktrace/wire"
)

// The properties here are for who reads the lines back: they tell what does not
// follow from the others, and are absent where it does.

// previewed is how much of a binary body its event tells: its messages often do
// not.
const previewed = 64

// bodyExact writes how a binary body begins, and its trailer lines.
func (o *object) bodyExact(b *wire.Body) {
	if (b.Content == wire.KindBinary || b.Content == wire.KindTar) && len(b.Data) > 0 {
		o.Base64("begin_base64", b.Data[:min(len(b.Data), previewed)])
	}
	o.lines("trailer_lines", b.Trailer, inferred{masked: b.Masked, prefix: trailersOf[b.Dir&1], either: true})
}

// trailersOf begins the names of masked trailer fields, by direction.
var trailersOf = [2]string{"request.trailers.", "response.trailers."}

// inferred is what a reader knows of fields beside their names and values.
type inferred struct {
	masked []string // parts of the event
	prefix string   // of those that are these fields
	lines  bool     // the protocol has lines
	either bool     // or it has none, as the reader knows
}

// hasLines reports whether heads of the version are made of lines.
func hasLines(version string) bool {
	return !strings.HasPrefix(version, "HTTP/2") && !strings.HasPrefix(version, "HTTP/3")
}

// lines writes the fields that a reader would take for something else: the
// number of the field, from 0, and its line; nothing if it was masked, and an
// empty line if there was none. Of what is not UTF-8, name, value and line are
// base64.
func (o *object) lines(key string, fields []wire.Field, known inferred) {
	opened := false
	for i := range fields {
		f := &fields[i]
		if known.tells(f) {
			continue
		}
		if !opened {
			o.Open(key, '[')
			opened = true
		}
		o.Open("", '[')
		o.Int("", int64(i))
		o.line(f)
		o.Close(']')
	}
	if opened {
		o.Close(']')
	}
}

// line writes how f was sent, if it was not masked.
func (o *object) line(f *wire.Field) {
	if utf8.ValidString(f.Name) && utf8.ValidString(f.Value) && utf8.ValidString(f.Line) {
		if !f.Masked {
			o.String("", f.Line)
		}
		return
	}
	o.Base64("", []byte(f.Name))
	o.Base64("", []byte(f.Value))
	if !f.Masked {
		o.Base64("", []byte(f.Line))
	}
}

// tells reports whether a reader makes f of its name and value.
func (n inferred) tells(f *wire.Field) bool {
	switch {
	case f.Masked != n.names(f.Name):
		return false
	case f.Line != "":
		return !f.Masked && (n.lines || n.either) && isPlainLine(f) && (scan.Graphic(f.Line) == len(f.Line) || utf8.ValidString(f.Line))
	case !f.Masked && n.lines:
		return false
	}
	return utf8.ValidString(f.Name) && utf8.ValidString(f.Value)
}

// names reports whether a field with this name was masked.
func (n inferred) names(field string) bool {
	for _, m := range n.masked {
		if name, ok := strings.CutPrefix(m, n.prefix); ok && name == field {
			return true
		}
	}
	return false
}

// isPlainLine reports whether the line of f is its name, ": ", and its value.
func isPlainLine(f *wire.Field) bool {
	n := len(f.Name)
	return len(f.Line) == n+2+len(f.Value) && f.Line[:n] == f.Name && f.Line[n:n+2] == ": " && f.Line[n+2:] == f.Value
}
