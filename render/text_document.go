package render

import (
	"bytes"
	"strconv"

	"github.com/socktrace/socktrace/internal/plural"
)

// A document of more than mostLines is cut to shownLines where bodies are short: one
// that is cut loses more than a line or two by that.
const (
	shownLines = 20
	mostLines  = 24
)

// document shows what is one document by show, which returns how many members of it
// it left out. Where bodies are short it is cut, and what it lacks is told behind it.
func (t *text) document(show func() (left int)) {
	if t.short() {
		prefix, before := len(t.prefix), t.before
		t.inset(inset)
		defer func() { t.prefix, t.before = t.prefix[:prefix], before }()
	}
	from := len(t.out)
	left := show()
	if t.o.Bodies != BodiesShort {
		return
	}
	cut := bytes.Count(t.out[from:], []byte{'\n'}) - shownLines
	if cut <= mostLines-shownLines {
		cut = 0
	} else {
		end := from
		for range shownLines {
			end += bytes.IndexByte(t.out[end:], '\n') + 1
		}
		t.out = t.out[:end]
	}
	if says := leftOut(cut, left); says != "" {
		t.own(roleFaint, says)
		t.end()
	}
}

// leftOut says how many lines and members of a document are not shown, and how to
// see them; nothing if there are none.
func leftOut(lines, members int) string {
	says := ""
	if lines > 0 {
		says = "… " + strconv.Itoa(lines) + " more " + plural.Word(int64(lines), "line")
	}
	switch {
	case members == 0 && lines == 0:
		return ""
	case members == 0:
	case lines == 0:
		return "… " + emptyMembers(members)
	default:
		says += ", " + emptyMembers(members)
	}
	return says + " (--bodies full)"
}

func emptyMembers(n int) string {
	return strconv.Itoa(n) + " empty " + plural.Word(int64(n), "member") + " left out"
}
