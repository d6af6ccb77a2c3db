package scan

import (
	"testing"
	"unicode/utf8"
)

// TestShown has variation selectors where they belong, and everywhere else.
func TestShown(t *testing.T) {
	for text, hidden := range map[string]int{
		"\u2764\ufe0f": 0, "a \u2714\ufe0f, \u260e\ufe0e.": 0, "\u2764\ufe0f\u2764\ufe0f": 0,
		"\U0001f3f3\ufe0f": 0, "\u00a9\ufe0f\u2122\ufe0e\u2194\ufe0f": 0, "\u203c\ufe0f\u2049\ufe0f\u2139\ufe0f\u3030\ufe0f\u303d\ufe0f": 0,
		"1\ufe0f\u20e3#\ufe0f\u20e3*\ufe0f\u20e3": 0, "0\ufe0f\u20e39\ufe0f\u20e3": 0, "/\ufe0f\u20e3": 1, ":\ufe0f\u20e3": 1, "\u2764\ufe0f\u0301": 0,
		"\ufe0f": 1, "a\ufe0f": 1, "1\ufe0f": 1, "1\ufe0e2": 1, "a\ufe0f\u20e3": 1, " \ufe0f": 1, "é\ufe0f": 1, "世\ufe0f": 1,
		"\u2764\ufe0f\ufe0f": 2, "\u2764\ufe0e\ufe0f": 2, "\u2764\ufe0f\ufe00": 2, "\u2764\ufe0f\U000e0100": 2, "\u2764\ufe0f\u180b": 2,
		"\u2764\ufe00": 1, "\u2764\u0301\ufe0f": 1, "\u2800\ufe0f": 2, "\U0001d159\ufe0f": 2, "\u2764\u200d\ufe0f": 2, "\xff\ufe0f": 1, "\x9d\xa4\ufe0f": 1,
	} {
		got := 0
		for i, r := range text {
			if same := Shown([]byte(text), i, r); same != Shown(text, i, r) {
				t.Errorf("%+q at %d: as bytes %t", text, i, same)
			}
			if r != utf8.RuneError && !Shown(text, i, r) {
				got++
			}
		}
		if got != hidden {
			t.Errorf("%+q: %d hidden, want %d", text, got, hidden)
		}
	}
}
