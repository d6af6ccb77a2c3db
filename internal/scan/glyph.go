package scan

import "unicode"

// Glyph says whether a terminal shows r as a glyph, and does nothing else. What is
// not graphic it does not: controls (C0, DEL, C1), format characters (bidirectional
// controls, zero-width ones, byte order mark, tags), line and paragraph separators,
// private use, what is not assigned. Nor what is graphic by its category alone, and
// in truth cannot be seen.
func Glyph(r rune) bool {
	if r < 0x80 {
		return ' ' <= r && r < 0x7f
	}
	return unicode.IsGraphic(r) && !invisible(r)
}

// invisible says whether nothing is to be seen of a graphic character: those that
// are ignored by default (Unicode Standard, section 5.21), such as variation
// selectors and fillers, in which whole texts can hide, and letters that are blank.
func invisible(r rune) bool {
	switch {
	case r < 0x34f:
		return false
	case r == 0x34f, // combining grapheme joiner
		r == 0x115f, r == 0x1160, r == 0x3164, r == 0xffa0, // fillers of Hangul
		r == 0x17b4, r == 0x17b5, // inherent vowels of Khmer
		r >= 0x180b && r <= 0x180f, r >= 0xfe00 && r <= 0xfe0f, // variation selectors
		r == 0x2800,                  // Braille without dots
		r == 0x1d159,                 // a note without head
		r >= 0xe0000 && r <= 0xe0fff: // tags, more variation selectors
		return true
	}
	return false
}

// Marks counts the combining marks in a row that a text has at some place. The zero
// value is for the beginning of it.
type Marks int

// maxMarks is how many marks are shown in a row: no language needs more for one
// letter, and some dozen of them reach into other lines.
const maxMarks = 6

// Over says whether r, the next character, is a mark too many to be shown.
func (m *Marks) Over(r rune) bool {
	if !isMark(r) {
		*m = 0
		return false
	}
	*m++
	return *m > maxMarks
}

// isMark says whether r combines with what is before it.
func isMark(r rune) bool {
	switch {
	case r < 0x300,
		r >= 0x370 && r < 0x483,   // Greek, Cyrillic
		r >= 0x3100 && r < 0xa66f, // CJK
		r >= 0xac00 && r < 0xd800: // Hangul
		return false
	}
	return unicode.Is(unicode.M, r)
}
