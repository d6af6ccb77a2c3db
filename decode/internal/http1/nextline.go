package http1

import "strings"

// nextLine cuts the first line off s: without its end, and whether that was a
// bare LF.
func nextLine(s string) (line, rest string, bare bool) {
	i := strings.IndexByte(s, '\n')
	if i < 0 {
		return s, "", false
	}
	line, rest = s[:i], s[i+1:]
	if strings.HasSuffix(line, "\r") {
		return line[:len(line)-1], rest, false
	}
	return line, rest, true
}
