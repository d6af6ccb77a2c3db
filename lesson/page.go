package lesson

import "time"

// page is a lesson, whatever it is written as. Its texts are as they are: with what
// terminals and browsers must not get.
type page struct {
	title   string
	began   time.Time // from which the times count
	lead    []part
	diagram *diagram
	groups  []section
}

// section tells of the steps of a group, under a heading of its own if there are several.
type section struct {
	title    string // empty: it is the only one
	anchor   string
	parts    []part
	chapters []chapter
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
