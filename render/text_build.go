package render

import (
	"bytes"
	"strings"

	"github.com/socktrace/socktrace/internal/jsontext"
	"github.com/socktrace/socktrace/wire"
)

// says shows a record of a stream that is nothing but text for people to read, as
// builds send it, as that text:
//
//	build  +48.1 ms  Step 1/4 : FROM busybox
//
// of nothing but white space, nothing. It returns false if the record has more to say.
func (t *text) says(ev *wire.Message, x *wire.Exchange, at []byte) bool {
	if t.o.Bodies != BodiesShort || ev.Truncated || ev.Dir != wire.ToClient || x == nil || x.Request == nil {
		return false
	}
	said, ok := streamed(ev.Data)
	if !ok {
		return false
	}
	name := labels[wire.KindText]
	if strings.HasPrefix(x.Request.Call.Operation, "ImageBuild") {
		name = "build"
	}
	for line := range bytes.Lines(bytes.Trim(withoutColours(said), "\r\n")) {
		if line = bytes.TrimRight(line, "\r\n"); len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		t.labelAs(roleFaint, name, at)
		t.labelGap()
		t.expanded(plain, line)
		t.end()
		at = nil
	}
	return true
}

// withoutColours returns b without the sequences by which builders colour what a step
// has printed (ECMA-48, SGR).
func withoutColours(b []byte) []byte {
	out := make([]byte, 0, len(b))
	for {
		i := bytes.Index(b, []byte("\x1b["))
		if i < 0 {
			return append(out, b...)
		}
		n := i + len("\x1b[")
		for n < len(b) && (b[n] == ';' || '0' <= b[n] && b[n] <= '9') {
			n++
		}
		if n < len(b) && b[n] == 'm' {
			out, b = append(out, b[:i]...), b[n+1:]
		} else {
			out, b = append(out, b[:n]...), b[n:]
		}
	}
}

// streamed returns the text of an object that has nothing but a member "stream".
func streamed(doc []byte) (said []byte, ok bool) {
	n := 0
	for name, value := range jsontext.Members(doc) {
		if n++; n > 1 || string(name) != `"stream"` {
			return nil, false
		}
		said, ok = jsontext.Unquote(value)
	}
	return said, ok
}
