package name

import "github.com/socktrace/socktrace/redact/internal/chars"

// Max is how much of a name is looked at.
const Max = 96

// Fold returns name as names are compared: in lower case, without dashes and
// underscores, in buf. It returns false if that is too small. Letters that
// encoding/json takes for ASCII ones are those.
func Fold(buf *[Max]byte, name []byte) ([]byte, bool) {
	n := 0
	for i := 0; i < len(name); i++ {
		c := chars.Lower(name[i])
		switch {
		case c == '-' || c == '_':
			continue
		case chars.HasPrefixAt(name, i, "\u017f"): // long s
			c = 's'
			i++
		case chars.HasPrefixAt(name, i, "\u212a"): // Kelvin sign
			c = 'k'
			i += 2
		}
		if n == len(buf) {
			return buf[:n], false
		}
		buf[n] = c
		n++
	}
	return buf[:n], true
}
