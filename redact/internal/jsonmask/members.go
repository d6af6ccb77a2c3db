package jsonmask

import (
	"github.com/socktrace/socktrace/internal/scan"
	"github.com/socktrace/socktrace/redact/internal/key"
)

// members takes the members of a quiet object from the one at text[i] on, whose quote that
// is, as far as there is nothing to look at in them, and returns how far it came: to a
// member that is not so, or to a value that is not, or behind one. It is what str and word
// do with such members, in one go: most of most texts are.
func (r *reader) members(i int) int {
	if r.place.plods || !r.grammar.key() || !r.place.quiet() {
		return i
	}
	text := r.piece.text
	for {
		k, to := r.quietKey(i)
		if to == 0 {
			return i
		}
		from := i
		if i = to; k == 0 {
			i += r.quietValue(i)
		}
		if i == to {
			r.place.key, r.place.called = k, text[from+1:to-2]
			r.grammar.want = wantValue
			return i
		}
		if len(text)-i < 2 || text[i] != ',' || text[i+1] != '"' {
			r.grammar.want = wantComma
			return i
		}
		r.grammar.want = wantKey
		i++
	}
}

// quietKey returns what the key at text[i] says, and where its value begins; 0 if there
// may be something in it, or if its value is not right behind it.
func (r *reader) quietKey(i int) (k key.Key, to int) {
	text := r.piece.text
	k, end := r.piece.rules.Keys.At(text, i+1)
	if end == 0 || end+2 >= len(text) || text[end+1] != ':' || r.piece.hotIn(i+1, end) {
		return 0, 0
	}
	return k, end + 2
}

// quietValue returns the size of the scalar at text[i], of which nothing is known; 0 if
// there is none, or if it may go on in the next piece, or if there may be something in it.
func (r *reader) quietValue(i int) (size int) {
	text := r.piece.text
	if text[i] == '"' {
		end := scan.Quote(text, i+1)
		if end == len(text) || text[end] != '"' || r.piece.hotIn(i+1, end) {
			return 0
		}
		return end + 1 - i
	}
	rest := text[i:]
	if size = wordChars.Run(rest); size == len(rest) || wordOf(rest[:size], false) == noWord {
		return 0
	}
	return size
}
