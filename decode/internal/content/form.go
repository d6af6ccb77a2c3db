package content

import (
	"bytes"

	"github.com/socktrace/socktrace/decode/internal/window"
	"github.com/socktrace/socktrace/internal/media"
	"github.com/socktrace/socktrace/wire"
)

// maxFieldName bounds the name of a field of a form. What is longer is a text.
const maxFieldName = 1 << 10

// form takes a form as a query is (application/x-www-form-urlencoded) apart: each
// value is told decoded, as what it is, with the name of its field.
type form struct {
	choose chooser
	name   []byte // encoded, as far as it has come
	any    bool   // something of the field has come
	inside bool   // behind its equals sign
	from   window.Place
	to     window.Place
	value  nested
	escape []byte // the beginning of a percent escape
	depth  int
}

func (f *form) Write(out Out, at window.Place, b []byte) {
	for len(b) > 0 {
		end := bytes.IndexByte(b, '&')
		piece := b
		if end >= 0 {
			piece = b[:end]
		}
		if len(piece) > 0 {
			f.take(out, at, piece)
		}
		if end < 0 {
			return
		}
		f.field(out, Ended)
		at, b = at.Plus(end+1), b[end+1:]
	}
}

// take takes bytes of a field.
func (f *form) take(out Out, at window.Place, b []byte) {
	if !f.any {
		f.any, f.from = true, at
	}
	f.to = at.Plus(len(b) - 1)
	if !f.inside {
		name, value, ok := bytes.Cut(b, []byte("="))
		switch {
		case len(f.name)+len(name) > maxFieldName: // it is no name
			value = append(f.name, b...)
			f.name = nil
			f.begin("")
		case !ok:
			f.name = append(f.name, name...)
			return
		default:
			f.begin(string(unescape(nil, append(f.name, name...))))
		}
		b = value
	}
	escaped := append(f.escape, b...)
	n := len(escaped)
	if i := bytes.LastIndexByte(escaped[max(0, n-2):], '%'); i >= 0 {
		n = max(0, n-2) + i
	}
	f.value.write(out, at, unescape(nil, escaped[:n]))
	f.escape = bytes.Clone(escaped[n:])
}

// begin begins the value of a field.
func (f *form) begin(name string) {
	f.inside = true
	f.value = nested{content: f.choose(media.Type{}, f.depth+1), name: name, fixed: true, off: f.from.Off}
}

// field ends a field.
func (f *form) field(out Out, how End) {
	switch {
	case !f.any:
		return
	case f.inside:
		f.value.write(out, f.to, f.escape)
		f.value.close(out, how)
		if !f.value.sent {
			out.Send(Unit{Kind: wire.KindText, Name: f.value.name, From: f.from, To: f.to})
		}
	default:
		text := unescape(nil, f.name)
		out.Send(Unit{Kind: wire.KindText, From: f.from, To: f.to, Data: text, Size: int64(len(text))})
	}
	*f = form{choose: f.choose, depth: f.depth}
}

func (f *form) Close(out Out, how End) { f.field(out, how) }

// unescape appends to b what s stands for in a form.
func unescape(b, s []byte) []byte {
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '+':
			b = append(b, ' ')
		case c == '%' && i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2]):
			b = append(b, hexDigit(s[i+1])<<4|hexDigit(s[i+2]))
			i += 2
		default:
			b = append(b, c)
		}
	}
	return b
}

func isHex(c byte) bool { return c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'f' }

func hexDigit(c byte) byte {
	if c <= '9' {
		return c - '0'
	}
	return c | 0x20 - 'a' + 10
}
