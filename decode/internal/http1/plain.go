package http1

import (
	"bytes"
	"strings"

	"github.com/socktrace/socktrace/decode/internal/content"
	"github.com/socktrace/socktrace/wire"
)

// isPlainStart is isStart among raw bytes, where only what is as the RFC has it
// is believed: of requests those with methods in capitals, and lines without
// control characters.
func isPlainStart(dir wire.Dir, line string) bool {
	if dir == wire.ToClient {
		r, ok := parseStatusLine(line)
		return ok && !r.odd
	}
	r, ok := parseRequestLine(line)
	return ok && isVersion(r.version) && len(r.method) <= maxMethod && line[len(r.method)] == ' ' &&
		r.method == strings.ToUpper(r.method) && content.Plain([]byte(line))
}

// mayPlainStart reports whether b may begin with a line that isPlainStart accepts, or
// with the beginning of one: it must not refuse any, whatever stands behind the line.
func mayPlainStart(dir wire.Dir, b []byte) bool {
	if dir == wire.ToClient {
		const version = "HTTP/1."
		n := min(len(b), len(version))
		return string(b[:n]) == version[:n]
	}
	line, _, _ := bytes.Cut(b, []byte("\n"))
	method, _, _ := bytes.Cut(line, []byte(" "))
	return mayStart(dir, b) && bytes.Equal(method, bytes.ToUpper(method)) && content.Plain(line)
}

// Asks reports whether line, without its end, is a request line, maybe an odd one,
// that has a version.
func Asks(line string) bool {
	r, ok := parseRequestLine(line)
	return ok && r.version != ""
}

// Answers tells whether b begins with a status line, maybe an odd one: there must
// be a status then.
func Answers(b []byte) content.Looks {
	switch {
	case mayPlainStart(wire.ToClient, b) && len(b) >= len("HTTP/1."):
		return content.Yes
	case !mayStatusLine(b):
		return content.No
	}
	line, _, _ := nextLine(string(b[:min(len(b), maxVersion)]))
	_, rest := cutBlank(line)
	switch {
	case rest == "" && len(line) == len(b):
		return content.TooFew
	case rest != "" && isDigit(rest[0]):
		return content.Yes
	}
	return content.No
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
