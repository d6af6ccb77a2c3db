package http1

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/socktrace/socktrace/decode/internal/content"
	"github.com/socktrace/socktrace/wire"
)

// maxMethod is more than the longest registered method has.
const maxMethod = 32

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

// parseRequestLine splits a request line (RFC 9112, section 3). The target may
// contain anything: it is what stands between the first and the last space.
func parseRequestLine(line string) (method, target, version string, ok bool) {
	i := strings.IndexByte(line, ' ')
	j := strings.LastIndexByte(line, ' ')
	if i <= 0 || j == i {
		return "", "", "", false
	}
	method, target, version = line[:i], line[i+1:j], line[j+1:]
	return method, target, version, wire.IsToken(method) && isVersion(version) && target != ""
}

// parseStatusLine splits a status line (RFC 9112, section 4). The reason phrase
// may be empty, and so may the space before it.
func parseStatusLine(line string) (version string, status int, reason string, ok bool) {
	version, rest, _ := strings.Cut(line, " ")
	code, reason, _ := strings.Cut(rest, " ")
	if !isVersion(version) || len(code) != 3 {
		return "", 0, "", false
	}
	n, err := strconv.ParseUint(code, 10, 16)
	return version, int(n), reason, err == nil && n >= 100
}

// isVersion reports whether s is an HTTP version whose messages look like
// HTTP/1 (RFC 9112, section 2.3).
func isVersion(s string) bool {
	return len(s) == len("HTTP/1.1") && strings.HasPrefix(s, "HTTP/1.") && '0' <= s[7] && s[7] <= '9'
}

// isStart reports whether line, without its end, begins a message in direction
// dir.
func isStart(dir wire.Dir, line string) bool {
	if dir == wire.ToServer {
		_, _, _, ok := parseRequestLine(line)
		return ok
	}
	_, _, _, ok := parseStatusLine(line)
	return ok
}

// isPlainStart is isStart among raw bytes, where only methods in capitals are
// believed, and lines without control characters.
func isPlainStart(dir wire.Dir, line string) bool {
	if !isStart(dir, line) {
		return false
	}
	if dir == wire.ToClient {
		return true
	}
	method, _, _ := strings.Cut(line, " ")
	return len(method) <= maxMethod && method == strings.ToUpper(method) && content.Plain([]byte(line))
}

// mayStart reports whether b may be the beginning of a line that isStart
// accepts: a method and a space, or a version.
func mayStart(dir wire.Dir, b []byte) bool {
	if dir == wire.ToClient {
		const version = "HTTP/1."
		n := min(len(b), len(version))
		return string(b[:n]) == version[:n]
	}
	for i, c := range b {
		if c == ' ' {
			return i > 0
		}
		if !wire.IsTokenChar(c) || i == maxMethod {
			return false
		}
	}
	return true
}

// mayPlainStart is mayStart for isPlainStart: whatever that accepts, it must not
// refuse any beginning of.
func mayPlainStart(dir wire.Dir, b []byte) bool {
	if dir == wire.ToClient {
		return mayStart(dir, b)
	}
	method, _, _ := bytes.Cut(b, []byte(" "))
	return mayStart(dir, b) && bytes.Equal(method, bytes.ToUpper(method)) && content.Plain(b)
}

// Looks tells whether b begins what a client, or a server, sends: a whole request
// line, or a version.
func Looks(dir wire.Dir, b []byte) content.Looks {
	line, _, _ := nextLine(string(b[:min(len(b), maxLine)]))
	ended := len(line) < len(b)
	switch {
	case !mayPlainStart(dir, b[:min(len(b), maxLine)]):
		return content.No
	case dir == wire.ToClient && len(b) >= len("HTTP/1."), ended && isPlainStart(dir, line):
		return content.Yes
	case ended:
		return content.No
	}
	return content.TooFew
}

// offending quotes b up to the byte that made it impossible as a start: a longer
// quote would depend on how the bytes were cut.
func offending(dir wire.Dir, b []byte) string {
	n := 1
	for n < len(b) && mayStart(dir, b[:n]) {
		n++
	}
	return strconv.Quote(string(b[:n]))
}

// clip shortens what an anomaly quotes.
func clip(s string) string {
	const most = 120
	if len(s) > most {
		return s[:most] + "…"
	}
	return s
}
