package keylog

import "bytes"

// lines makes lines of text that comes in pieces. Of one that is too long the
// beginning is kept, one byte more than may be.
type lines struct{ rest []byte }

// write takes the next piece, and calls f for each line that it ends, without the end.
func (l *lines) write(text []byte, f func([]byte)) {
	for {
		line, after, ended := bytes.Cut(text, []byte("\n"))
		l.rest = append(l.rest, line[:min(len(line), maxLine+1-len(l.rest))]...)
		if !ended {
			return
		}
		f(l.rest)
		l.rest, text = l.rest[:0], after
	}
}

// end calls f for a line without an end.
func (l *lines) end(f func([]byte)) {
	if len(l.rest) > 0 {
		f(l.rest)
	}
	l.rest = nil
}
