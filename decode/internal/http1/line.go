package http1

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/socktrace/socktrace/decode/internal/content"
	"github.com/socktrace/socktrace/wire"
)

// isStart reports whether line, without its end, begins a message in direction
// dir.
func isStart(dir wire.Dir, line string) (ok bool) {
	if dir == wire.ToServer {
		_, ok = parseRequestLine(line)
	} else {
		_, ok = parseStatusLine(line)
	}
	return ok
}

// mayStart reports whether b may be the beginning of a line that isStart
// accepts: a method and a blank, or a version.
func mayStart(dir wire.Dir, b []byte) bool {
	if dir == wire.ToClient {
		return mayStatusLine(b)
	}
	for i, c := range b {
		switch {
		case wire.IsTokenChar(c) && i < maxMethod:
		case c == ' ':
			return i > 0
		default:
			return strings.IndexByte(blanks, c) >= 0 && isMethod(strings.ToUpper(string(b[:i])))
		}
	}
	return true
}

// tornLines returns the beginning of b that can be understood, of a head that ends
// where b does: with a target or a field whose value may be cut, but not with a name
// that may. It is empty if that is not even a start line.
func tornLines(dir wire.Dir, b []byte) string {
	end := bytes.LastIndexByte(b, '\n') + 1
	if last := b[end:]; end == 0 || bytes.IndexByte(last, ':') > 0 {
		end = len(b)
	}
	line, _, _ := nextLine(string(b[:end]))
	if isStart(dir, line) && !(dir == wire.ToClient && len(line) == len(b) && isOddStatus(line)) {
		return string(b[:end])
	}
	if r, _ := parseTornLine(line); dir == wire.ToServer && len(line) == len(b) && r.method != "" {
		return string(b[:end])
	}
	return ""
}

// isOddStatus reports whether a status line may be cut in its status.
func isOddStatus(line string) bool {
	r, ok := parseStatusLine(line)
	return !ok || r.odd
}

// parseTornLine splits a request line that is cut: in its version, which is left out
// then, or in its target, which is not whole then. Only methods in capitals are
// believed, and what may begin a target (RFC 9112, section 3.2).
func parseTornLine(line string) (r requestLine, whole bool) {
	method, target, _ := strings.Cut(line, " ")
	if !beginsTarget(method, target) || !wire.IsToken(method) || len(method) > maxMethod || method != strings.ToUpper(method) || !content.Plain([]byte(line)) {
		return requestLine{}, false
	}
	if i := strings.LastIndexByte(target, ' '); i > 0 && strings.HasPrefix("HTTP/1.", target[i+1:]) {
		return requestLine{method: method, target: target[:i]}, true
	}
	return requestLine{method: method, target: target}, false
}

// beginsTarget reports whether a target begins so.
func beginsTarget(method, target string) bool {
	return target != "" && (target[0] == '/' || target == "*" || method == "CONNECT" || strings.Contains(target, "://"))
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
