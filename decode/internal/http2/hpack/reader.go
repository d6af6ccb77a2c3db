package hpack

import (
	"errors"
	"fmt"

	"golang.org/x/net/http2/hpack"
)

// What may be wrong with a block.
var (
	errEnds       = errors.New("the block ends within a field")
	errInteger    = errors.New("an integer has more than 63 bits")
	errIndex      = errors.New("an index is beyond the table")
	errTooLarge   = errors.New("the table becomes larger than its receiver allows")
	errLateResize = errors.New("the size of the table changes behind a field")
)

// reader reads a block.
type reader struct{ b []byte }

// integer reads an integer whose first bits are the last n of a byte (RFC 7541, section
// 5.1). There is a byte.
func (r *reader) integer(n uint) (uint64, error) {
	most := uint64(1)<<n - 1
	i := uint64(r.b[0]) & most
	r.b = r.b[1:]
	if i < most {
		return i, nil
	}
	for shift := uint(0); shift < 63; shift += 7 {
		if len(r.b) == 0 {
			return 0, errEnds
		}
		c := r.b[0]
		r.b = r.b[1:]
		i += uint64(c&0x7f) << shift
		if c&0x80 == 0 {
			return i, nil
		}
	}
	return 0, errInteger
}

// text reads a string, and appends it to dst (RFC 7541, section 5.2). A byte of Huffman's
// code is not more than 1.6 of text.
func (r *reader) text(dst *[]byte) error {
	if len(r.b) == 0 {
		return errEnds
	}
	coded := r.b[0]&0x80 != 0
	n, err := r.integer(7)
	switch {
	case err != nil:
		return err
	case n > uint64(len(r.b)):
		return errEnds
	}
	s := r.b[:n]
	r.b = r.b[n:]
	if !coded {
		*dst = append(*dst, s...)
		return nil
	}
	if _, err := hpack.HuffmanDecode((*appender)(dst), s); err != nil {
		return fmt.Errorf("a string in Huffman's code: %w", err)
	}
	return nil
}

// appender appends what is written to it.
type appender []byte

func (a *appender) Write(b []byte) (int, error) {
	*a = append(*a, b...)
	return len(b), nil
}
