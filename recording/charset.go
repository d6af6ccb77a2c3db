package recording

import (
	"bufio"
	"encoding/binary"
	"io"
	"unicode/utf16"
	"unicode/utf8"
)

// utf16Order returns the byte order of a text in UTF-16, as PowerShell and some
// editors write files, by its first bytes: a byte order mark, or an ASCII
// character. It returns nil if they are something else.
func utf16Order(b []byte) binary.ByteOrder {
	if len(b) < 2 {
		return nil
	}
	switch first := binary.LittleEndian.Uint16(b); first {
	case 0xfeff, '{', '[', '/':
		return binary.LittleEndian
	case 0xfffe, '{' << 8, '[' << 8, '/' << 8:
		return binary.BigEndian
	}
	return nil
}

// utf16Reader reads UTF-16 as UTF-8. What is no character is U+FFFD.
type utf16Reader struct {
	in      *bufio.Reader
	order   binary.ByteOrder
	pending []byte // UTF-8 that did not fit
	space   [utf8.UTFMax]byte
}

func (r *utf16Reader) Read(b []byte) (n int, err error) {
	n = copy(b, r.pending)
	r.pending = r.pending[n:]
	for n < len(b) {
		if n > 0 && r.in.Buffered() < 4 {
			return n, nil // what has come is not kept waiting
		}
		c, err := r.char()
		if err != nil {
			return n, err
		}
		char := utf8.AppendRune(r.space[:0], c)
		k := copy(b[n:], char)
		r.pending = char[k:]
		n += k
	}
	return n, nil
}

// char reads a character.
func (r *utf16Reader) char() (rune, error) {
	u, err := r.unit()
	if err != nil || !utf16.IsSurrogate(u) {
		return u, err
	}
	low, _ := r.in.Peek(2)
	if len(low) < 2 {
		return utf8.RuneError, nil // the next call has the error
	}
	c := utf16.DecodeRune(u, rune(r.order.Uint16(low)))
	if c != utf8.RuneError {
		r.in.Discard(2)
	}
	return c, nil
}

// unit reads two bytes.
func (r *utf16Reader) unit() (rune, error) {
	var b [2]byte
	if _, err := io.ReadFull(r.in, b[:]); err != nil {
		return 0, err
	}
	return rune(r.order.Uint16(b[:])), nil
}
