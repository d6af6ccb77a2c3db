package jsontext

import (
	"strings"
	"testing"
)

// TestOrdinary finds every byte that cannot stand in a string, wherever it is, and
// no other.
func TestOrdinary(t *testing.T) {
	for c := range 256 {
		for at := range 20 {
			b := []byte(strings.Repeat("é\x7f", 10)[:at] + string([]byte{byte(c)}) + "x\xff")
			want := at
			if c >= ' ' && c != '"' && c != '\\' {
				want = len(b)
			}
			if got := Ordinary(b); got != want {
				t.Errorf("%q: %d, want %d", b, got, want)
			}
		}
	}
}
