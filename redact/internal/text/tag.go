package text

import (
	"bytes"

	"github.com/socktrace/socktrace/redact/internal/field"
	"github.com/socktrace/socktrace/redact/internal/name"
)

// tag is what is known of a start tag of XML, as far as it went by: the name of its
// element, without prefix.
type tag struct {
	open  bool
	name  string
	cdata int // how much of cdata stands behind it
}

// next takes what stands before end, which is one of nameEnds.
func (t *tag) next(before []byte, end byte) {
	if i := bytes.LastIndexByte(before, '<'); i >= 0 {
		*t = tag{open: i == 0 || !name.Chars[before[i-1]]} // not List<Token>
		before = before[i+1:]
	}
	if !t.open || t.name != "" {
		return
	}
	called, rest := field.FirstToken(before)
	switch {
	case len(called) == 0: // an end tag, or none
		t.open = false
	case end != ':' || len(rest) > 0:
		t.name = string(called)
	}
}

// cdata begins text in which "<" has no meaning, up to "]]>" (XML 1.0, section 2.7).
const cdata = "<![CDATA["

// text skips what begins the text of the element at b[i:], if it is cdata, however it is
// cut. It returns where to go on; begun says that cdata has, and other that the text was
// none: another element begins, with what stood before b[i:].
func (t *tag) text(b []byte, i int) (at int, begun bool, other string) {
	for i < len(b) && t.cdata < len(cdata) && b[i] == cdata[t.cdata] {
		t.cdata++
		i++
	}
	switch n := t.cdata; {
	case n == len(cdata):
		return i, true, ""
	case n > 0 && i < len(b):
		return i, false, cdata[:n]
	}
	return i, false, ""
}
