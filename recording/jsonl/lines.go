package jsonl

import (
	"bufio"
	"io"
)

const (
	// maxLine bounds a line: what is longer is none.
	maxLine = 1 << 30
	// maxKept bounds the memory that is kept for the next line.
	maxKept = 1 << 20
)

// lines cuts what it reads into lines.
type lines struct {
	in   *bufio.Reader
	max  int    // bytes of a line
	n    int    // of the line that was read last, from 1
	size int64  // its bytes, without the line feed
	torn bool   // it has no line feed
	buf  []byte // what is longer than the memory of in
}

// next returns the next line without its line feed, valid until the next call;
// of a line that is too long nothing. It fails with io.EOF behind the last.
func (l *lines) next() ([]byte, error) {
	if cap(l.buf) > maxKept {
		l.buf = nil
	}
	l.buf, l.size, l.torn = l.buf[:0], 0, false
	for {
		b, err := l.in.ReadSlice('\n')
		l.size += int64(len(b))
		switch {
		case err == bufio.ErrBufferFull:
			l.keep(b)
			continue
		case err == io.EOF && l.size > 0:
			l.torn = true
		case err != nil:
			return nil, err
		default:
			b = b[:len(b)-1]
			l.size--
		}
		l.n++
		if len(l.buf) == 0 && l.size <= int64(l.max) {
			return b, nil
		}
		l.keep(b)
		return l.buf, nil
	}
}

// keep appends a piece of a line that may not be too long yet.
func (l *lines) keep(b []byte) {
	if l.size > int64(l.max) {
		l.buf = l.buf[:0]
		return
	}
	l.buf = append(l.buf, b...)
}

// tooLong reports whether the last line was left out for its length.
func (l *lines) tooLong() bool { return l.size > int64(l.max) }
