package text

import (
	"github.com/socktrace/socktrace/redact/internal/chars"
	"github.com/socktrace/socktrace/redact/internal/name"
)

// tail is the end of what went by of a stream: a name may be cut.
type tail []byte

// add keeps the last name.Max bytes of what went by.
func (t *tail) add(b []byte) {
	if len(b) >= name.Max {
		*t = append((*t)[:0], b[len(b)-name.Max:]...)
		return
	}
	if over := len(*t) + len(b) - name.Max; over > 0 {
		*t = (*t)[:copy(*t, (*t)[over:])]
	}
	*t = append(*t, b...)
}

// uncontrol leaves control sequences of a terminal out, and reports whether there were any.
func (t *tail) uncontrol() bool {
	if !chars.MayControl(*t) {
		return false
	}
	had := len(*t)
	*t = chars.Uncontrolled((*t)[:0], *t)
	return len(*t) < had
}
