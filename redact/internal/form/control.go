package form

import "bytes"

// maxControl bounds how long a control sequence is that ends a word, in bytes.
const maxControl = 32

// controls are how the beginning of a control sequence is written: as it is, and in strings
// of JSON, of programs and of shells.
var controls = [][]byte{{0x1b}, []byte(`\u001b`), []byte(`\x1b`), []byte(`\033`), []byte(`\e`)}

// endsControl says whether a control sequence of a terminal ends b, such as ESC [ 31 m (ECMA-48,
// section 5.4): its last byte may be a letter, which is none of the word behind it. At the front of
// b the rest of it may have been in the piece before.
func endsControl(b []byte) bool {
	n := len(b) - 1
	last := b[n]
	if last < '@' || last > '~' {
		return false
	}
	i := n
	for i > 0 && n-i < maxControl && ('0' <= b[i-1] && b[i-1] <= '?' || ' ' < b[i-1] && b[i-1] <= '/') {
		i--
	}
	usual := last == 'm' || last == 'K'
	switch {
	case i == 0:
		return usual
	case b[i-1] == 0x9b, bytes.HasSuffix(lower(b[:i]), []byte(`\u009b`)):
		return true
	case b[i-1] == '[':
		i--
		if i == 0 {
			return usual
		}
	case i < n:
		return false
	}
	before := lower(b[:i])
	for _, c := range controls {
		if bytes.HasSuffix(before, c) {
			return true
		}
	}
	return false
}

// lower returns the end of b in lower case, as much as a control sequence begins with.
func lower(b []byte) []byte { return bytes.ToLower(b[max(0, len(b)-6):]) }
