package strace

import (
	"bufio"
	"errors"
	"io"
)

// maxLine is how long a line may be, in bytes: of what is longer the rest is not read.
const maxLine = 64 << 20

// leastLine is how long it may be however little memory there is.
const leastLine = 1 << 20

// lines takes text apart into lines.
type lines struct {
	in  *bufio.Reader
	max int
	buf []byte // of a line that is longer than what is buffered
}

func newLines(r io.Reader, most int) *lines {
	return &lines{in: bufio.NewReaderSize(r, 256<<10), max: most}
}

// next returns the next line, without its end. It is valid until the next call. whole is
// false for one that was too long; ended is false for one that the text ends within.
func (l *lines) next() (line []byte, whole, ended bool, err error) {
	b, err := l.in.ReadSlice('\n')
	if err == nil {
		if b = b[:len(b)-1]; len(b) > l.max {
			return b[:l.max], false, true, nil
		}
		return b, true, true, nil
	}
	if cap(l.buf) > 4<<20 {
		l.buf = nil // a long line is rare
	}
	l.buf, whole = l.buf[:0], true
	for {
		if room := l.max - len(l.buf); len(b) > room {
			b, whole = b[:room], false
		}
		l.buf = append(l.buf, b...)
		if !errors.Is(err, bufio.ErrBufferFull) {
			break
		}
		b, err = l.in.ReadSlice('\n')
	}
	switch {
	case err == nil:
		if n := len(l.buf); n > 0 && l.buf[n-1] == '\n' {
			l.buf = l.buf[:n-1]
		}
		return l.buf, whole, true, nil
	case err == io.EOF && len(l.buf) > 0:
		return l.buf, whole, false, nil
	}
	return nil, true, true, err
}
