package coding

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"

	"github.com/ulikunitz/xz/lzma"
)

// xzMagic is how a file in xz begins, and each stream in it.
const xzMagic = "\xfd7zXZ\x00"

// errXZ says that a file is not what its format asks for.
var errXZ = errors.New("the data are corrupt")

// xzReader reads what is around the data of a file.
type xzReader struct {
	c     *Coder
	n     int64  // bytes that were read of a stream
	check byte   // which check its blocks have
	ended bool   // there was nothing left to read
	crc   uint32 // of what was read since it was zero
}

func (x *xzReader) Read(p []byte) (int, error) {
	n, err := x.c.Read(p)
	x.n += int64(n)
	x.crc = crc32.Update(x.crc, crc32.IEEETable, p[:n])
	x.ended = x.ended || err == io.EOF
	return n, err
}

// full fills p.
func (x *xzReader) full(p []byte) error {
	_, err := io.ReadFull(x, p)
	if err == io.EOF && len(p) > 0 {
		return io.ErrUnexpectedEOF
	}
	return err
}

// summed reads the rest of what x.crc is the sum of, and behind it that sum.
func (x *xzReader) summed(p []byte) error {
	var sum [4]byte
	if err := x.full(p); err != nil {
		return err
	}
	want := x.crc
	if err := x.full(sum[:]); err != nil {
		return err
	}
	if binary.LittleEndian.Uint32(sum[:]) != want {
		return errXZ
	}
	return nil
}

// streamHead reads the head of a stream; false if there is none behind the one before,
// and the padding of that.
func (x *xzReader) streamHead(first bool) (more bool, err error) {
	var head [12]byte
	for {
		x.c.mark(!first)
		n, err := io.ReadFull(x, head[:4])
		switch {
		case errors.Is(err, errStopped):
			return false, err
		case n == 0 && !first:
			return false, nil
		case err != nil && first:
			return false, io.ErrUnexpectedEOF
		case err != nil:
			return false, errBehind
		}
		if first || head[0]|head[1]|head[2]|head[3] != 0 {
			break
		}
	}
	n, err := io.ReadFull(x, head[4:])
	switch {
	case errors.Is(err, errStopped):
		return false, err
	case !first && (n < 2 || !bytes.HasPrefix(head[:], []byte(xzMagic))):
		return false, errBehind
	case err != nil:
		return false, io.ErrUnexpectedEOF
	}
	x.c.mark(false)
	if head[6] != 0 || head[7] > 15 || binary.LittleEndian.Uint32(head[8:]) != crc32.ChecksumIEEE(head[6:8]) || string(head[:6]) != xzMagic {
		return false, errXZ
	}
	x.check, x.n = head[7], int64(len(head))
	return true, nil
}

// xzBlock is the header of a block (section 3.1).
type xzBlock struct {
	compressed uint64 // 0: it does not say
	dictionary int64
}

// lzma2 is the number of the only filter that is known.
const lzma2 = 0x21

// block reads the header of a block; nil if the index is there instead.
func (x *xzReader) block() (*xzBlock, error) {
	var size [1]byte
	x.crc = 0
	if err := x.full(size[:]); err != nil || size[0] == 0 {
		return nil, err
	}
	head := make([]byte, int(size[0])*4-1)
	if err := x.summed(head); err != nil {
		return nil, err
	}
	flags, rest := head[0], head[1:]
	b := new(xzBlock)
	ok := flags&0x3c == 0
	next := func() (v uint64) {
		v, n := binary.Uvarint(rest)
		if ok = ok && n > 0 && n <= maxVarint; ok {
			rest = rest[n:]
		}
		return v
	}
	if flags&0x40 != 0 {
		b.compressed = next()
		ok = ok && b.compressed > 0
	}
	if flags&0x80 != 0 {
		next()
	}
	filter := next()
	switch {
	case !ok:
		return nil, errXZ
	case filter != lzma2 || flags&3 != 0:
		return nil, fmt.Errorf("filter %#x is not known", filter)
	}
	if propsSize := next(); !ok || propsSize != 1 || len(rest) == 0 {
		return nil, errXZ
	}
	var err error
	if b.dictionary, err = lzma.DecodeDictCap(rest[0]); err != nil {
		return nil, errXZ
	}
	return b, nil
}

// maxVarint is how many bytes a number has at most (section 1.2).
const maxVarint = 9

// padding reads zeros until what began at from has a size that is a multiple of four.
func (x *xzReader) padding(from int64) error {
	pad := make([]byte, -(x.n-from)&3)
	if err := x.full(pad); err != nil {
		return err
	}
	for _, b := range pad {
		if b != 0 {
			return errXZ
		}
	}
	return nil
}

// index reads the index behind its first byte, and the footer of the stream (section 4).
// Of the sizes in it nothing is made: blocks have checks.
func (x *xzReader) index(blocks uint64) error {
	from := x.n - 1
	count, err := x.number()
	if err != nil || count != blocks {
		return cmp.Or(err, errXZ)
	}
	for range blocks * 2 {
		if _, err := x.number(); err != nil {
			return err
		}
	}
	if err := x.padding(from); err != nil {
		return err
	}
	if err := x.summed(nil); err != nil {
		return err
	}
	var foot [12]byte
	if err := x.full(foot[:]); err != nil {
		return err
	}
	if string(foot[10:]) != "YZ" || foot[8] != 0 || foot[9] != x.check || binary.LittleEndian.Uint32(foot[:]) != crc32.ChecksumIEEE(foot[4:10]) {
		return errXZ
	}
	return nil
}

// number reads a number.
func (x *xzReader) number() (v uint64, err error) {
	var b [1]byte
	for i := range maxVarint {
		if err := x.full(b[:]); err != nil {
			return 0, err
		}
		v |= uint64(b[0]&0x7f) << (7 * i)
		if b[0] < 0x80 {
			return v, nil
		}
	}
	return 0, errXZ
}
