package render

import (
	"strings"

	"github.com/socktrace/socktrace/wire"
)

// Ids of Docker's objects are the hexadecimal digits of 32 bytes. People know them
// by the first twelve.
const (
	idDigits    = 64
	shownDigits = 12
)

// shortID returns an id as people know it, and what is none as it is.
func shortID(s string) string {
	digits := strings.TrimPrefix(s, "sha256:")
	if len(digits) == idDigits && hexRun(digits) == idDigits {
		return digits[:shownDigits]
	}
	return s
}

// hexRun returns how many hexadecimal digits s begins with.
func hexRun[S ~string | ~[]byte](s S) (n int) {
	for n < len(s) && (s[n] >= '0' && s[n] <= '9' || s[n] >= 'a' && s[n] <= 'f') {
		n++
	}
	return n
}

// nextID returns where the next id in s begins, from i on, or -1.
func nextID[S ~string | ~[]byte](s S, i int) int {
	for ; len(s)-i >= idDigits; i++ {
		n := hexRun(s[i:])
		if n == idDigits {
			return i
		}
		i += n
	}
	return -1
}

// cutIDs returns s with each id in it cut, and marked by the ellipsis. It may be s.
func cutIDs(s []byte, ellipsis string) []byte {
	at := nextID(s, 0)
	if at < 0 {
		return s
	}
	var out []byte
	from := 0
	for ; at >= 0; at = nextID(s, from) {
		out = append(append(out, s[from:at+shownDigits]...), ellipsis...)
		from = at + idDigits
	}
	return append(out, s[from:]...)
}

// subjectWords returns what people call what an exchange is about: its name, else its
// id in short; an exec instance, which has no name, by its container.
func subjectWords(s *wire.Subject) string {
	switch {
	case s.Type == "exec" && s.Container != "":
		return "exec in " + shortID(s.Container)
	case s.Name != "":
		return s.Name
	case s.Type == "exec" && s.ID != "":
		return "exec " + shortID(s.ID)
	}
	return shortID(s.ID)
}

// maxTitle is how many bytes a heading has of a name, which may be of any length.
const maxTitle = 80

// clipped returns at most so many bytes of s.
func clipped(s string, c *palette) string {
	if len(s) <= maxTitle {
		return s
	}
	return strings.ToValidUTF8(s[:maxTitle], "") + c.glyph("…")
}
