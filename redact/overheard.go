package redact

import (
	"bytes"
	"strings"

	"github.com/socktrace/socktrace/dockerapi"
)

// overheard follows the lines of raw bytes that a client sent: one may be the start
// line of a request that was not understood. Its zero value is ready.
type overheard struct{ line []byte }

// maxOverheard bounds what is kept of a line.
const maxOverheard = 2 << 10

// take takes the next bytes, and returns what the lines in them tell of what follows.
func (o *overheard) take(b []byte) (t dockerapi.Traits) {
	for len(b) > 0 {
		size := bytes.IndexByte(b, '\n') + 1
		if size == 0 {
			size = len(b)
		}
		o.line = append(o.line, b[:min(size, maxOverheard-min(maxOverheard, len(o.line)))]...)
		if bytes.Contains(o.line, []byte("HTTP/")) {
			t |= traitsIn(string(o.line))
		}
		if b[size-1] == '\n' {
			o.line = o.line[:0]
		}
		b = b[size:]
	}
	return t
}

// traitsIn returns what a request may be whose start line is somewhere in s, which may
// quote it.
func traitsIn(s string) (t dockerapi.Traits) {
	method := ""
	for word := range strings.FieldsSeq(s) {
		word = strings.Trim(word, "\"'")
		if i := strings.IndexByte(word, '/'); i >= 0 && !strings.HasPrefix(word, "HTTP/") {
			t |= dockerapi.Guess(method, word)
			for _, m := range methods {
				t |= dockerapi.Guess(m, word)
			}
		}
		method = word
	}
	return t
}

// methods are those that requests with bodies have, or answers with archives.
var methods = []string{"POST", "PUT", "GET"}
