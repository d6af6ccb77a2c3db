package lesson

import (
	"strings"
	"unicode/utf8"
)

// page is a lesson, whatever it is written as. Its texts are as they are: with what
// terminals and browsers must not get.
type page struct {
	title    string
	lead     []part
	diagram  *diagram
	chapters []chapter
	end      []part
}

// chapter tells of one step.
type chapter struct {
	title  string
	anchor string
	parts  []part
}

// part is a paragraph, a list, or text that stands as it is.
type part struct {
	kind  partKind
	words words   // of a paragraph; what is said before code, or a list
	items []words // of a list
	lang  string  // of code: "http", "json", "sh", "text"
	code  string
}

// partKind says what a part is.
type partKind uint8

const (
	isText partKind = iota
	isList
	isCode
	isFailure // a list that tells what went wrong
)

// words are a sentence, or some.
type words []word

// word is a piece of a sentence; code is a name or a value.
type word struct {
	text string
	code bool
}

// plain and code make words of a text.
func plain(text string) words { return words{{text: text}} }
func code(text string) words  { return words{{text: text, code: true}} }

// and adds words to others.
func (w words) and(more ...words) words {
	for _, m := range more {
		w = append(w, m...)
	}
	return w
}

// paragraph returns a part that is one.
func paragraph(w words) part { return part{kind: isText, words: w} }

// maxName is how long names of the traffic may be in headings, in characters.
const maxName = 80

// cutText returns text of at most so many characters.
func cutText(s string, most int) string {
	if len(s) <= most {
		return s
	}
	n := 0
	for i := range s {
		if n == most-1 {
			rest := s[i:]
			if _, size := utf8.DecodeRuneInString(rest); size == len(rest) {
				return s
			}
			return s[:i] + "…"
		}
		n++
	}
	return s
}

// maxLine is how many characters of a line are shown.
const maxLine = 1000

// cutLines returns text of at most so many lines, each cut if it is very long, and how
// many are left out.
func cutLines(s string, most int) (text string, left int) {
	lines := strings.Split(strings.TrimRight(s, "\n"), "\n")
	if len(lines) > most {
		lines, left = lines[:most], len(lines)-most
	}
	for i := range lines {
		lines[i] = cutText(lines[i], maxLine)
	}
	return strings.Join(lines, "\n"), left
}
