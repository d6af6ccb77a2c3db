package coding

import (
	"crypto/sha256"
	"errors"
	"hash"
	"hash/crc32"
	"hash/crc64"
	"io"

	"github.com/ulikunitz/xz/lzma"
)

// maxDictionary is the dictionary that blocks of xz are read with, whatever they say that
// they need: what "xz" makes unless it is told otherwise. More is needed only by those
// that refer back to more.
const maxDictionary = 8 << 20

// xzCost is a dictionary, which is made at once, the probabilities of LZMA, and buffers.
const xzCost = maxDictionary + 256<<10

// errDictionary says that a block refers back to more than there is memory for.
var errDictionary = errors.New("it refers back to more than 8 MiB")

// unxz reads streams until there are no more (The .xz File Format, version 1.2.1). It
// reads what is around the blocks by itself: the module that has LZMA2 would make a
// dictionary of any size.
func unxz(c *Coder) error {
	x := &xzReader{c: c}
	for first := true; ; first = false {
		more, err := x.streamHead(first)
		if err != nil || !more {
			return err
		}
		blocks := uint64(0)
		for {
			b, err := x.block()
			if err != nil {
				return err
			}
			if b == nil {
				break
			}
			if err := x.data(b); err != nil {
				return err
			}
			blocks++
		}
		if err := x.index(blocks); err != nil {
			return err
		}
	}
}

// data reads a block behind its header, and its check.
func (x *xzReader) data(b *xzBlock) error {
	from := x.n
	z, err := lzma.Reader2Config{DictCap: int(max(min(b.dictionary, maxDictionary), lzma.MinDictCap))}.NewReader2(x)
	sum := newSum(x.check)
	if err == nil {
		_, err = io.Copy(io.MultiWriter(x.c, sum), z)
	}
	switch {
	case errors.Is(err, errStopped), errors.Is(err, io.ErrUnexpectedEOF):
		return err
	case x.ended:
		return io.ErrUnexpectedEOF
	case err != nil && b.dictionary > maxDictionary:
		return errDictionary
	case err != nil:
		return errXZ
	case b.compressed > 0 && b.compressed != uint64(x.n-from):
		return errXZ
	}
	check := make([]byte, checkSize(x.check))
	if err := x.padding(from); err != nil {
		return err
	}
	if err := x.full(check); err != nil {
		return err
	}
	if want := sum.Sum(nil); len(want) == len(check) && string(reversed(want, x.check)) != string(check) {
		return errXZ
	}
	return nil
}

// Checks of blocks, by their numbers (section 2.1.1.2).
const (
	checkCRC32  = 1
	checkCRC64  = 4
	checkSHA256 = 10
)

// checkSize is how long a check is; of those that nobody has defined, too.
func checkSize(check byte) int {
	return [...]int{0, 4, 4, 4, 8, 8, 8, 16, 16, 16, 32, 32, 32, 64, 64, 64}[check&15]
}

// newSum returns what a check is the sum of: of one that is not known, nothing.
func newSum(check byte) hash.Hash {
	switch check {
	case checkCRC32:
		return crc32.NewIEEE()
	case checkCRC64:
		return crc64.New(crc64.MakeTable(crc64.ECMA))
	case checkSHA256:
		return sha256.New()
	}
	return noSum{crc32.NewIEEE()}
}

// noSum is a sum that is not asked for.
type noSum struct{ hash.Hash }

func (noSum) Write(b []byte) (int, error) { return len(b), nil }
func (noSum) Sum(b []byte) []byte         { return b }

// reversed returns a sum as it is in a file: those that are numbers have their least byte
// first.
func reversed(sum []byte, check byte) []byte {
	if check == checkSHA256 {
		return sum
	}
	for i, j := 0, len(sum)-1; i < j; i, j = i+1, j-1 {
		sum[i], sum[j] = sum[j], sum[i]
	}
	return sum
}
