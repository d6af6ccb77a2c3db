package content

import (
	"strings"

	"github.com/socktrace/socktrace/decode/internal/budget"
	"github.com/socktrace/socktrace/decode/internal/window"
)

// foundEnvelopes are envelopes of which some may not have been captured.
type foundEnvelopes struct {
	envelopes
	seeks bool        // a message has to be found again
	seen  window.Held // what may be the beginning of that
}

// newEnvelopes returns what takes a stream out of messages, which are in coding if they
// are compressed. If it begins late, the first of them has to be found.
func newEnvelopes(coding string, a *budget.Account, late bool, to letters) *foundEnvelopes {
	return &foundEnvelopes{envelopes: envelopes{coding: strings.TrimSpace(coding), account: a, to: to}, seeks: late}
}

func (e *foundEnvelopes) write(at window.Place, b []byte) {
	if e.seeks {
		e.seek(at, b)
	} else {
		e.envelopes.write(at, b)
	}
}

// gap says that n bytes are missing, or, if n is negative, an unknown number. Within
// what a message carries that is all; elsewhere the next message has to be found.
func (e *foundEnvelopes) gap(at window.Place, n int64) {
	switch {
	case e.broken || n == 0:
	case n > 0 && e.nprefix == prefixSize && e.chain == nil && e.field.state == inValue && n <= e.left && uint64(n) <= e.field.left:
		is := e.field.is
		e.left -= n
		if e.field.skip(int(n)); is {
			e.to.misses(at, n)
		}
		if e.left == 0 {
			e.end()
		}
	default:
		e.stop()
		e.nprefix, e.left, e.field, e.seen = 0, 0, bytesField{}, window.Held{}
		e.seeks = true
		e.to.misses(at, -1)
	}
}

// seek looks for the beginning of a message. What is before it belongs to one of which
// the beginning is missing.
func (e *foundEnvelopes) seek(at window.Place, b []byte) {
	e.seen.Add(at, b)
	skip, looks := findEnvelope(e.seen.Bytes())
	held := e.seen
	e.seen = window.Held{}
	e.seeks = looks != Yes
	held.Release(func(at window.Place, b []byte) bool {
		n := min(skip, len(b))
		skip -= n
		switch at, b = at.Plus(n), b[n:]; {
		case len(b) == 0:
		case e.seeks:
			e.seen.Add(at, b)
		default:
			e.envelopes.write(at, b)
		}
		return true
	})
}
