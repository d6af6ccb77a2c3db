package http2

import "github.com/socktrace/socktrace/wire"

// IsPreface reports whether b begins with the preface, and whether it is the
// beginning of it (RFC 9113, section 3.4).
func IsPreface(b []byte) (whole, may bool) {
	n := min(len(b), len(wire.HTTP2Preface))
	may = string(b[:n]) == wire.HTTP2Preface[:n]
	return may && n == len(wire.HTTP2Preface), may && n < len(wire.HTTP2Preface)
}

// Looks reports whether b begins what a client, or a server, of HTTP/2 sends, and
// whether it is the beginning of that.
func Looks(dir wire.Dir, b []byte) (whole, may bool) {
	if dir == wire.ToServer {
		return IsPreface(b)
	}
	return IsSettings(b)
}

// IsSettings reports whether b begins with the header of the frame that a server
// sends first, for which it need not wait for the preface: SETTINGS of stream 0,
// without flags (RFC 9113, section 6.5); and whether it is the beginning of such
// a header.
func IsSettings(b []byte) (whole, may bool) {
	frame := [headerSize]byte{3: byte(settings)}
	if len(b) > 2 {
		frame[2] = b[2] - b[2]%settingSize // the length of some settings
	}
	n := min(len(b), len(frame))
	may = string(b[:n]) == string(frame[:n])
	return may && n == len(frame), may && n < len(frame)
}
