package jsonmask

import (
	"bytes"
	"slices"

	"github.com/socktrace/socktrace/redact/internal/key"
	"github.com/socktrace/socktrace/redact/internal/name"
	"github.com/socktrace/socktrace/redact/internal/text"
	"github.com/socktrace/socktrace/redact/internal/words"
)

// place is where in a text the value that comes stands: what is known of it by
// the keys before it.
type place struct {
	label  string // of the text, such as "request.body"
	in     Where
	levels []level // the arrays and objects that are open
	used   int     // how many of levels[:cap(levels)] may hold keys of the text
	key    key.Key
	called []byte // the key, as it was sent
	plods  bool   // for tests: nothing is passed in one go, or known from before
}

// level is an array or object that is open.
type level struct {
	object bool
	calm   bool    // a value in it is no secret by where it stands, if its key says nothing
	secret bool    // all in it is
	shown  bool    // but for its keys
	key    key.Key // before it; its arrays in arrays have the same
	called []byte
	// In words.
	command text.Command
	script  bool   // the next one is a text of words
	name    []byte // what the object goes by; nil if that was not told
	early   early  // the value that stands before it
}

// early is a value that stands before the name it goes by: where it is in the piece.
type early struct {
	from, to        int
	escaped, number bool
	called          []byte // its key
}

// noLevel is around what is in no array or object. It is never changed.
var noLevel level

// reset makes p ready for another text.
func (p *place) reset(label string, in *Where) {
	p.used = max(p.used, len(p.levels))
	p.label, p.in, p.levels = label, *in, p.levels[:0]
	p.key, p.called = 0, nil
}

// release lets go of the text. What was left holds keys of it, too.
func (p *place) release() {
	clear(p.levels[:max(p.used, len(p.levels))])
	p.called, p.used = nil, 0
}

// keep makes p independent of the memory of the piece.
func (p *place) keep() {
	p.called = bytes.Clone(p.called)
	for i := range p.levels {
		p.levels[i].called = bytes.Clone(p.levels[i].called)
		p.levels[i].name = bytes.Clone(nameEnd(p.levels[i].name))
		p.levels[i].early = early{} // it was given out
	}
}

// top returns the innermost level.
func (p *place) top() *level {
	if n := len(p.levels); n > 0 {
		return &p.levels[n-1]
	}
	return &noLevel
}

// begin goes into an object or array; named says that it goes by the name of a secret,
// which was told beside it.
func (p *place) begin(object, named bool) {
	n := len(p.levels)
	if !p.plods && n > 0 && p.key == 0 && p.levels[n-1].calm {
		p.beginCalm(object)
		return
	}
	p.levels = append(p.levels, level{})
	l := &p.levels[n]
	l.object, l.key, l.called = object, p.key, p.called
	if n > 0 {
		up := &p.levels[n-1]
		l.secret = up.secret || named || p.key&key.Deep != 0 || p.in.Login && p.key&key.Secret != 0 || p.isData()
		l.shown = up.shown || named || p.isWhole()
		switch {
		case up.object && up.key&key.Members != 0 && p.key == 0 && !words.Names(p.called):
			l.key = up.key
		case !up.object:
			l.key, l.called = up.key, up.called
			switch {
			case !object || up.key&key.Pairs != 0:
			case up.key&key.Members != 0:
				l.key = key.Valued
			default:
				l.key = 0
			}
		}
	} else if p.in.Pairs {
		l.key = key.Pairs
	}
	l.calm = l.key == 0 && !l.secret && !p.in.alert() && !p.couple()
	p.valueDone()
}

// beginCalm is begin where nothing is known of what is in the level around.
func (p *place) beginCalm(object bool) {
	up := &p.levels[len(p.levels)-1]
	l := level{object: object, calm: object || up.object, called: up.called} // else it is a couple
	if up.object {
		l.called = p.called
	}
	p.levels = append(p.levels, l)
	p.valueDone()
}

// end leaves an object or array.
func (p *place) end() {
	n := len(p.levels)
	p.used, p.levels = max(p.used, n), p.levels[:n-1]
	p.valueDone()
}

// valueDone moves on behind a value.
func (p *place) valueDone() { p.key, p.called = 0, p.called[:0] }

// ordinary says whether nothing is known of the value that comes that could
// make a string or a number a secret.
func (p *place) ordinary() bool {
	n := len(p.levels)
	return n > 0 && p.key == 0 && p.levels[n-1].calm
}

// quiet says whether a key comes of which nothing is known but by its name, in an object
// of such.
func (p *place) quiet() bool {
	n := len(p.levels)
	return n > 0 && p.levels[n-1].calm && p.levels[n-1].object
}

// couple says whether the value that comes is in an array within an array, of whose
// strings the first may be the name of the second.
func (p *place) couple() bool {
	n := len(p.levels)
	return n > 1 && !p.levels[n-1].object && !p.levels[n-2].object && p.levels[n-1].key == 0
}

// nameEnd returns as much of s as is looked at to tell what a name says.
func nameEnd(s []byte) []byte { return s[max(0, len(s)-name.Max):] }

// isName says whether the string that comes is what an object goes by, and nothing
// else is known of it.
func (p *place) isName() bool {
	l := p.top()
	return !p.in.looks() && p.key == key.Called && l.object && l.key == 0 && !l.secret && !p.in.Login
}

// isData says whether the value that comes is what a secret or a config holds.
func (p *place) isData() bool {
	return p.key&key.Data != 0 && (p.in.Data || p.in.Maybe) || p.isWhole()
}

// isWhole says whether the value that comes is secret by the name of its member.
func (p *place) isWhole() bool { return p.in.wholes() && p.in.whole(p.called) }

// secretKey says whether a key is a secret here.
func (p *place) secretKey() bool {
	l := &p.levels[len(p.levels)-1]
	return l.secret && !l.shown
}

// isEntry says whether a key is a name and a value itself, in a set of such: filters
// have them ("label": {"NAME=value": true}).
func (p *place) isEntry(called []byte) bool {
	return p.top().key&key.Pairs != 0 && bytes.IndexByte(called, '=') >= 0
}

// secretNumber says whether a number is a secret here.
func (p *place) secretNumber() bool {
	return p.key&key.Number != 0 || p.in.Login && (p.key&key.Secret != 0 || len(p.levels) == 0) || p.top().secret || p.isWhole()
}

// secretRest says whether a secret may go on here in what is no JSON, or be in it
// anywhere.
func (p *place) secretRest() bool {
	return p.in.Login || p.in.Data || p.key&(key.Secret|key.Number) != 0 || p.top().secret || p.isWhole()
}

// path names the value that comes, by its key or that of the array it is in.
// In a set of names and values, both are told.
func (p *place) path() string {
	n := len(p.levels)
	if n == 0 {
		return p.label
	}
	l := &p.levels[n-1]
	if i := slices.IndexFunc(p.levels, func(l level) bool { return l.secret }); i >= 0 {
		return name.Join(p.label, p.levels[i].called)
	}
	if l.key&(key.Pairs|key.Members|key.Headers) != 0 || !l.object {
		return name.Join(name.Join(p.label, l.called), p.called)
	}
	return name.Join(p.label, p.called)
}
