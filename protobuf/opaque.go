package protobuf

import (
	"encoding/base64"

	"github.com/socktrace/socktrace/internal/jsontext"
)

// Bytes that are longer than shortBytes are told by their size, and by as much of
// their beginning as tells files of a kind from others.
const (
	shortBytes = 256
	beginning  = 48
)

// opaque appends bytes of which nothing is known.
func (w *walker) opaque(b []byte) {
	if len(b) > shortBytes {
		w.begins(b, int64(len(b)))
		return
	}
	w.out.B = append(base64.StdEncoding.AppendEncode(append(w.out.B, '"'), b), '"')
}

// begins appends the size of bytes, and their beginning.
func (w *walker) begins(b []byte, size int64) {
	w.out.B = append(w.out.B, '{')
	w.out.Int("size", size)
	if !w.whole {
		b = b[:min(len(b), beginning)]
	}
	w.out.Base64("begins", b)
	w.out.Close('}')
}

// nested appends a message inside of another.
func (w *walker) nested(t *Type, msg []byte) {
	if w.depth >= w.limits.Depth {
		w.note(TooDeep)
		w.out.B = append(w.out.B, `{"!":"`+string(TooDeep)+`"`...)
		if len(msg) > 0 {
			w.out.Key("!rest")
			w.opaque(msg)
		}
		w.out.Close('}')
		return
	}
	w.inner(t, msg)
}

// AppendBytes appends bytes that are no message, or none that can be read, in the form
// that AppendJSON has for them: why says why.
func AppendBytes(dst []byte, why string, b []byte) []byte {
	w := walker{out: jsontext.Writer{B: append(dst, '{')}}
	w.out.String("!", why)
	if len(b) > 0 {
		w.out.Key("!rest")
		w.opaque(b)
	}
	w.out.Close('}')
	return w.out.B
}
