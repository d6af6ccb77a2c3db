package chars

import "bytes"

// maxControl bounds how many parameters of a control sequence are looked at, in bytes.
const maxControl = 64

// escapes are how ESC is written in strings of JSON, programs and shells, behind a
// backslash; eights how the control of 8 bits is that is ESC and "[" in one.
var (
	escapes = []string{"u001b", "x1b", "033", "e"}
	eights  = []string{"u009b", "x9b", "233"}
)

// MayControl tells most texts apart from those with a control sequence.
func MayControl(b []byte) bool {
	return bytes.IndexByte(b, 0x1b) >= 0 || bytes.IndexByte(b, 0x9b) >= 0 || bytes.IndexByte(b, '\\') >= 0
}

// ControlBefore returns the size of the control sequence of a terminal that ends b, such as
// ESC [ 31 m (ECMA-48, section 5.4) or ESC ( B (ECMA-35, section 13.2): its last byte may be
// a letter, which is none of the word behind it. It returns 0 if there is none. At the front of
// b, where the rest may have been in the piece before, it goes by what most are.
func ControlBefore(b []byte) int {
	n := len(b) - 1
	if n < 0 || b[n] < '0' || b[n] > '~' {
		return 0
	}
	i := paramsBefore(b, n)
	size, csi := introducerBefore(b[:i])
	switch {
	case csi && b[n] >= '@', size > 0 && !csi && isCharset(b[i:n]):
		return n + 1 - i + size
	case (i == 0 || i == 1 && b[0] == '[') && (b[n] == 'm' || b[n] == 'K'):
		return n + 1
	}
	return 0
}

// InControl says whether b ends within a control sequence.
func InControl(b []byte) bool {
	_, csi := introducerBefore(b[:paramsBefore(b, len(b))])
	return csi
}

// Controls returns the size of the control sequences that b begins with.
func Controls(b []byte) (n int) {
	for {
		size := controlAt(b[n:])
		if size == 0 {
			return n
		}
		n += size
	}
}

// Uncontrolled appends b without its control sequences to dst. A blank is for those between
// letters and digits: they end words.
func Uncontrolled(dst, b []byte) []byte {
	for i := 0; i < len(b); i++ {
		n := Controls(b[i:])
		if i += n; i == len(b) {
			break
		}
		if n > 0 && len(dst) > 0 && Alnum[dst[len(dst)-1]] && Alnum[b[i]] {
			dst = append(dst, ' ')
		}
		dst = append(dst, b[i])
	}
	return dst
}

// controlAt returns the size of the control sequence that b begins with.
func controlAt(b []byte) int {
	size, csi := introducerAt(b)
	if size == 0 {
		return 0
	}
	end := size
	for end < len(b) && end-size < maxControl && isParam(b[end]) {
		end++
	}
	switch {
	case end < len(b) && b[end] >= '@' && b[end] <= '~' && (csi || isCharset(b[size:end])):
		return end + 1
	case !csi && end > size && b[end-1] >= '0' && isCharset(b[size:end-1]):
		return end
	}
	return 0
}

// introducerAt returns the size of what begins a control sequence, which b begins with, and
// whether parameters may follow.
func introducerAt(b []byte) (size int, csi bool) {
	for size < len(b) && b[size] == '\\' {
		size++
	}
	switch {
	case size > 0:
		for _, s := range eights {
			if HasFoldAt(b, size, s) {
				return size + len(s), true
			}
		}
		for _, s := range escapes {
			if HasFoldAt(b, size, s) {
				return openAt(b, size+len(s))
			}
		}
	case HasPrefixAt(b, 0, "\x1b"):
		return openAt(b, 1)
	case HasPrefixAt(b, 0, "\x9b"):
		return 1, true
	case HasPrefixAt(b, 0, "\u009b"):
		return 2, true
	}
	return 0, false
}

// openAt returns the size of an introducer whose ESC is in b[:size].
func openAt(b []byte, size int) (int, bool) {
	if HasPrefixAt(b, size, "[") {
		return size + 1, true
	}
	return size, false
}

// introducerBefore is introducerAt for what ends b.
func introducerBefore(b []byte) (size int, csi bool) {
	end := len(b)
	for from := max(0, end-len(`\\\\u001b[`)); from < end; from++ {
		if size, csi = introducerAt(b[from:]); size == end-from {
			return size, csi
		}
	}
	return 0, false
}

// paramsBefore returns where the parameters that end b[:i] begin.
func paramsBefore(b []byte, i int) int {
	for least := max(0, i-maxControl); i > least && isParam(b[i-1]); {
		i--
	}
	return i
}

// isParam says whether c is of the parameters of a control sequence, or stands behind them.
func isParam(c byte) bool { return ' ' < c && c <= '?' }

// isCharset says whether b is what stands between ESC and the last byte where a set of
// characters is chosen. Quotes and dashes could too, but are of the text around.
func isCharset(b []byte) bool { return charsets.Run(b) == len(b) }

var charsets = Of("", "#%()*+")
