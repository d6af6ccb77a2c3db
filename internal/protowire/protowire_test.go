package protowire

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	theirs "google.golang.org/protobuf/encoding/protowire"
)

// same reports whether a size means what theirs does: a size, that something is cut,
// or that it is wrong.
func same(ours, size int) bool {
	switch {
	case size >= 0:
		return ours == size
	case errors.Is(theirs.ParseError(size), io.ErrUnexpectedEOF):
		return ours == Truncated
	}
	return ours == Malformed
}

// compare reads b as whatever it may be.
func compare(t *testing.T, b []byte) {
	t.Helper()
	v, n := ConsumeVarint(b)
	if w, m := theirs.ConsumeVarint(b); v != w || !same(n, m) {
		t.Errorf("varint of % x: %d, %d, want %d, %d", b, v, n, w, m)
	}
	number, typ, n := ConsumeTag(b)
	if w, u, m := theirs.ConsumeTag(b); int32(number) != int32(w) || int8(typ) != int8(u) || !same(n, m) {
		t.Errorf("tag of % x: %d, %d, %d, want %d, %d, %d", b, number, typ, n, w, u, m)
	}
	f32, n := ConsumeFixed32(b)
	if w, m := theirs.ConsumeFixed32(b); f32 != w || !same(n, m) {
		t.Errorf("fixed32 of % x: %d, %d", b, f32, n)
	}
	f64, n := ConsumeFixed64(b)
	if w, m := theirs.ConsumeFixed64(b); f64 != w || !same(n, m) {
		t.Errorf("fixed64 of % x: %d, %d", b, f64, n)
	}
	s, n := ConsumeBytes(b)
	if w, m := theirs.ConsumeBytes(b); !bytes.Equal(s, w) || !same(n, m) {
		t.Errorf("bytes of % x: % x, %d, want % x, %d", b, s, n, w, m)
	}
	for number := range Number(3) {
		s, n = ConsumeGroup(number+1, b)
		if w, m := theirs.ConsumeGroup(theirs.Number(number+1), b); !bytes.Equal(s, w) || !same(n, m) {
			t.Errorf("group %d of % x: % x, %d, want % x, %d", number+1, b, s, n, w, m)
		}
		for typ := range Type(8) {
			n := ConsumeFieldValue(number+1, typ, b)
			if m := theirs.ConsumeFieldValue(theirs.Number(number+1), theirs.Type(typ), b); !same(n, m) {
				t.Errorf("a value of type %d of % x: %d, want %d", typ, b, n, m)
			}
		}
	}
}

// samples are what is whole, cut, too long, and none.
var samples = []string{
	"", "\x00", "\x01", "\x7f", "\x80", "\x80\x01", "\x80\x00", "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02",
	"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", "\xff\xff\xff\xff\x3f", "\xff\xff\xff\xff\x0f", "\x80\x80\x80\x80\x40", "abcdefgh", "\x03abc", "\x04abc",
	"\x0c", "\x0c\x00", "\x14", "\x08\x05\x0c", "\x0b\x0c\x0c", "\x0b\x14\x0c", "\x0b\x0c", "\x8c\x00", "\x08\x05\x8c\x80\x00", "\x12\x01a\x0c", "\x0e\x0c", "\x0f",
	"\x0d1234\x0912345678\x0c", "\x12\x05ab",
}

func TestReads(t *testing.T) {
	for _, s := range samples {
		compare(t, []byte(s))
	}
	for _, n := range []int{maxDepth - 1, maxDepth, maxDepth + 1, maxDepth + 2} {
		compare(t, []byte(strings.Repeat("\x0b", n)+strings.Repeat("\x0c", n+1)))
	}
	for _, v := range []uint64{0, 1, 2, 3, 1<<32 - 1, 1<<64 - 2, 1<<64 - 1} {
		if got, want := DecodeZigZag(v), theirs.DecodeZigZag(v); got != want {
			t.Errorf("%d: got %d, want %d", v, got, want)
		}
	}
}

func FuzzReads(f *testing.F) {
	for _, s := range samples {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) { compare(t, b) })
}
