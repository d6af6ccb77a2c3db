package http2

import "github.com/socktrace/socktrace/decode/internal/content"

// A direction whose beginning was not seen, or in which something is missing, is
// understood again where several frames stand behind each other. One header in random
// bytes looks right once in millions; text has none, nor have lines of HTTP/1.

const (
	// runLength is how many headers in a row have to look right, and freshLength how many
	// where a packet begins with the first.
	runLength   = 3
	freshLength = 2
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

// runAt tells whether a run of so many frames begins with b, and where the last of them
// ends. Where nothing more comes, those that end with it are enough, if there is only one
// less.
func runAt(b []byte, ended bool, span, length int) (end int, looks content.Looks) {
	for n := range length {
		switch {
		case end > span-headerSize:
			return 0, content.No
		case end+headerSize <= len(b):
		case !ended && mayHeader(b[min(end, len(b)):]):
			return 0, content.TooFew
		case end == len(b) && n >= length-1:
			return end, content.Yes
		default:
			return 0, content.No
		}
		h := parseHeader(b[end:])
		if !h.plausible(b[end+5]&0x80 != 0) {
			return 0, content.No
		}
		end += h.size()
	}
	return end, content.Yes
}

// goes tells whether b, with which a packet begins, goes on with a connection: whether it
// is a whole frame, and what may be another.
func goes(b []byte, ended bool) content.Looks {
	_, looks := runAt(b, ended, runSpan, freshLength)
	return looks
}

// AreFrames is goes for what nothing more comes behind.
func AreFrames(b []byte) bool { return goes(b, true) == content.Yes }

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

// findRun returns where in b a run of frames begins, or may begin when more comes, and
// where the last of them ends; if nowhere, the length of b.
func findRun(b []byte, ended bool, span int) (at, end int, looks content.Looks) {
	for at = range b {
		if end, looks = runAt(b[at:], ended, span, runLength); looks != content.No {
			return at, at + end, looks
		}
	}
	return len(b), 0, content.No
}
