// Package jsonmask masks secrets in JSON: by the keys before them, by what
// strings quote, and by how they look. What is valid stays so. It takes texts
// of one value or many, whole or cut, in one piece or several.
package jsonmask

import (
	"bytes"
	"sync"
	"unsafe"

	"github.com/socktrace/socktrace/redact/internal/form"
	"github.com/socktrace/socktrace/redact/internal/mask"
	"github.com/socktrace/socktrace/redact/internal/text"
)

// maxMemory is how much memory a Walker keeps, in bytes, to use it again.
const maxMemory = 32 << 10

// maxPaused is the same between pieces of a text, of which very many may be open.
const maxPaused = 1 << 10

// Walker masks the secrets in a text. From the first byte that cannot be JSON
// on, only what the text looks like is known: if a secret may go on there, all
// of the rest is masked. Its memory is used again for the next text.
type Walker struct {
	reader reader
	broken bool // this is no JSON
	dead   bool // the rest is masked
	// Of what is no JSON.
	forms form.Matcher
	lines text.Lines
}

// Start makes w ready for another text, that goes by label.
func (w *Walker) Start(r *text.Rules, label string, in Where) { w.start(r, label, &in) }

// start is Start. It copies in, which is large, once.
func (w *Walker) start(r *text.Rules, label string, in *Where) {
	w.reader.piece.rules, w.reader.piece.nested = r, Find
	w.reader.place.reset(label, in)
	w.reader.grammar.reset()
	w.reader.kept, w.reader.long.on = w.reader.kept[:0], false
	w.broken, w.dead = false, false
}

// Next masks the next piece of the text; last says that nothing follows. It
// returns b itself and nil names if there is nothing to mask.
func (w *Walker) Next(b []byte, last bool) ([]byte, []string) {
	known := w.read(b, last)
	p := &w.reader.piece
	names := p.found.Names(known)
	if names == nil {
		return b, nil
	}
	return p.found.Masked(p.text, known), names
}

// Pause lets go of the piece, and of memory that w does not need until the next. It
// returns how much that does need, in bytes.
func (w *Walker) Pause() int {
	p := &w.reader.piece
	p.text = nil
	if cap(p.found) > maxPaused/64 {
		p.found = nil
	}
	if cap(p.plain) > maxPaused {
		p.plain = nil
	}
	return cap(w.reader.place.levels)*int(unsafe.Sizeof(level{})) + cap(w.reader.kept)
}

// Hide has all that follows masked, for which w needs no memory.
func (w *Walker) Hide() {
	r := &w.reader
	*r = reader{piece: piece{rules: r.piece.rules}, place: place{label: r.place.label, in: r.place.in}}
	w.broken, w.dead, w.forms = true, true, form.Matcher{}
}

// Broken says whether what came was no JSON.
func (w *Walker) Broken() bool { return w.broken }

// Mask masks a text that comes whole, but may be cut, and forgets it.
func (w *Walker) Mask(r *text.Rules, b []byte, label string, in Where, last bool) ([]byte, []string) {
	w.start(r, label, &in)
	out, names := w.Next(b, last)
	w.Release()
	return out, names
}

// spare are Walkers for texts that come whole: each connection would have its own
// otherwise, and up to maxMemory in it.
var spare = sync.Pool{New: func() any { return new(Walker) }}

// Borrow returns a Walker for texts that come whole, until Return.
func Borrow() *Walker { return spare.Get().(*Walker) }

// Return releases w, which the caller does not use any more.
func (w *Walker) Return() {
	w.Release()
	spare.Put(w)
}

// Mask masks a text that comes whole, but may be cut.
func Mask(r *text.Rules, b []byte, label string, in Where, last bool) ([]byte, []string) {
	w := Borrow()
	w.start(r, label, &in)
	out, names := w.Next(b, last)
	w.Return()
	return out, names
}

// MaskValid is Mask for a text that is to be JSON, to its end; ok is false if it is not.
func MaskValid(r *text.Rules, b []byte, label string, in Where) (out []byte, names []string, ok bool) {
	w := Borrow()
	w.start(r, label, &in)
	out, names = w.Next(b, true)
	ok = !w.Broken() // which Return may forget
	w.Return()
	return out, names, ok
}

// Find returns the secrets in a text that comes whole, but may be cut. They are valid
// until w is used again, and hold the text until Release.
func (w *Walker) Find(r *text.Rules, b []byte, label string, in Where, last bool) mask.Spans {
	w.start(r, label, &in)
	w.read(b, last)
	return w.reader.piece.found
}

// Find adds the secrets in a text that comes whole, but may be cut, to found.
// They have no names.
func Find(r *text.Rules, found mask.Spans, b []byte, in Where, last bool) mask.Spans {
	var w Walker
	for _, sp := range w.Find(r, b, "", in, last) {
		sp.Name = ""
		found = append(found, sp)
	}
	return found
}

// read looks for the secrets in the next piece of the text. It returns how much
// of it was kept of the piece before.
func (w *Walker) read(b []byte, last bool) (known int) {
	r := &w.reader
	p := &r.piece
	p.text, p.last, p.hot, p.found = b, last, -1, p.found[:0]
	if known = len(r.kept); known > 0 {
		p.text = append(bytes.Clone(r.kept), b...)
		r.kept = r.kept[:0]
	}
	i := 0
	if r.long.on {
		i = r.goOn()
	}
	if i < len(p.text) && !w.broken {
		var ok bool
		if i, ok = r.run(i); !ok {
			w.broken, w.dead, w.forms, w.lines = true, r.place.secretRest(), form.Matcher{}, text.Lines{Prose: true}
		}
	}
	w.rest(i)
	if !last {
		r.place.keep()
	}
	p.found = p.found.Sorted()
	return known
}

// rest masks what is no JSON, from i on.
func (w *Walker) rest(i int) {
	p := &w.reader.piece
	label := w.reader.place.label
	switch {
	case i == len(p.text):
	case w.dead:
		p.found = p.found.Piece(p.text, i, len(p.text), label)
	case w.broken:
		p.found = p.rules.Assignments(p.found, p.text, i, false, p.last, label)
		n := len(p.found)
		p.found = w.lines.Find(p.rules, p.found, p.text[i:], label+".")
		p.found = w.forms.Find(p.found, p.rules.Marks, p.text[i:], p.last, label)
		for k := range p.found[n:] {
			p.found[n+k].From += i
			p.found[n+k].To += i
		}
	}
}

// Release lets go of the text, and of memory beyond what is usual.
func (w *Walker) Release() {
	p := &w.reader.piece
	p.text = nil
	if cap(p.found) > maxMemory/64 || cap(p.plain) > maxMemory || cap(w.reader.place.levels) > maxMemory/64 {
		*w = Walker{}
	}
	w.reader.place.release()
}
