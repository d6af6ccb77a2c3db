package body

import (
	"bytes"

	"github.com/socktrace/socktrace/internal/jsontext"
	"github.com/socktrace/socktrace/wire"
)

// teaches reports whether JSON documents in direction dir may say something of
// terminals.
func (x *Exchange) teaches(dir wire.Dir) bool {
	return x.Call.Creates() || dir == wire.ToClient && x.Call.Inspects()
}

// learn looks at one JSON document for what it says of a terminal.
func (x *Exchange) learn(dir wire.Dir, doc []byte) {
	switch {
	case x.Call.Inspects() && dir == wire.ToClient:
		if v, ok := readInspect(doc); ok && v.tty != ttyUnknown {
			x.env.learn(v.id, v.tty)
			x.env.learn(bytes.TrimPrefix(v.name, []byte("/")), v.tty)
		}
	case !x.Call.Creates():
	case dir == wire.ToServer:
		t := ttyUnknown
		if t.read(doc) {
			x.tty = t
		}
	case x.tty != ttyUnknown:
		if id, ok := readID(doc); ok {
			x.env.learn(id, x.tty)
		}
	}
}

// What the documents of the Docker Engine API say of terminals. As in
// encoding/json, the last member of a name counts, null says nothing, and a
// document with a value of the wrong type is not believed at all.

// read reads the member Tty of a document, such as what creates a container.
func (t *tty) read(doc []byte) bool {
	ok := isObject(doc)
	for name, value := range jsontext.Members(doc) {
		if jsontext.Named(name, "Tty") {
			ok = t.set(value) && ok
		}
	}
	return ok
}

func (t *tty) set(value []byte) bool {
	switch string(value) {
	case "true":
		*t = ttyOne
	case "false":
		*t = ttyNone
	case "null":
		*t = ttyUnknown
	default:
		return false
	}
	return true
}

// readID reads the answer to what creates something.
func readID(doc []byte) (id []byte, ok bool) {
	ok = isObject(doc)
	for name, value := range jsontext.Members(doc) {
		if jsontext.Named(name, "Id") {
			ok = setString(&id, value) && ok
		}
	}
	return id, ok
}

// inspected is what is known of a container that was inspected.
type inspected struct {
	id, name []byte
	tty      tty
}

func readInspect(doc []byte) (v inspected, ok bool) {
	ok = isObject(doc)
	for name, value := range jsontext.Members(doc) {
		switch {
		case jsontext.Named(name, "Id"):
			ok = setString(&v.id, value) && ok
		case jsontext.Named(name, "Name"):
			ok = setString(&v.name, value) && ok
		case jsontext.Named(name, "Config"):
			ok = (isNull(value) || v.tty.read(value)) && ok
		}
	}
	return v, ok
}

func setString(to *[]byte, value []byte) bool {
	if isNull(value) {
		return true
	}
	s, ok := jsontext.Unquote(value)
	if ok {
		*to = s
	}
	return ok
}

func isNull(value []byte) bool { return string(value) == "null" }

func isObject(doc []byte) bool { return len(doc) > 0 && doc[0] == '{' }

// tty returns whether what is called name has a terminal, as far as was told before.
func (e *Env) tty(name string) tty {
	if e.Order != nil && e.Terminals != nil {
		e.Order.Await()
	}
	return e.Terminals.tty(name)
}

// learn remembers whether id has a terminal. It keeps nothing of id.
func (e *Env) learn(id []byte, t tty) {
	if e.Order == nil || e.Terminals == nil {
		e.Terminals.learn(id, t)
		return
	}
	e.Order.Later(&lesson{e.Terminals, bytes.Clone(id[:min(len(id), maxID+1)]), t})
}

// lesson is what is learned when it is told.
type lesson struct {
	of *Terminals
	id []byte
	t  tty
}

// Told has it learned.
func (l *lesson) Told() { l.of.learn(l.id, l.t) }
