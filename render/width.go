package render

import (
	"unicode"
	"unicode/utf8"

	"github.com/socktrace/socktrace/internal/scan"
)

// runeColumns returns how many columns a terminal gives to a safe character:
// none to a combining one, two to East Asian wide and fullwidth ones (Unicode
// Standard Annex 11) and emoji, one to all others.
func runeColumns(r rune) int {
	switch {
	case r < 0x300:
		return 1
	case unicode.In(r, unicode.Mn, unicode.Me):
		return 0
	case isWide(r):
		return 2
	}
	return 1
}

// isWide holds the wide blocks. Unassigned gaps in them are counted as wide,
// which does not matter: they are escaped.
func isWide(r rune) bool {
	switch {
	case r < 0x1100:
		return false
	case r <= 0x115f, // Hangul Jamo
		r == 0x231a || r == 0x231b || r == 0x2329 || r == 0x232a,
		r >= 0x23e9 && r <= 0x23ec || r == 0x23f0 || r == 0x23f3,
		r == 0x25fd || r == 0x25fe || r == 0x2614 || r == 0x2615,
		r >= 0x2648 && r <= 0x2653 || r == 0x267f || r == 0x2693 || r == 0x26a1,
		r == 0x26aa || r == 0x26ab || r == 0x26bd || r == 0x26be || r == 0x26c4 || r == 0x26c5,
		r == 0x26ce || r == 0x26d4 || r == 0x26ea || r == 0x26f2 || r == 0x26f3 || r == 0x26f5,
		r == 0x26fa || r == 0x26fd || r == 0x2705 || r == 0x270a || r == 0x270b || r == 0x2728,
		r == 0x274c || r == 0x274e || r >= 0x2753 && r <= 0x2755 || r == 0x2757,
		r >= 0x2795 && r <= 0x2797 || r == 0x27b0 || r == 0x27bf,
		r == 0x2b1b || r == 0x2b1c || r == 0x2b50 || r == 0x2b55,
		r >= 0x2e80 && r <= 0x303e, // CJK radicals, punctuation
		r >= 0x3041 && r <= 0x4dbf, // Kana to CJK extension A
		r >= 0x4e00 && r <= 0xa4cf, // CJK, Yi
		r >= 0xa960 && r <= 0xa97f,
		r >= 0xac00 && r <= 0xd7a3, // Hangul
		r >= 0xf900 && r <= 0xfaff,
		r >= 0xfe10 && r <= 0xfe19 || r >= 0xfe30 && r <= 0xfe6f,
		r >= 0xff00 && r <= 0xff60 || r >= 0xffe0 && r <= 0xffe6, // fullwidth
		r >= 0x16fe0 && r <= 0x1b2ff,                             // Tangut, Khitan, Kana
		r == 0x1f004 || r == 0x1f0cf || r == 0x1f18e || r >= 0x1f191 && r <= 0x1f19a,
		r >= 0x1f200 && r <= 0x1f320 || r >= 0x1f32d && r <= 0x1f335,
		r >= 0x1f337 && r <= 0x1f37c || r >= 0x1f37e && r <= 0x1f393,
		r >= 0x1f3a0 && r <= 0x1f3ca || r >= 0x1f3cf && r <= 0x1f3d3,
		r >= 0x1f3e0 && r <= 0x1f3f0 || r == 0x1f3f4 || r >= 0x1f3f8 && r <= 0x1f43e,
		r == 0x1f440 || r >= 0x1f442 && r <= 0x1f4fc || r >= 0x1f4ff && r <= 0x1f53d,
		r >= 0x1f54b && r <= 0x1f54e || r >= 0x1f550 && r <= 0x1f567,
		r == 0x1f57a || r == 0x1f595 || r == 0x1f596 || r == 0x1f5a4,
		r >= 0x1f5fb && r <= 0x1f64f || r >= 0x1f680 && r <= 0x1f6c5,
		r == 0x1f6cc || r >= 0x1f6d0 && r <= 0x1f6d2 || r >= 0x1f6d5 && r <= 0x1f6df,
		r >= 0x1f6eb && r <= 0x1f6ec || r >= 0x1f6f4 && r <= 0x1f6fc,
		r >= 0x1f7e0 && r <= 0x1f7f0 || r >= 0x1f90c && r <= 0x1f93a,
		r >= 0x1f93c && r <= 0x1f945 || r >= 0x1f947 && r <= 0x1f9ff,
		r >= 0x1fa70 && r <= 0x1faff,
		r >= 0x20000 && r <= 0x3fffd: // CJK extensions
		return true
	}
	return false
}

// unit returns the length in bytes and columns of the smallest piece at the
// start of b, which is output of ours, that must not be cut: a colour, an
// escape such as \x1b, a character.
func unit(b []byte) (n, columns int) {
	switch c := b[0]; {
	case c == 0x1b:
		for n = 1; n < len(b) && b[n-1] != 'm'; n++ {
		}
		return n, 0
	case c == '\\' && len(b) > 1:
		n = escapeLen(b)
		return n, n
	case c < utf8.RuneSelf:
		if len(b) > 1 && b[1] >= utf8.RuneSelf && isStyled(b[1:]) {
			return 1 + len(asEmoji), 2
		}
		return 1, 1
	}
	r, n := utf8.DecodeRune(b)
	switch {
	case r == asEmojiRune: // behind ASCII that was counted
		return n, 1
	case isStyled(b[n:]):
		return n + len(asEmoji), 2
	}
	return n, runeColumns(r)
}

// asEmoji makes an emoji of the symbol before it. Some terminals widen that to two
// columns, others do not: what is meant for two fits in both.
const (
	asEmoji     = "\ufe0f"
	asEmojiRune = '\ufe0f'
)

// isStyled says whether what is before b is made an emoji.
func isStyled(b []byte) bool { return len(b) >= len(asEmoji) && string(b[:len(asEmoji)]) == asEmoji }

// escapeLen returns the length of the escape that b begins with. A backslash
// that the traffic sent is taken for one as well, which does no harm.
func escapeLen(b []byte) int {
	want := 2
	switch b[1] {
	case 'x':
		want = 4
	case 'u':
		want = 6
	case 'U':
		want = 10
	}
	n := 2
	if b[1] < 0x20 || b[1] >= 0x7f {
		return 1
	}
	for n < want && n < len(b) && (b[n] >= '0' && b[n] <= '9' || b[n] >= 'a' && b[n] <= 'f' || b[n] >= 'A' && b[n] <= 'F') {
		n++
	}
	return n
}

// columns returns how many columns output of ours takes.
func columns(b []byte) (sum int) {
	for {
		n := scan.Graphic(b) // of one column each, in an escape as well
		sum += n
		if b = b[n:]; len(b) == 0 {
			return sum
		}
		n, c := unit(b)
		sum += c
		b = b[n:]
	}
}

// fitted returns text in at most room columns, with a mark at its end if it was cut.
func fitted(text []byte, room int, mark string) []byte {
	if columns(text) <= room {
		return text
	}
	n, used := 0, columns([]byte(mark))
	for {
		l, c := unit(text[n:])
		if used+c > room {
			break
		}
		n, used = n+l, used+c
	}
	return append(append([]byte(nil), text[:n]...), mark...)
}
