package text

import (
	"bytes"
	"strings"

	"github.com/socktrace/socktrace/redact/internal/chars"
	"github.com/socktrace/socktrace/redact/internal/field"
	"github.com/socktrace/socktrace/redact/internal/name"
)

// tag is what is known of a tag of XML, as far as it went by: the name of its
// element, without prefix, and what an attribute calls it.
type tag struct {
	open  bool // a start tag
	end   bool // an end tag
	name  string
	attr  string // whose value stands here, in lower case
	told  string // what an attribute such as name="password" says, or the text before an end tag
	holds bool   // an attribute holds what another names
	cdata int    // how much of cdata stands behind it
}

// next takes what stands before end, which is one of nameEnds.
func (t *tag) next(before []byte, end byte) {
	if i := bytes.LastIndexByte(before, '<'); i >= 0 {
		if *t = (tag{end: chars.HasPrefixAt(before, i, "</")}); t.end {
			t.told = string(nameBefore(before, i))
			return
		}
		t.open = i == 0 || !name.Chars[before[i-1]] // not List<Token>
		before = before[i+1:]
	}
	if !t.open {
		return
	}
	if t.name == "" {
		called, rest := field.FirstToken(before)
		switch {
		case len(called) == 0: // it is none
			t.open = false
			return
		case end != ':' || len(rest) > 0:
			t.name = string(called)
		}
		before = rest
	}
	t.attribute(before, end)
}

// attribute takes what stands before end in a start tag: the value of an attribute, and
// the name of the next.
func (t *tag) attribute(before []byte, end byte) {
	if end == ':' {
		return
	}
	before = bytes.TrimRight(before, " \t\r\n/")
	value := before
	if end == '=' {
		value = before[:len(before)-len(nameBefore(before, len(before)))]
	}
	attr := before[len(value):]
	value = bytes.TrimRight(value, " \t\r\n")
	if n := len(value); n > 0 && isQuoteAt(value, n-1) {
		value = value[:n-1]
	}
	if called := nameBefore(value, len(value)); len(called) > 0 && naming[t.attr] {
		t.told = string(called)
	}
	t.attr = strings.ToLower(string(attr))
	t.holds = t.holds || holding[t.attr]
}

// value takes what went by of the value of the attribute.
func (t *tag) value(b []byte) {
	if t.open && naming[t.attr] && len(t.told)+len(b) <= name.Max {
		t.told += string(b)
	}
}

// naming are attributes that say what the value is that stands beside them, or in the
// element; holding are those of such values.
var (
	naming  = map[string]bool{"name": true, "key": true, "property": true, "field": true}
	holding = map[string]bool{"value": true, "val": true, "content": true, "defaultvalue": true}
)

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
