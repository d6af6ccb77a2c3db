package text

import (
	"bytes"
	"strings"

	"github.com/socktrace/socktrace/redact/internal/chars"
	"github.com/socktrace/socktrace/redact/internal/mask"
	"github.com/socktrace/socktrace/redact/internal/words"
)

// held is what elements of XML hold that is a secret by what stands before them: by the
// text of an element, as in <key>password</key><string>…</string>, by an attribute of the
// element around them, or since the text of that is a secret that goes on in them.
type held struct {
	last   string // the element whose text may stand here, in lower case
	secret string // the name of the secret; empty if there is none
	named  bool   // elements hold it that are called like values
	depth  int    // elements that are open, with the one around them
	all    int    // from this depth on every element holds it; 0: none
}

// maxHeld is how deep a value is in elements that a name stands before.
const maxHeld = 8

// begin has the secret with this name held by values that follow.
func (h *held) begin(called string) { *h = held{last: h.last, secret: called, named: true, depth: 1} }

// goOn has the elements that follow go on with the text of the secret with this name.
func (h *held) goOn(called string) {
	if h.secret == "" {
		h.begin(called)
		h.named = false
	}
	h.all = h.depth
}

// enter goes into an element.
func (h *held) enter(called string) {
	h.last = strings.ToLower(called)
	if h.depth++; h.depth > maxHeld {
		h.secret = ""
	}
}

// leave goes out of an element whose text ends in what may be a name.
func (h *held) leave(r *Rules, text string) {
	h.depth--
	if h.all > h.depth {
		h.all = 0
	}
	if h.depth < 1 || h.all == 0 && !h.named {
		h.secret = ""
	}
	if h.all == 0 && (strings.HasSuffix(h.last, "key") || strings.HasSuffix(h.last, "name")) {
		if h.secret = ""; isStrong(r.Given.Of([]byte(text))) {
			h.begin(text)
		}
	}
	h.last = ""
}

// goesOn says whether the text that follows is of the secret, whatever it is in.
func (h *held) goesOn() bool { return h.secret != "" && h.all > 0 }

// holds says whether the text of the element that was entered is of the secret.
func (h *held) holds() bool {
	return h.goesOn() || h.secret != "" && (strings.HasSuffix(h.last, "value") || valueElements[h.last])
}

// valueElements hold what a name before them says, as those whose names end in "value".
var valueElements = map[string]bool{"string": true, "data": true, "integer": true, "int": true, "val": true, "content": true}

// leading are elements whose names are for others than people, who read what stands
// in them, or behind them.
var leading = map[string]bool{"a": true, "input": true, "select": true, "form": true, "button": true, "fieldset": true, "iframe": true, "slot": true}

// isStrong says whether a name is that of a secret in XML, where many things are keys
// and codes.
func isStrong(m words.Meaning) bool { return m != 0 && m&(words.Weak|words.Code) == 0 }

// attribute notes the attribute whose name went by, if it holds the value of a secret that
// another one has named, or its element. It reports whether it does.
func (l *Lines) attribute(r *Rules) bool {
	t := &l.tag
	if !t.open || !holding[t.attr] {
		return false
	}
	called := t.told
	if called == "" {
		called = t.name
	}
	m := r.Given.Of([]byte(called))
	if !isStrong(m) {
		return false
	}
	l.name, l.says, l.ends, l.takes, l.apart = called, m, assignEnds, (*Lines).assigned, true
	return true
}

// element notes what the tag that ends here says of the text behind it.
func (l *Lines) element(r *Rules) {
	t, empty := l.tag, bytes.HasSuffix(l.tail, []byte("/"))
	l.tag = tag{}
	switch {
	case t.end:
		l.held.leave(r, t.told)
	case t.name != "" && !empty:
		l.held.enter(t.name)
		if l.holder(r, &t) {
			return
		}
	}
	if l.held.goesOn() && (t.end || t.open) {
		l.inElement(l.held.secret, words.Secret)
	}
}

// holder notes an element that holds a secret, and reports whether it does.
func (l *Lines) holder(r *Rules, t *tag) bool {
	if m := r.Given.Of([]byte(t.told)); isStrong(m) && !t.holds && !leading[t.name] {
		l.held.begin(t.told)
		l.inElement(t.told, m)
		return true
	}
	if m := r.Given.Of([]byte(t.name)); isStrong(m) {
		l.inElement(t.name, m)
		return true
	}
	if l.held.holds() {
		l.inElement(l.held.secret, r.Given.Of([]byte(l.held.secret)))
		return true
	}
	return false
}

// inElement notes that the text that follows is the value of a secret.
func (l *Lines) inElement(called string, m words.Meaning) {
	l.name, l.says, l.takes = called, m, (*Lines).inside
}

// inside adds the text of an element: what stands behind its tag in the line. Behind a
// blank it is none, but what people write in usage messages. Elements in it go on with it.
func (l *Lines) inside(r *Rules, found mask.Spans, text []byte, i int, prefix string) (mask.Spans, int) {
	if !l.begun {
		var other string
		if i, l.begun, other = l.tag.text(text, i); other != "" {
			l.name, l.tag, l.tail = "", tag{}, append(l.tail[:0], other...)
			return found, i
		}
		switch {
		case i == len(text):
			return found, i
		case !l.begun && !l.held.goesOn() && isBlank(text[i]):
			l.name, l.tag = "", tag{}
			return found, i
		}
	}
	n := elementEnds.Find(text[i:])
	ended, some := i+n < len(text), l.begun || n > 0
	if whole := ended && !l.begun; !whole || !l.says.Excuses(text[i:i+n]) {
		found = found.Either(r.Marks, text, i, i+n, whole, prefix+l.name)
	} else {
		some = false
	}
	if l.begun = !ended; ended {
		l.behindText(text[i+n], some)
	}
	return found, i + n
}

// behindText notes what stands behind the text of an element, or a part of it: other
// elements, or the end of the line. some says that there was a secret.
func (l *Lines) behindText(end byte, some bool) {
	switch {
	case end != '<' && l.held.goesOn():
		l.held = held{}
	case end == '<' && some && !l.held.goesOn():
		l.held.goOn(l.name)
	}
	l.name, l.tag = "", tag{}
}

var elementEnds = chars.Of("", "<\r\n")
