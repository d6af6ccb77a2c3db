package pcap

import (
	"bytes"

	"github.com/socktrace/socktrace/wire"
)

// verdict is what the first bytes of a direction are.
type verdict uint8

const (
	notHTTP verdict = iota
	tooFew          // more bytes will tell
	isRequest
	isResponse
)

const (
	// longLine is how much of a line without an end is believed to be the
	// beginning of a request.
	longLine = 4 << 10
	// longMethod is more than the longest registered method has.
	longMethod = 32
)

// sniff tells what b is the beginning of: a request line with a version (RFC
// 9112, section 3; the preface of HTTP/2 looks like one, RFC 9113, section 3.4),
// a status line, or something else.
func sniff(b []byte) verdict {
	b = bytes.TrimLeft(b, "\r\n") // as servers do (RFC 9112, section 2.2)
	const status = "HTTP/1."
	if n := min(len(b), len(status)); string(b[:n]) == status[:n] {
		if n < len(status) {
			return tooFew
		}
		return isResponse
	}
	method := 0
	for method < len(b) && wire.IsTokenChar(b[method]) {
		method++
	}
	switch {
	case method > longMethod, method == 0:
		return notHTTP
	case method == len(b):
		return tooFew
	case b[method] != ' ':
		return notHTTP
	}
	line, _, ended := bytes.Cut(b, []byte("\n"))
	if !ended {
		if bytes.ContainsFunc(line, isControl) {
			return notHTTP
		}
		if len(line) >= longLine {
			return isRequest
		}
		return tooFew
	}
	line = bytes.TrimRight(line, "\r ")
	version := line[max(len(line)-len(" HTTP/1.1"), 0):]
	if bytes.HasPrefix(version, []byte(" HTTP/")) && version[7] == '.' {
		return isRequest
	}
	return notHTTP
}

func isControl(r rune) bool { return r < ' ' && r != '\t' && r != '\r' }

// isSettings reports whether b may be the beginning of the frame that an HTTP/2
// server begins with, which need not wait for the client's preface (RFC 9113,
// sections 3.4 and 6.5).
func isSettings(b []byte) bool {
	frame := [...]byte{0, 0, 0, 4, 0, 0, 0, 0, 0}
	if len(b) > 2 {
		frame[2] = b[2] - b[2]%6 // the length of some settings
	}
	n := min(len(b), len(frame))
	return bytes.Equal(b[:n], frame[:n])
}
