package http1

import (
	"strconv"
	"strings"
)

// statusLine is what a status line says (RFC 9112, section 4).
type statusLine struct {
	version string
	status  int // 0 if there is none
	reason  string
	odd     bool // no grammar allows it, but it is clear what is meant
}

// parseStatusLine splits a status line. The reason phrase may be empty, and so may
// the space before it.
func parseStatusLine(line string) (r statusLine, ok bool) {
	version, rest, _ := strings.Cut(line, " ")
	code, reason, _ := strings.Cut(rest, " ")
	if isVersion(version) && len(code) == 3 && strings.IndexByte(reason, 0) < 0 {
		n, err := strconv.ParseUint(code, 10, 16)
		if err == nil && n >= 100 {
			return statusLine{version, int(n), reason, false}, true
		}
	}
	return parseOddStatusLine(line)
}

// maxStatus is how many digits are taken for a status.
const maxStatus = 4

// parseOddStatusLine reads a line that begins as a status line should: with any
// version of HTTP, or with ICY, as radio stations answer. What follows may be
// separated by any blanks, and be any number, or none.
func parseOddStatusLine(line string) (r statusLine, ok bool) {
	r.odd = true
	r.version, r.reason = cutBlank(line)
	if !isAnyVersion(r.version) && r.version != icy {
		return r, false
	}
	n := 0
	for n < len(r.reason) && isDigit(r.reason[n]) {
		n++
	}
	if n > 0 && n <= maxStatus {
		r.status, _ = strconv.Atoi(r.reason[:n])
		r.reason = strings.TrimLeft(r.reason[n:], blanks)
	}
	return r, r.version != icy || n > 0
}

const icy = "ICY"

// maxVersion is longer than any version.
const maxVersion = 16

// mayStatusLine reports whether b may be the beginning of a line that
// parseStatusLine accepts.
func mayStatusLine(b []byte) bool {
	if n := len("HTTP/1.1"); len(b) > n && isVersion(string(b[:n])) && b[n] == ' ' { // as nearly all are
		return true
	}
	const name = "HTTP/"
	if n := min(len(b), len(name)); strings.EqualFold(string(b[:n]), name[:n]) {
		line, _, _ := nextLine(string(b[:min(len(b), maxVersion)]))
		version, _ := cutBlank(line)
		return len(b) == n || isAnyVersion(version)
	}
	if n := min(len(b), len(icy)); string(b[:n]) != icy[:n] {
		return false
	}
	return len(b) <= len(icy) || strings.IndexByte(blanks, b[len(icy)]) >= 0
}
