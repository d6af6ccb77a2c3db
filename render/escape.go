package render

import (
	"unicode/utf8"

	"github.com/socktrace/socktrace/internal/escape"
	"github.com/socktrace/socktrace/internal/scan"
)

const hexDigits = "0123456789abcdef"

// safe says whether a terminal shows r as a glyph and nothing else, wherever it is.
func safe(r rune) bool { return scan.Glyph(r) }

// Escaped returns text that somebody else has chosen, such as the name of a file,
// as traffic is shown.
func Escaped(s string) string { return string(appendEscaped(nil, s, "", "")) }

// decode is utf8.DecodeRune for both kinds of text.
func decode[S ~string | ~[]byte](s S) (rune, int) {
	var b [utf8.UTFMax]byte
	return utf8.DecodeRune(b[:copy(b[:], s)])
}

// appendEscaped appends s with everything that is not shown (scan.Shown) written
// out: \n, \r, \t, \e, \xNN for other bytes, \uNNNN and \UNNNNNNNN for characters,
// also for combining marks of which there are too many in a row. A backslash in s
// stays as it is. open is the colour around s, which is interrupted for an escape if
// that has a colour of its own, esc.
func appendEscaped[S ~string | ~[]byte](dst []byte, s S, open, esc string) []byte {
	if scan.Graphic(s) == len(s) {
		return append(dst, s...)
	}
	escaping := false
	swap := func(on bool) {
		if on == escaping {
			return
		}
		escaping = on
		from, to := open, esc
		if !on {
			from, to = esc, open
		}
		if from != "" {
			dst = append(dst, sgrReset...)
		}
		dst = append(dst, to...)
	}
	var marks scan.Marks
	for i := 0; i < len(s); {
		if n := scan.Graphic(s[i:]); n > 0 {
			marks = 0
			swap(false)
			dst = append(dst, s[i:i+n]...)
			i += n
			continue
		}
		r, n := decode(s[i:])
		if over := marks.Over(r); !over && scan.Shown(s, i, r) && (r != utf8.RuneError || n > 1) {
			swap(false)
			dst = append(dst, s[i:i+n]...)
		} else {
			swap(true)
			dst = escape.AppendRune(dst, r, s[i], n)
		}
		i += n
	}
	swap(false)
	return dst
}
