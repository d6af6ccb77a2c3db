package compare

import (
	"iter"
	"regexp"
	"strings"
)

// pieceKind says what a piece of a text is.
type pieceKind uint8

const (
	pieceText pieceKind = iota // it means what it says
	pieceID                    // it stands for something
	pieceTime                  // a moment, or how long ago something was
)

// piece is a part of a text.
type piece struct {
	kind pieceKind
	text string
	at   int // where it begins
}

// isSpan reports whether p is how long something lasts, and no point in time: these have a
// date.
func (p piece) isSpan() bool {
	return p.kind == pieceTime && !strings.ContainsAny(p.text, ":")
}

// moment matches a point in time as programs write it, and how long ago something was in the
// words of the docker CLI and the daemon ("Up 2 seconds", "About a minute ago").
var moment = regexp.MustCompile(`\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?: ?(?:Z|UTC|[+-]\d\d:?\d\d)\b)?(?: UTC)?` +
	`|\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? (?:\d\d? )?(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [ \d]\d[\d: A-Z+]*\d{4}\b` +
	`|\b(?:Less than a|About an?|\d+) (?:second|minute|hour|day|week|month|year)s?\b` +
	`|\b\d+(?:\.\d+)?(?:ns|µs|us|ms|s)\b`)

// findMoment returns where the first moment of a text begins and ends, nil if there is none.
func findMoment(text string) []int {
	if !strings.ContainsAny(text, "0123456789") && !strings.Contains(text, "About a") && !strings.Contains(text, "Less than a") {
		return nil // quick: most texts have none
	}
	if !mayHaveMoment(text) {
		return nil
	}
	return moment.FindStringIndex(text)
}

// mayHaveMoment says quickly whether there may be a moment in a text, as in few ids: it has spaces,
// colons, or a unit behind a digit.
func mayHaveMoment(text string) bool {
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case ' ', ':':
			return true
		case 'n', "µ"[0], 'u', 'm', 's':
			if i > 0 && '0' <= text[i-1] && text[i-1] <= '9' {
				return true
			}
		}
	}
	return false
}

// hasID says whether there may be an id in a text: they have as many letters and digits in a row.
func hasID[T string | []byte](s T) bool {
	run := 0
	for i := 0; i < len(s); i++ {
		if isWordByte(s[i]) {
			if run++; run >= shortHex {
				return true
			}
		} else {
			run = 0
		}
	}
	return false
}

// pieces takes a text apart. Words that are in known stand for something too.
func pieces(text string, known map[string]string) iter.Seq[piece] {
	return func(yield func(piece) bool) {
		at := 0
		for at < len(text) {
			found := findMoment(text[at:])
			end := len(text)
			if found != nil {
				end = at + found[0]
			}
			if !words(text[:end], at, known, yield) {
				return
			}
			if found == nil {
				return
			}
			if !yield(piece{kind: pieceTime, text: text[end : at+found[1]], at: end}) {
				return
			}
			at += found[1]
		}
	}
}

// words yields the pieces of text behind from, in which there are no times. It returns false
// when nobody wants more.
func words(text string, from int, known map[string]string, yield func(piece) bool) bool {
	done := from // of what was yielded
	tell := func(start, end int) bool {
		if start > done && !yield(piece{text: text[done:start], at: done}) {
			return false
		}
		done = end
		return yield(piece{kind: pieceID, text: text[start:end], at: start})
	}
	for i := from; i < len(text); {
		if !isNameByte(text[i]) {
			i++
			continue
		}
		start := i
		for i < len(text) && isNameByte(text[i]) {
			i++
		}
		name := strings.TrimRight(text[start:i], ".-_")
		if _, ok := known[name]; ok && !isID(name) || isUUID(name) {
			if !tell(start, start+len(name)) {
				return false
			}
			continue
		}
		for at := start; at < i; {
			end := at
			for end < i && isWordByte(text[end]) {
				end++
			}
			if isID(text[at:end]) && !tell(at, end) {
				return false
			}
			at = end + 1
		}
	}
	return done >= len(text) || yield(piece{text: text[done:], at: done})
}

// isWordByte says whether c may be in an id that has no dashes.
func isWordByte(c byte) bool {
	return 'a' <= c && c <= 'z' || '0' <= c && c <= '9' || 'A' <= c && c <= 'Z'
}

// isNameByte says whether c may be in the name of a container, or in a UUID.
func isNameByte(c byte) bool { return isWordByte(c) || c == '-' || c == '_' || c == '.' }
