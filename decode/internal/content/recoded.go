package content

import (
	"bytes"
	"unicode/utf8"

	"golang.org/x/text/transform"

	"github.com/socktrace/socktrace/decode/internal/anomaly"
	"github.com/socktrace/socktrace/decode/internal/window"
)

// recoded gives bytes in another form to what is inside: text in UTF-8, or what is
// in base64.
type recoded struct {
	to     transform.Transformer // nil: the bytes are as they should be
	label  string                // of a charset that UTF-8 is often taken for; empty once it is known
	inside nested
	begun  bool
	last   window.Place // of the last byte
	rest   []byte       // of which more must come
}

// newRecoded returns what gives bytes to c in the form that to makes of them. If
// label is not empty, it is checked whether they are UTF-8 after all.
func newRecoded(to transform.Transformer, label string, c Content) *recoded {
	return &recoded{to: to, label: label, inside: nested{content: c, all: true, fixed: true}}
}

// minRoom is what one call of a Transformer may need, in bytes.
const minRoom = 64

func (r *recoded) Write(out Out, at window.Place, b []byte) {
	if !r.begun {
		r.begun, r.inside.off = true, at.Off
	}
	r.last = at.Plus(len(b) - 1)
	if len(r.rest) > 0 {
		b = append(r.rest, b...)
	}
	if r.label != "" {
		i := 0
		for i < len(b) && b[i] < utf8.RuneSelf {
			i++
		}
		b = b[r.pass(out, at, b[:i], false):] // before it is known, as if b had come in pieces
		r.check(out, at, b)
	}
	n := 0
	if r.label == "" {
		n = r.pass(out, at, b, false)
	}
	r.rest = bytes.Clone(b[n:])
}

// check looks at the first character that is not ASCII, which b begins with, if all of
// it is there.
func (r *recoded) check(out Out, at window.Place, b []byte) {
	switch c, _ := utf8.DecodeRune(b); {
	case !utf8.FullRune(b):
		return
	case c != utf8.RuneError:
		out.Anomaly(r.inside.place(at).Off, anomaly.Mislabelled, "charset="+r.label+": it is UTF-8")
		r.to = nil
	}
	r.label = ""
}

// pass gives what it can of b to what is inside, and returns how much that was.
func (r *recoded) pass(out Out, at window.Place, b []byte, end bool) (n int) {
	if r.to == nil {
		r.inside.write(out, at, b)
		return len(b)
	}
	dst := make([]byte, min(4*len(b)+minRoom, 16<<10))
	for {
		nDst, nSrc, err := r.to.Transform(dst, b[n:], end)
		r.inside.write(out, at, dst[:nDst])
		if n += nSrc; err != transform.ErrShortDst {
			return n
		}
	}
}

func (r *recoded) Close(out Out, how End) {
	if r.begun {
		r.pass(out, r.last, r.rest, true)
	}
	r.inside.close(out, how)
}
