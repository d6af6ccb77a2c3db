package lesson

import (
	"strings"
	"unicode"
)

// news returns the sentences of text that say something which said does not: of whose words
// most are not there.
func news(text, said string) string {
	known := make(map[string]bool)
	for _, w := range wordsOf(said) {
		known[w] = true
	}
	var kept []string
	for _, sentence := range strings.SplitAfter(text, ". ") {
		all, there := wordsOf(sentence), 0
		for _, w := range all {
			if known[w] {
				there++
			}
		}
		if 2*there < len(all) || len(all) == 0 {
			kept = append(kept, sentence)
		}
	}
	return strings.TrimSpace(strings.Join(kept, ""))
}

// wordsOf returns the words of a text that carry what it says: long ones, without their ends.
func wordsOf(text string) (all []string) {
	for _, w := range strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		if len(w) >= 4 || w[0] <= '9' {
			all = append(all, w[:min(len(w), 5)])
		}
	}
	return all
}
