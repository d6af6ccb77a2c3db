package text

import (
	"bytes"

	"github.com/socktrace/socktrace/redact/internal/field"
	"github.com/socktrace/socktrace/redact/internal/mask"
	"github.com/socktrace/socktrace/redact/internal/words"
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
		*t = tag{open: true}
		before = before[i+1:]
	}
	if !t.open || t.name != "" {
		return
	}
	name, rest := field.FirstToken(string(before))
	switch {
	case name == "": // an end tag, or none
		t.open = false
	case end != ':' || rest != "":
		t.name = name
	}
}

// element notes the element whose start tag ends here, if it is that of a secret.
func (l *Lines) element(r *Rules) {
	called, empty := l.tag.name, bytes.HasSuffix(l.tail, []byte("/"))
	l.tag = tag{}
	if m := r.Given.Of([]byte(called)); m&(words.Weak|words.Code) == 0 && m != 0 && !empty {
		l.name, l.says, l.takes = called, m, (*Lines).inside
	}
}

// cdata begins text in which "<" has no meaning, up to "]]>" (XML 1.0, section 2.7).
const cdata = "<![CDATA["

// inside adds the text of an element.
func (l *Lines) inside(r *Rules, found mask.Spans, text []byte, i int, prefix string) (mask.Spans, int) {
	for !l.begun && i < len(text) && text[i] == cdata[l.tag.cdata] {
		l.tag.cdata++
		l.begun = l.tag.cdata == len(cdata)
		i++
	}
	switch n := l.tag.cdata; {
	case n == 0 || n == len(cdata):
	case i < len(text): // another element
		l.name, l.tag, l.tail = "", tag{}, append(l.tail[:0], cdata[:n]...)
		return found, i
	default:
		return found, i
	}
	n := bytes.IndexByte(text[i:], '<')
	ended := n >= 0
	if !ended {
		n = len(text) - i
	}
	if whole := ended && !l.begun; !whole || !l.says.Excuses(bytes.TrimSpace(text[i:i+n])) {
		found = found.Either(r.Marks, text, i, i+n, whole, prefix+l.name)
	}
	if l.begun = !ended && (l.begun || n > 0); ended {
		l.name, l.tag = "", tag{}
	}
	return found, i + n
}
