package redact

import (
	"strings"

	"github.com/socktrace/socktrace/redact/internal/mask"
)

// Placeholder returns where the first placeholder in s begins and ends, for those who read
// what was masked before: it may stand for anything. Both are -1 if there is none.
func Placeholder(s string) (start, end int) {
	for i := 0; i < len(s); i++ {
		next := strings.IndexAny(s[i:], "[%")
		if next < 0 {
			break
		}
		i += next
		if n := mask.Size(s[i:]); n > 0 {
			return i, i + n
		}
	}
	return -1, -1
}
