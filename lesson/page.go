package lesson

import (
	"time"

	"github.com/socktrace/socktrace/internal/markup"
)

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
	words markup.Text   // of a paragraph; what is said before code, or a list
	items []markup.Text // of a list
	lang  string        // of code: "http", "json", "sh", "text"
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

// paragraph returns a part that is one.
func paragraph(t markup.Text) part { return part{kind: isText, words: t} }
