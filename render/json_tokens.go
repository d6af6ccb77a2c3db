package render

import (
	"github.com/socktrace/socktrace/internal/jsontext"
	"github.com/socktrace/socktrace/internal/scan"
)

// tokens are those of a JSON text. Each is read once, however many of the
// brackets before it ask whether it fits on their line. No more are held than
// could fit there.
type tokens struct {
	src     []byte
	scanner jsontext.Scanner
	read    int     // of src
	held    []token // from next on: read and not taken
	next    int
}

// token is src[from:to], or where the text ends: End or Invalid.
type token struct {
	kind     jsontext.Kind
	from, to int
	columns  int // that it takes, beside others; of a string -1: nobody asked
}

// reset goes to the beginning of src, and uses the memory of what was before.
func (t *tokens) reset(src []byte) { *t = tokens{src: src, held: t.held[:0]} }

// at returns the token behind n others, which were looked at and are not taken.
// It is valid until the next call. There is none behind the end.
func (t *tokens) at(n int) *token {
	if t.next+n >= len(t.held) {
		t.hold()
	}
	return &t.held[t.next+n]
}

// take takes the next token, which at has returned.
func (t *tokens) take() { t.next++ }

// hold reads one more token.
func (t *tokens) hold() {
	if len(t.held) == cap(t.held) && t.next > len(t.held)/2 {
		t.held, t.next = append(t.held[:0], t.held[t.next:]...), 0
	}
	kind, from, to := t.scanner.Next(t.src, t.read)
	if t.scanner.Cut() && kind != jsontext.Number {
		kind = jsontext.Invalid // a string or literal that does not end in the text
	}
	columns := to - from
	switch kind {
	case ',', ':':
		columns = 2
	case jsontext.String:
		columns = -1
	}
	t.held = append(t.held, token{kind, from, to, columns})
	t.read = to
}

// fit says whether the value that the next token begins takes at most room
// columns on one line. It does not if it is not complete within what could fit
// there.
func (t *tokens) fit(room int) bool {
	if room <= 0 {
		return false
	}
	limit := t.at(0).from + 6*room // a column is 4 bytes at most, beside white space
	sum, depth := 0, 0
	for i := 0; sum <= room; i++ {
		next := t.at(i)
		if next.to > limit {
			return false
		}
		switch next.kind {
		case jsontext.End, jsontext.Invalid:
			return false
		case '{', '[':
			depth++
		case '}', ']':
			depth--
		}
		if next.columns < 0 {
			next.columns = textColumns(t.src[next.from:next.to])
		}
		if sum += next.columns; depth <= 0 {
			return sum <= room && depth == 0
		}
	}
	return false
}

// textColumns returns how many columns text of the traffic takes.
func textColumns(b []byte) int {
	if scan.Graphic(b) == len(b) {
		return len(b)
	}
	return columns(appendEscaped(nil, b, "", ""))
}
