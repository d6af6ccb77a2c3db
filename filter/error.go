package filter

import (
	"errors"
	"strings"
	"unicode/utf8"

	"github.com/expr-lang/expr/file"
)

// Error says what is wrong with an expression, and where.
type Error struct {
	Message string
	Line    string // of the expression, that it is about; empty if it is about all
	Column  int    // of what is wrong in it, in characters from 0
}

func (e *Error) Error() string { return e.Message }

// explained returns err, which the compiler or a run has found, in our words.
func explained(text string, err error) error {
	var ours *Error
	if errors.As(err, &ours) {
		return ours
	}
	var f *file.Error
	if !errors.As(err, &f) {
		return &Error{Message: inWords(firstLine(err.Error()))}
	}
	lines := strings.Split(text, "\n")
	e := &Error{Message: inWords(firstLine(f.Message)), Column: f.Column}
	if bracket := unclosed(text); bracket != "" && e.Message == endsEarly {
		e.Message = "missing " + bracket
	}
	if 0 < f.Line && f.Line <= len(lines) {
		e.Line = strings.TrimSuffix(lines[f.Line-1], "\r")
		e.Column = min(e.Column, utf8.RuneCountInString(e.Line))
	}
	return e
}

func firstLine(s string) string {
	s, _, _ = strings.Cut(s, "\n")
	return s
}
