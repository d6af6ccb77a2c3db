package jsonmask

import (
	"strings"
	"testing"
)

// TestMaskValid: what is no JSON is said, also of a text so large, or so deep, that the memory which
// it needed is not kept; and the next is read as if there had been none.
func TestMaskValid(t *testing.T) {
	r := newRules()
	for text, want := range map[string]bool{
		`{"a":1}`: true, `{"a":1}x`: false, `x`: false,
		strings.Repeat("[", 500) + strings.Repeat("]", 500):          true,
		strings.Repeat("[", 5000) + "x":                              false,
		`[` + strings.Repeat(`{"password":"hunter2"},`, 2000) + `0]`: true,
		`[` + strings.Repeat(`{"password":"hunter2"},`, 2000) + `x`:  false,
	} {
		for range 2 {
			if out, _, ok := MaskValid(r, []byte(text), "b", Where{}); ok != want || ok && strings.Contains(string(out), "hunter2") {
				t.Errorf("%.20q, %d bytes: %v, want %v", text, len(text), ok, want)
			}
		}
	}
}
