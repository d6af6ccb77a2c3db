package http2

import "github.com/socktrace/socktrace/decode/internal/content"

// A direction whose beginning was not seen, or in which something is missing, is
// understood again where several frames stand behind each other. One header in random
// bytes looks right once in millions; text has none, nor have lines of HTTP/1.

const (
	// runLength is how many headers in a row have to look right.
	runLength = 3
	// runSpan is in how many bytes they have to be.
	runSpan = 64 << 10
	// plausibleFrame is the length of frames that are recognised. Others may be longer,
	// if their receivers let them.
	plausibleFrame = 1<<16 - 1
)

// plausible reports whether h is the header of a frame as peers send them.
func (h header) plausible(reserved bool) bool {
	return h.typ < knownTypes && !reserved && h.length <= plausibleFrame && h.flags&^types[h.typ].flags == 0 && h.fault() == sound
}

// mayHeader reports whether b, the beginning of a header, may be that of a plausible one.
func mayHeader(b []byte) bool {
	return (len(b) == 0 || b[0] == 0) && (len(b) < 4 || frameType(b[3]) < knownTypes)
}

// runAt tells whether a run of frames begins with b. Where nothing more comes, those
// that end with it are enough, if there are two.
func runAt(b []byte, ended bool, span int) content.Looks {
	at := 0
	for n := range runLength {
		switch {
		case at > span-headerSize:
			return content.No
		case at+headerSize <= len(b):
		case !ended && mayHeader(b[min(at, len(b)):]):
			return content.TooFew
		case at == len(b) && n >= 2:
			return content.Yes
		default:
			return content.No
		}
		h := parseHeader(b[at:])
		if !h.plausible(b[at+5]&0x80 != 0) {
			return content.No
		}
		at += h.size()
	}
	return content.Yes
}

// AreWhole reports whether b is nothing but whole frames.
func AreWhole(b []byte) bool {
	for len(b) >= headerSize {
		h := parseHeader(b)
		if !h.plausible(b[5]&0x80 != 0) || h.size() > len(b) {
			return false
		}
		if b = b[h.size():]; len(b) == 0 {
			return true
		}
	}
	return false
}

// findRun returns where in b a run of frames begins, or may begin when more comes; if
// nowhere, the length of b.
func findRun(b []byte, ended bool, span int) (int, content.Looks) {
	for at := range b {
		if looks := runAt(b[at:], ended, span); looks != content.No {
			return at, looks
		}
	}
	return len(b), content.No
}
