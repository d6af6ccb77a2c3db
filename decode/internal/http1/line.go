package http1

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/socktrace/socktrace/wire"
)

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
			return strings.IndexByte(blanks, c) >= 0 && methods[strings.ToUpper(string(b[:i]))]
		}
	}
	return true
}

// tornLines returns the beginning of b that can be understood, of a head that ends
// where b does: with a field whose value may be cut, but not with a name that may,
// nor with a target. It is empty if that is not even a start line.
func tornLines(dir wire.Dir, b []byte) string {
	end := bytes.LastIndexByte(b, '\n') + 1
	if last := b[end:]; end == 0 || bytes.IndexByte(last, ':') > 0 {
		end = len(b)
	}
	line, _, _ := nextLine(string(b[:end]))
	if !isStart(dir, line) {
		return ""
	}
	return string(b[:end])
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
