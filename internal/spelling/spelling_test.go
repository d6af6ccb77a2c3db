package spelling

import (
	"strings"
	"testing"
)

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{
		{"", "", 0}, {"a", "", 1}, {"", "abc", 3}, {"status", "status", 0}, {"statuss", "status", 1}, {"sttus", "status", 1},
		{"stauts", "status", 1}, {"kitten", "sitting", 3}, {"ab", "ba", 1}, {"abcd", "badc", 2}, {"ca", "abc", 3}, {"é", "e", 1}, {"aé", "éa", 1}, {"ab", "ab\xff", 1},
	} {
		if got := Distance(c.a, c.b); got != c.want || Distance(c.b, c.a) != c.want {
			t.Errorf("%q and %q: %d, want %d", c.a, c.b, got, c.want)
		}
	}
}

// TestNearest: what is near enough is found, in whatever case, and nothing for what is too long.
func TestNearest(t *testing.T) {
	long := strings.Repeat("x", maxWord+1)
	for word, want := range map[string]string{
		"dely": "delay", "STALL": "Stall", "stalled": "Stall", "": "", "x": "", "nothing like it": "", long: "", long[1:]: "",
	} {
		if got := Nearest(word, []string{"delay", "Stall", long}); got != want {
			t.Errorf("%q: %q, want %q", word, got, want)
		}
	}
}
