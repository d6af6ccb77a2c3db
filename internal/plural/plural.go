// Package plural has numbers of things as people say them.
package plural

import (
	"strconv"
	"strings"
)

// Of returns n and what is counted: "1 byte", "2 entries".
func Of(n int64, word string) string { return strconv.FormatInt(n, 10) + " " + Word(n, word) }

// Word returns the word for n things.
func Word(n int64, word string) string {
	if n == 1 {
		return word
	}
	if stem, ok := strings.CutSuffix(word, "y"); ok {
		return stem + "ies"
	}
	return word + "s"
}

// Verb returns what stands behind n things: one of two forms.
func Verb(n int64, one, more string) string {
	if n == 1 {
		return one
	}
	return more
}
