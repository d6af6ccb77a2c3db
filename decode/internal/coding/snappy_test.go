package coding

import (
	"bytes"
	"strings"
	"testing"

	"github.com/klauspost/compress/s2"

	"github.com/socktrace/socktrace/decode/internal/budget"
)

// snapped returns s in a stream of snappy.
func snapped(s string) string {
	var b bytes.Buffer
	w := s2.NewWriter(&b, s2.WriterSnappyCompat(), s2.WriterConcurrency(1))
	w.Write([]byte(s))
	w.Close()
	return b.String()
}

// unsnapped gives pieces of a message to what unpacks it.
func unsnapped(whole bool, pieces ...string) string {
	s := new(sink)
	c, f := NewMessageChain("snappy", budget.NewAccount(nil), s)
	for _, p := range pieces {
		if f = c.Write([]byte(p)); f.Code != "" {
			return string(s.out) + "; " + f.Detail
		}
	}
	if f = c.Close(whole); f.Code != "" {
		return string(s.out) + "; " + f.Detail
	}
	return string(s.out)
}

func TestSnappy(t *testing.T) {
	text := strings.Repeat("hello snappy ", 8)
	packed := snapped(text)
	for n := range len(packed) {
		if got := unsnapped(true, packed[:n], packed[n:]); got != text {
			t.Errorf("cut at %d: got %q", n, got)
		}
		const head = 10 // what a stream begins with
		if got := unsnapped(true, packed[:n]); n > 0 && n != head && got != "; snappy: the data end too early" {
			t.Errorf("that ends at %d: got %q", n, got)
		}
		if got := unsnapped(false, packed[:n]); got != "" {
			t.Errorf("of which %d bytes are kept: got %q", n, got)
		}
	}
	if got := unsnapped(true, strings.Split(packed, "")...); got != text {
		t.Errorf("byte by byte: got %q", got)
	}
	long := strings.Repeat(text, 2000) // several blocks
	if got := unsnapped(true, snapped(long)); got != long {
		t.Errorf("of %d bytes there are %d", len(long), len(got))
	}
	broken := []byte(packed)
	broken[len(broken)-1] ^= 1
	for _, in := range []string{string(broken), "abcd", packed + "abcd"} {
		if got := unsnapped(true, in); !strings.Contains(got, "; snappy: ") {
			t.Errorf("%q: got %q", in, got)
		}
	}
}

// TestSnappyBlocks: a block that would be larger than the format allows is not made.
func TestSnappyBlocks(t *testing.T) {
	const head = "\xff\x06\x00\x00sNaPpY"
	for _, in := range []string{
		head + "\x00\x09\x00\x00crc!\xff\xff\xff\x7f\x00", // would be 256 MiB
		head + "\x00\xff\xff\xffcrc!",                     // is 16 MiB
		"\xff\x06\x00\x00S2sTwO\x00\x09\x00\x00crc!\x81\x80\x04\x00\x00",
	} {
		if got := unsnapped(true, in); got != "; snappy: corrupt input" {
			t.Errorf("%q: got %q", in, got)
		}
	}
}

func TestKnownMessage(t *testing.T) {
	for name, want := range map[string]bool{"gzip": true, "deflate": true, "zstd": true, "snappy": true, "SNAPPY": true, "": false, "identity": false, "lz4": false, "gzip, gzip": false} {
		if KnownMessage(name) != want {
			t.Errorf("%s: want %t", name, want)
		}
	}
	if known, _ := Known("snappy"); known {
		t.Error("bodies in snappy have another form")
	}
}
