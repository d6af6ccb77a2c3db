package http1

import (
	"strings"

	"github.com/socktrace/socktrace/internal/scan"
	"github.com/socktrace/socktrace/wire"
)

// requestLine is what a request line says (RFC 9112, section 3).
type requestLine struct {
	method, target, version string
	odd                     bool // no grammar allows it, but it is clear what is meant
}

// parseRequestLine splits a request line. The target may contain anything: it is
// what stands between the first and the last space. If the line is not as the RFC
// has it, it must begin with a method that is known.
func parseRequestLine(line string) (r requestLine, ok bool) {
	end := len(line)
	for end > 0 && line[end-1] == ' ' {
		end--
	}
	i := strings.IndexByte(line, ' ')
	j := strings.LastIndexByte(line[:end], ' ')
	if i > 0 && j > i+1 && isVersion(line[j+1:end]) && wire.IsToken(line[:i]) {
		r = requestLine{method: line[:i], target: line[i+1 : j], version: line[j+1 : end], odd: end < len(line)}
		if hasSpaceOrControl(r.target) {
			r.target, r.odd = strings.Trim(r.target, blanks), true
		}
		if r.target != "" {
			return r, true
		}
	}
	return parseOddRequestLine(line)
}

// blanks may separate the parts of a start line, says RFC 9112, section 3, to
// those who want to be lenient; NUL is what some put there.
const blanks = " \t\v\f\r\x00"

// parseOddRequestLine reads a line that begins with a known method and a target:
// the version may be missing, as in HTTP/0.9, or be any; with one, the method need
// not be in capitals.
func parseOddRequestLine(line string) (r requestLine, ok bool) {
	r.odd = true
	r.method, line = cutBlank(line)
	if len(r.method) > maxMethod || !isMethod(strings.ToUpper(r.method)) {
		return r, false
	}
	r.target = strings.Trim(line, blanks)
	word := r.target[strings.LastIndexAny(r.target, blanks)+1:]
	switch {
	case isAnyVersion(word):
		r.version = word
		r.target = strings.TrimRight(r.target[:len(r.target)-len(word)], blanks)
	case word != r.target && isProtocol(word):
		return r, false // RTSP and SIP look like HTTP
	}
	return r, r.version != "" || isMethod(r.method) && isTarget(r.target)
}

// cutBlank cuts the first word off s, and the blanks behind it.
func cutBlank(s string) (word, rest string) {
	i := strings.IndexAny(s, blanks)
	if i < 0 {
		return s, ""
	}
	return s[:i], strings.TrimLeft(s[i:], blanks)
}

// isTarget reports whether s begins as a target does that is no authority (RFC
// 9112, section 3.2).
func isTarget(s string) bool {
	return s != "" && (s[0] == '/' || s == "*" || strings.HasPrefix(s, "http://") || strings.HasPrefix(s, "https://"))
}

// isVersion reports whether s is an HTTP version whose messages look like
// HTTP/1 (RFC 9112, section 2.3).
func isVersion(s string) bool {
	return len(s) == len("HTTP/1.1") && strings.HasPrefix(s, "HTTP/1.") && '0' <= s[7] && s[7] <= '9'
}

// isAnyVersion reports whether s is meant to be a version of HTTP.
func isAnyVersion(s string) bool {
	const name = "HTTP/"
	return len(s) > len(name) && strings.EqualFold(s[:len(name)], name) && isDigit(s[len(name)]) &&
		strings.Trim(s[len(name):], ".0123456789") == ""
}

// isProtocol reports whether s is a name and version such as RTSP/1.0.
func isProtocol(s string) bool {
	name, version, ok := strings.Cut(s, "/")
	return ok && name != "" && name == strings.ToUpper(name) && wire.IsToken(name) && version != "" && isDigit(version[0])
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// hasSpaceOrControl reports whether s has what no target may have.
func hasSpaceOrControl(s string) bool {
	return scan.Control(s, 0) < len(s) || strings.IndexByte(s, ' ') >= 0
}
