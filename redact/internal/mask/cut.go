package mask

import "strings"

// Cut returns where a placeholder begins within which s ends; len(s) if it ends in
// none.
func Cut(s string) int {
	i := strings.LastIndex(s, start)
	if i < 0 {
		return len(s)
	}
	rest := strings.TrimLeft(s[i+len(start):], "0123456789")
	if marked, ok := strings.CutPrefix(rest, unit+" #"); ok {
		rest = ""
		if len(strings.TrimLeft(marked, "0123456789abcdef")) > 0 || len(marked) > 2*markBytes {
			return len(s)
		}
	}
	if !strings.HasPrefix(unit+" #", rest) {
		return len(s)
	}
	return i
}
