package scan

import (
	"bytes"
	"math/bits"
	"testing"
)

// TestEightAtOnce looks for every byte, at every place, among bytes that differ
// from those that are searched by little.
func TestEightAtOnce(t *testing.T) {
	isQuote := func(c byte) bool { return c == '"' || c == '\\' }
	isControl := func(c byte) bool { return c < ' ' || c == 0x7f }
	isOther := func(c byte) bool { return isControl(c) || c >= 0x80 }
	isEscaped := func(c byte) bool { return isQuote(c) || isControl(c) || c >= 0x80 }
	for _, among := range []byte{' ', '!', '#', '[', ']', 'a', 0x80, 0xa2, 0xdc, 0xff, 0x7e} {
		for n := range 20 {
			for at := range n {
				for c := range 256 {
					b := bytes.Repeat([]byte{among}, n)
					b[at] = byte(c)
					if got, want := Graphic(b), index(b, 0, isOther); got != want {
						t.Fatalf("Graphic(%q) = %d; want %d", b, got, want)
					}
					if n == 8 {
						if got, want := bits.TrailingZeros64(Quotes(Load(b)))/8, index(b, 0, isQuote); got != want {
							t.Fatalf("Quotes(%q): the first is %d; want %d", b, got, want)
						}
						if got, want := bits.TrailingZeros64(Escaped(Load(b)))/8, index(b, 0, isEscaped); got != want {
							t.Fatalf("Escaped(%q): the first is %d; want %d", b, got, want)
						}
					}
					for from := range at + 1 {
						if got, want := Quote(b, from), index(b, from, isQuote); got != want {
							t.Fatalf("Quote(%q, %d) = %d; want %d", b, from, got, want)
						}
						if got, want := Control(string(b), from), index(b, from, isControl); got != want {
							t.Fatalf("Control(%q, %d) = %d; want %d", b, from, got, want)
						}
					}
				}
			}
		}
	}
}

func index(b []byte, from int, is func(byte) bool) int {
	for from < len(b) && !is(b[from]) {
		from++
	}
	return from
}

// TestQuoteBehind begins behind the end, as after an escape that is cut.
func TestQuoteBehind(t *testing.T) {
	if got := Quote([]byte(`a\`), 3); got != 3 {
		t.Errorf("got %d, want 3", got)
	}
}
