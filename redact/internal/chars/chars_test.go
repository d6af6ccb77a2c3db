package chars

import (
	"strings"
	"testing"
)

// TestOf: letters of a kind by one of them, and others as they are.
func TestOf(t *testing.T) {
	const small, capital, digits = "abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "0123456789"
	for letters, want := range map[string]string{"": "", "a": small, "A": capital, "0": digits, "aA": small + capital, "a0": small + digits} {
		set := Of(letters, "-\xff")
		for c := range 256 {
			if got := set[c]; got != (strings.IndexByte(want+"-\xff", byte(c)) >= 0) || set.Not()[c] == got {
				t.Errorf("%q: %q: %t", letters, byte(c), got)
			}
		}
	}
	for c := range Alnum {
		if Alnum[c] != (strings.IndexByte(small+capital+digits, byte(c)) >= 0) {
			t.Errorf("%q is a letter or digit: %t", byte(c), Alnum[c])
		}
	}
	func() {
		defer func() {
			if recover() == nil {
				t.Error("letters that have no name are some")
			}
		}()
		Of("a-", "")
	}()
	s := Of("0", ".")
	for in, want := range map[string][3]int{"": {0, 0, 0}, "1.2": {3, 0, 3}, "ab": {0, 2, 0}, "a1b.": {0, 1, 2}, "1a": {1, 0, 1}} {
		if got := [3]int{s.Run([]byte(in)), s.Find([]byte(in)), s.Count([]byte(in))}; got != want {
			t.Errorf("%q: got %d, want %d", in, got, want)
		}
	}
}

// TestLetters: case and digits of every byte.
func TestLetters(t *testing.T) {
	for i := range 256 {
		c := byte(i)
		low := c
		if c < 0x80 {
			low = strings.ToLower(string(rune(c)))[0]
		}
		if Lower(c) != low {
			t.Errorf("%q: %q", c, Lower(c))
		}
		if got, want := Hex(c), strings.IndexByte("0123456789abcdef", low); got != want {
			t.Errorf("%q: %d, want %d", c, got, want)
		}
	}
}

// TestPrefixes: at places in and around the text.
func TestPrefixes(t *testing.T) {
	for _, c := range []struct {
		b      string
		i      int
		prefix string
		has    bool
		fold   bool
	}{
		{"abc", 0, "ab", true, true}, {"abc", 1, "bc", true, true}, {"abc", 2, "bc", false, false}, {"abc", 1, "ab", false, false}, {"abc", 3, "", true, true}, {"abc", 4, "", false, false},
		{"abc", -1, "a", false, false}, {"abc", -1, "", false, false}, {"aBc", 1, "bc", false, true}, {"aBc", 1, "Bc", true, false}, {"", 0, "a", false, false}, {"abc", 0, "abc", true, true}, {"abc", 0, "abd", false, false},
	} {
		if got := HasPrefixAt([]byte(c.b), c.i, c.prefix); got != c.has {
			t.Errorf("%q at %d: %q: %t", c.b, c.i, c.prefix, got)
		}
		if got := HasFoldAt(c.b, c.i, c.prefix); got != c.fold || HasFoldAt([]byte(c.b), c.i, c.prefix) != got {
			t.Errorf("%q at %d: %q in any case: %t", c.b, c.i, c.prefix, got)
		}
	}
}
