package redact

import (
	"bytes"
	"slices"
	"strings"

	"github.com/socktrace/socktrace/internal/scan"
	"github.com/socktrace/socktrace/redact/internal/chars"
	"github.com/socktrace/socktrace/redact/internal/form"
	"github.com/socktrace/socktrace/redact/internal/mask"
)

// where says what a JSON text is part of, which decides what is secret in it.
type where struct {
	login bool // POST /auth: more is secret, and what is not JSON is masked whole
	data  bool // Docker's secrets and configs: the data are secret
	authz bool // calls of authorization plugins, which quote other requests
	pairs bool // an outermost array or object is one of names and values
}

// walker masks the secrets in a text of JSON values, one or many, whole or
// cut, in one piece or several. What is valid JSON stays so. From the first
// byte that cannot be JSON on, only what the text looks like is known: if a
// secret may go on there, all of the rest is masked.
type walker struct {
	r    *Redactor
	name string // of the text, such as "request.body"
	in   where
	last bool // nothing follows this piece

	text  []byte // what was kept of the last piece, and this one
	found mask.Spans
	hot   int    // where the next form in text begins; -1: not known
	plain []byte // memory for strings without their escapes
	kept  []byte // the token that the last piece ended in, from its start

	want   want
	open   []level // the arrays and objects that are open
	key    key     // of the value that comes
	called []byte  // the same, as it was sent
	dead   bool    // the rest is masked
	broken bool    // this is no JSON
	long   longString
	forms  form.Matcher // of what is no JSON, or a long string
}

// level is an array or object that is open.
type level struct {
	object bool
	secret bool // all in it is
	key    key  // before it; its arrays in arrays have the same
	called []byte
	flag   bool // in words: the last one was a secret flag; in pairs: the object has a secret name
	script bool // in words: the next one is a text of words
	told   bool // in pairs: the object has a name
}

// want says what may come next.
type want uint8

const (
	wantValue      want = iota
	wantFirstValue      // or "]"
	wantFirstKey        // or "}"
	wantKey
	wantColon
	wantComma // or the end of the object or array
)

// maxDepth bounds the arrays and objects that are open: what is deeper is no
// JSON that anybody reads.
const maxDepth = 1 << 12

// maxKept bounds what is kept of a string that is cut, and looked at again.
const maxKept = 4 << 10

// longString is the rest of a string that is longer than that.
type longString struct {
	on, secret, escape bool
}

// start makes w ready for another text. Its memory is used again.
func (w *walker) start(r *Redactor, name string, in where) {
	w.r, w.name, w.in = r, name, in
	w.kept, w.open = w.kept[:0], w.open[:0]
	w.want, w.key, w.called = wantValue, 0, nil
	w.dead, w.broken, w.long = false, false, longString{}
}

// release lets go of the text, and of memory beyond what is usual.
func (w *walker) release() {
	w.text, w.called = nil, nil
	if cap(w.found) > maxMemory/64 || cap(w.plain) > maxMemory || cap(w.open) > maxMemory/64 {
		*w = walker{}
	}
}

// next masks the next piece of the text; last says that nothing follows. It
// returns nil names if there is nothing to mask. The result is new, or piece.
func (w *walker) next(piece []byte, last bool) ([]byte, []string) {
	known := len(w.kept)
	w.text, w.last, w.hot, w.found = piece, last, -1, w.found[:0]
	if known > 0 {
		w.text = append(bytes.Clone(w.kept), piece...)
		w.kept = w.kept[:0]
	}
	i := 0
	if w.long.on {
		i = w.goOn()
	}
	if i < len(w.text) && !w.dead && !w.broken {
		i = w.run(i)
	}
	w.rest(i)
	w.settle()
	w.found = w.found.Sorted()
	names := w.found.Names(known)
	if names == nil {
		return piece, nil
	}
	return w.found.Masked(w.text, known), names
}

// settle makes w independent of the memory of the piece.
func (w *walker) settle() {
	if w.last {
		return
	}
	w.called = bytes.Clone(w.called)
	for i := range w.open {
		w.open[i].called = bytes.Clone(w.open[i].called)
	}
}

// run goes through the text from i on, one token at a time, and returns where
// it stopped.
func (w *walker) run(i int) int {
	text := w.text
	for i < len(text) {
		var n int
		switch c := text[i]; c {
		case ' ', '\t', '\r', '\n':
			n = 1
		case '"':
			n = w.str(i)
		case ':':
			if w.want == wantColon {
				w.want, n = wantValue, 1
			}
		case ',':
			if w.want == wantComma {
				n = w.comma(i)
			}
		case '{', '[':
			n = w.begin(c)
		case '}', ']':
			if n = w.end(c); n > 0 {
				n += w.comma(i + n)
			}
		case 0x1e: // RFC 7464
			if len(w.open) == 0 {
				n = 1
			}
		default:
			n = w.scalar(i)
		}
		if n == 0 {
			w.breakOff(i)
			return i
		}
		i += n
	}
	return i
}

// comma takes the comma behind a value, if it is at text[i], and returns its
// size.
func (w *walker) comma(i int) int {
	if i >= len(w.text) || w.text[i] != ',' || len(w.open) == 0 {
		return 0
	}
	w.want = wantValue
	if w.top().object {
		w.want = wantKey
	}
	return 1
}

func (w *walker) top() *level { return &w.open[len(w.open)-1] }

// breakOff notes that what begins at i is no JSON.
func (w *walker) breakOff(i int) {
	w.broken, w.forms = true, form.Matcher{}
	w.dead = w.in.login || w.key&keySecret != 0 || w.key&keyData != 0 && w.in.data ||
		len(w.open) > 0 && w.top().secret
}

// rest masks what is no JSON, from i on.
func (w *walker) rest(i int) {
	rest := w.text[i:]
	switch {
	case len(rest) == 0:
	case w.dead:
		w.found = w.found.Piece(w.text, i, len(w.text), w.name)
	case w.broken:
		w.found = w.r.assignments(w.found, w.text, i, false, w.last, w.name)
		n := len(w.found)
		w.found = w.forms.Find(w.found, w.r.marks, rest, w.last, w.name)
		for k := range w.found[n:] {
			w.found[n+k].From += i
			w.found[n+k].To += i
		}
	}
}

// begin opens an object or array; 0 if none may come here.
func (w *walker) begin(c byte) int {
	if w.want != wantValue && w.want != wantFirstValue || len(w.open) == maxDepth {
		return 0
	}
	w.open = append(w.open, level{})
	n := len(w.open) - 1
	l := &w.open[n]
	l.object, l.key, l.called = c == '{', w.key, w.called
	if n > 0 {
		up := &w.open[n-1]
		l.secret = up.secret || w.key&keyDeep != 0 || w.in.login && w.key&keySecret != 0
		if !up.object {
			l.key, l.called = up.key, up.called
			if l.object && up.key&keyPairs == 0 {
				l.key = 0
			}
		}
	} else if w.in.pairs {
		l.key = keyPairs
	}
	w.key, w.called = 0, w.called[:0]
	w.want = wantFirstValue
	if l.object {
		w.want = wantFirstKey
	}
	return 1
}

// end closes an object or array; 0 if that cannot be.
func (w *walker) end(c byte) int {
	n := len(w.open)
	if n == 0 || w.open[n-1].object != (c == '}') {
		return 0
	}
	if w.want != wantComma && w.want != wantFirstKey && w.want != wantFirstValue {
		return 0
	}
	w.open = w.open[:n-1]
	w.valueDone()
	return 1
}

// valueDone moves on behind a value.
func (w *walker) valueDone() {
	w.key, w.called = 0, w.called[:0]
	w.want = wantComma
	if len(w.open) == 0 {
		w.want = wantValue
	}
}

// str takes the string that begins at i, a key or a value, and returns its
// size; 0 if none may come here.
func (w *walker) str(i int) int {
	size, ended, escaped := stringSize(w.text[i:])
	from, to := i+1, i+size
	if ended {
		to--
	}
	plain := ended && !escaped && !w.hotIn(from, to)
	switch w.want {
	case wantKey, wantFirstKey:
		if called := w.text[from:to]; plain && !w.top().secret {
			w.key, w.called = w.r.keyOf(called), called
		} else {
			w.keyString(from, to, ended, escaped)
		}
		if !ended {
			break
		}
		if w.want = wantColon; i+size < len(w.text) && w.text[i+size] == ':' {
			w.want = wantValue
			size++
		}
	case wantValue, wantFirstValue:
		if from < to && !(plain && w.ordinary()) {
			w.valueString(from, to, ended, escaped)
		}
		if ended {
			w.valueDone()
			size += w.comma(i + size)
		}
	default:
		return 0
	}
	if !ended && !w.last {
		w.keep(i)
	}
	return size
}

// ordinary says whether nothing is known of the value that comes that could
// make a string or a number a secret.
func (w *walker) ordinary() bool {
	n := len(w.open)
	return n > 0 && w.key|w.open[n-1].key == 0 && !w.open[n-1].secret
}

// keep keeps the token that begins at i and goes on in the next piece.
func (w *walker) keep(i int) {
	token := w.text[i:]
	if len(token) <= maxKept || token[0] != '"' {
		w.kept = append(w.kept, token...)
		return
	}
	n := len(w.found)
	w.long = longString{on: true, secret: n > 0 && w.found[n-1].To == len(w.text)}
	for k := 1; k < len(token); k++ {
		w.long.escape = !w.long.escape && token[k] == '\\'
	}
	w.forms = form.Matcher{}
	w.forms.Skip(token[1:])
}

// goOn takes the next piece of a long string, and returns its size.
func (w *walker) goOn() int {
	i := 0
	for ; i < len(w.text); i++ {
		c := w.text[i]
		if c == '"' && !w.long.escape {
			break
		}
		w.long.escape = !w.long.escape && c == '\\'
	}
	ended := i < len(w.text)
	if w.long.secret {
		w.found = w.found.Piece(w.text, 0, i, w.name)
	} else {
		w.found = w.forms.Find(w.found, w.r.marks, w.text[:i], ended, w.name)
	}
	if !ended {
		return i
	}
	w.long, w.forms = longString{}, form.Matcher{}
	if w.want == wantKey || w.want == wantFirstKey {
		w.want = wantColon
	} else {
		w.valueDone()
	}
	return i + 1
}

// stringSize returns the size of the string that b begins with, its quotes
// included, whether it ends in b, and whether it has escapes.
func stringSize(b []byte) (size int, ended, escaped bool) {
	for i := 1; ; i += 2 {
		if i = scan.Quote(b, i); i >= len(b) {
			return len(b), false, escaped
		}
		if b[i] == '"' {
			return i + 1, true, escaped
		}
		escaped = true
	}
}

// scalar takes the number or literal that begins at i and returns its size; 0
// if it is none, or none may come here.
func (w *walker) scalar(i int) int {
	if w.want != wantValue && w.want != wantFirstValue {
		return 0
	}
	rest := w.text[i:]
	size := scalarChars.Run(rest)
	word := rest[:size]
	cut := size == len(rest) && !w.last
	switch {
	case size == 0:
		return 0
	case rest[0] == '-' || '0' <= rest[0] && rest[0] <= '9':
		if !w.ordinary() {
			w.number(i, i+size, cut)
		}
	case string(word) == "true", string(word) == "false", string(word) == "null":
	case size == len(rest) && isCut(string(word)):
	default:
		return 0
	}
	if cut {
		w.keep(i)
	} else {
		w.valueDone()
		size += w.comma(i + size)
	}
	return size
}

// number masks a number where numbers are secret.
func (w *walker) number(from, to int, cut bool) {
	secret := w.key&keyNumber != 0 || w.in.login && w.key&keySecret != 0
	if n := len(w.open); n > 0 {
		secret = secret || w.open[n-1].secret
	} else {
		secret = secret || w.in.login
	}
	if !secret {
		return
	}
	n := len(w.found)
	w.found = w.found.Either(w.r.marks, w.text, from, to, !cut, w.path())
	for i := range w.found[n:] {
		w.found[n+i].With = `"` + w.found[n+i].With + `"`
	}
}

// isCut says whether word is the beginning of a literal.
func isCut(word string) bool {
	return strings.HasPrefix("true", word) || strings.HasPrefix("false", word) || strings.HasPrefix("null", word)
}

var scalarChars = chars.Of("aA0", "-+.")

// path names the value that comes, by its key or that of the array it is in.
// In a set of names and values, both are told.
func (w *walker) path() string {
	n := len(w.open)
	if n == 0 {
		return w.name
	}
	l := &w.open[n-1]
	if i := slices.IndexFunc(w.open, func(l level) bool { return l.secret }); i >= 0 {
		return join(w.name, w.open[i].called)
	}
	if l.key&(keyPairs|keyTokens|keyHeaders) != 0 || !l.object {
		return join(join(w.name, l.called), w.called)
	}
	return join(w.name, w.called)
}
