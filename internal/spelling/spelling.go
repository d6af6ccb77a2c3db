// Package spelling tells how much alike words are that people type.
package spelling

import "strings"

// maxWord bounds the words that Nearest compares, in bytes.
const maxWord = 64

// Nearest returns the word that is most like one, which has at most a third of it wrong; "" if
// there is none. Case counts little.
func Nearest(word string, words []string) string {
	if len(word) > maxWord {
		return ""
	}
	best, least := "", len(word)/3+1
	for _, w := range words {
		if len(w) > maxWord {
			continue
		}
		if d := Distance(strings.ToLower(word), strings.ToLower(w)); d < least {
			best, least = w, d
		}
	}
	return best
}

// Distance counts the letters that are too many, missing, wrong, or in the place of
// the next one, to make b of a.
func Distance(a, b string) int {
	from, to := []rune(a), []rune(b)
	before, last := make([]int, len(to)+1), make([]int, len(to)+1)
	for j := range last {
		last[j] = j
	}
	for i, x := range from {
		row := make([]int, len(to)+1)
		row[0] = i + 1
		for j, y := range to {
			cost := 1
			if x == y {
				cost = 0
			}
			row[j+1] = min(row[j]+1, last[j+1]+1, last[j]+cost)
			if i > 0 && j > 0 && x == to[j-1] && from[i-1] == y {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, last = last, row
	}
	return last[len(to)]
}
