package loose

import (
	"bytes"

	"github.com/socktrace/socktrace/redact/internal/text"
)

// part is one of a body that has several (RFC 2046, section 5.1.1).
type part struct {
	head, content span
	called        []byte // the name of the form's field that it is; empty if it has none
}

// IsParts says whether b begins with a boundary, and a part behind it.
func IsParts(b []byte) bool {
	return bytes.HasPrefix(b, []byte("--")) && bytes.IndexByte(b, '\n') > 0
}

// parts returns the parts of b, which begins with a boundary.
func parts(b []byte, ended bool) (all []part) {
	size := bytes.IndexByte(b, '\n')
	boundary := append([]byte("\n"), bytes.TrimRight(b[:size], " \t\r")...)
	for i := size + 1; i < len(b); {
		end, whole := len(b), ended
		if n := bytes.Index(b[i:], boundary); n >= 0 {
			end, whole = i+n, true
		}
		all = append(all, cutPart(b, i, end, whole))
		next := bytes.IndexByte(b[min(end+1, len(b)):], '\n')
		if next < 0 {
			break
		}
		i = end + 1 + next + 1
	}
	return all
}

// cutPart cuts the part b[from:to] behind the empty line that ends its head.
func cutPart(b []byte, from, to int, ended bool) part {
	border := to
	for i := from; i < to; {
		size := bytes.IndexByte(b[i:to], '\n')
		if size < 0 {
			break
		}
		if len(bytes.TrimRight(b[i:i+size], "\r")) == 0 {
			border = i + size + 1
			break
		}
		i += size + 1
	}
	if to > border && b[to-1] == '\r' {
		to-- // the line end is the boundary's
	}
	return part{span{from, border, true}, span{border, max(border, to), ended}, text.FieldName(b[from:border])}
}
