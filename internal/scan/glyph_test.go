package scan

import (
	"strings"
	"testing"
	"unicode"
)

// TestGlyph compares with Unicode's own tables: what is ignored by default is no
// glyph, nor what is not graphic.
func TestGlyph(t *testing.T) {
	blank := "\u2800\U0001d159"
	for r := rune(0); r <= unicode.MaxRune; r++ {
		ignored := unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
		want := unicode.IsGraphic(r) && !ignored && !strings.ContainsRune(blank, r)
		if got := Glyph(r); got != want {
			t.Errorf("%U: %v", r, got)
		}
		if got, want := isMark(r), unicode.IsMark(r); got != want {
			t.Errorf("%U is a mark: %v", r, got)
		}
	}
}

func TestMarks(t *testing.T) {
	const mark, most = '\u0301', 6
	for _, test := range []struct {
		text string
		over int
	}{
		{"", 0},
		{strings.Repeat("e\u0301\u0323\u0308", 50), 0},
		{"a" + strings.Repeat(string(mark), most), 0},
		{"a" + strings.Repeat(string(mark), most+3), 3},
		{strings.Repeat("\u0939\u093f\u0928\u094d\u0926\u0940 ", 20), 0},
		{strings.Repeat("a"+strings.Repeat("\u0e47\u20dd", most), 2), 2 * most},
	} {
		var m Marks
		over := 0
		for _, r := range test.text {
			if m.Over(r) {
				over++
			}
		}
		if over != test.over {
			t.Errorf("%+q: %d too many, want %d", test.text, over, test.over)
		}
	}
}
