package jsonmask

import (
	"github.com/socktrace/socktrace/internal/scan"
	"github.com/socktrace/socktrace/redact/internal/key"
)

// reader goes through a text of JSON values, one token at a time: it asks the
// grammar what may come, the place what that means, and the piece to mask it.
type reader struct {
	grammar grammar
	place   place
	piece   piece
	kept    []byte // the token that the last piece ended in, from its start
	long    long   // the same, if it is longer
}

// run goes through the piece from i on, and returns where it stopped; false if
// what comes there is no JSON.
func (r *reader) run(i int) (int, bool) {
	text := r.piece.text
	for i < len(text) {
		var n int
		switch c := text[i]; c {
		case ' ', '\t', '\r', '\n':
			n = 1
		case '"':
			if n = r.members(i) - i; n == 0 {
				n = r.str(i)
			}
		case ':':
			if r.grammar.colon() {
				n = 1
			}
		case ',':
			n = r.comma(i)
		case '{', '[':
			if r.grammar.begin(c == '{') {
				r.place.begin(c == '{', r.place.key != 0 && r.place.isNamed(r.piece.rules))
				n = 1
			}
		case '}', ']':
			if r.grammar.end(c == '}') {
				r.place.end()
				n = 1 + r.comma(i+1)
			}
		case 0x1e: // RFC 7464
			if len(r.grammar.open) == 0 {
				n = 1
			}
		default:
			n = r.word(i)
		}
		if n == 0 {
			return i, false
		}
		i += n
	}
	return i, true
}

// What follows takes what begins at text[i], and returns its size; 0 if it may
// not come here.

// comma takes the comma behind a value, if there is one.
func (r *reader) comma(i int) int {
	if i < len(r.piece.text) && r.piece.text[i] == ',' && r.grammar.comma() {
		return 1
	}
	return 0
}

// str takes a string, a key or a value.
func (r *reader) str(i int) int {
	text := r.piece.text
	end := scan.Quote(text, i+1)
	escaped := end < len(text) && text[end] == '\\'
	if escaped {
		end = stringEnd(text, end)
	}
	ended := end < len(text)
	s := str{i + 1, end, ended, escaped}
	plain := ended && !escaped && !r.piece.hotIn(s.from, s.to)
	switch {
	case r.grammar.key():
		if called := text[s.from:s.to]; plain && !r.place.secretKey() && !r.place.isEntry(called) {
			r.place.key, r.place.called = r.piece.rules.Keys.Of(called), called
		} else {
			r.piece.keyString(&r.place, s)
		}
		if ended {
			r.grammar.keyDone()
			if end++; end < len(text) && text[end] == ':' && r.grammar.colon() {
				end++
			}
		}
	case r.grammar.value():
		switch {
		case s.from == s.to || plain && r.place.ordinary():
		case plain && r.place.isName():
			r.place.top().name = text[s.from:s.to]
			r.piece.named(&r.place)
		default:
			r.piece.valueString(&r.place, s)
			if ended && r.place.key&key.Called != 0 {
				r.piece.named(&r.place)
			}
		}
		if ended {
			r.valueDone()
			end++
			end += r.comma(end)
		}
	default:
		return 0
	}
	if !ended && !r.piece.last {
		r.keep(i)
	}
	return end - i
}

// word takes a number or literal.
func (r *reader) word(i int) int {
	if !r.grammar.value() {
		return 0
	}
	rest := r.piece.text[i:]
	size := wordChars.Run(rest)
	kind := wordOf(rest[:size], size == len(rest))
	cut := size == len(rest) && !r.piece.last
	switch {
	case kind == noWord, cut && size > maxKept:
		return 0
	case kind == number && !r.place.ordinary() && r.place.secretNumber():
		r.piece.number(&r.place, i, i+size, !cut)
	case kind == number:
		r.piece.note(&r.place, str{from: i, to: i + size, ended: !cut}, true)
	}
	if cut {
		r.keep(i)
		return size
	}
	r.valueDone()
	return size + r.comma(i+size)
}

// valueDone moves on behind a value.
func (r *reader) valueDone() {
	r.grammar.valueDone()
	r.place.valueDone()
}

// keep keeps the token that begins at text[i] and goes on in the next piece.
func (r *reader) keep(i int) {
	token := r.piece.text[i:]
	if len(token) <= maxKept {
		r.kept = append(r.kept, token...)
		return
	}
	found := r.piece.found
	r.long.begin(r.piece.rules, token, len(found) > 0 && found[len(found)-1].To == len(r.piece.text))
}

// goOn takes the next piece of a long string, and returns its size.
func (r *reader) goOn() int {
	size, ended := r.long.take(&r.piece, r.place.label)
	switch {
	case !ended:
	case r.grammar.key():
		r.grammar.keyDone()
	default:
		r.valueDone()
	}
	return size
}

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
