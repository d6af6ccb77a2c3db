package scan

import (
	"unicode"
	"unicode/utf8"
)

// Characters that say how the symbol before them is to be drawn, and the one that
// makes a key of it.
const (
	asText  = '\ufe0e'
	asEmoji = '\ufe0f'
	keycap  = '\u20e3'
)

// Shown says whether a terminal shows r, the character at s[i:], and nothing else:
// it is a glyph, or the one variation selector behind a symbol or emoji, where it
// only says how that is drawn (Unicode Technical Standard 51, section 2.8). It is
// not one anywhere else, and several in a row are none: texts can hide in those.
func Shown[S Text](s S, i int, r rune) bool {
	return Glyph(r) || (r == asText || r == asEmoji) && styles(s, i)
}

// styles says whether the variation selector at s[i:] may be there.
func styles[S Text](s S, i int) bool {
	var b [2 * utf8.UTFMax]byte
	before := b[:copy(b[:utf8.UTFMax], s[max(i-utf8.UTFMax, 0):i])]
	symbol, size := utf8.DecodeLastRune(before)
	after := b[:copy(b[:], s[i+len("\ufe0f"):])]
	next, _ := utf8.DecodeRune(after)
	switch {
	case unicode.Is(unicode.Variation_Selector, next):
		return false
	case symbol < utf8.RuneSelf:
		return next == keycap && (symbol >= '0' && symbol <= '9' || symbol == '#' || symbol == '*')
	}
	return size > 1 && isSymbol(symbol)
}

// isSymbol says whether r, beyond ASCII, is a symbol that can be seen, or an emoji
// though it is none by its category.
func isSymbol(r rune) bool {
	switch r {
	case '\u203c', '\u2049', '\u2139', '\u3030', '\u303d':
		return true
	}
	return unicode.In(r, unicode.So, unicode.Sm) && Glyph(r)
}
