package decode

import (
	"bytes"
	"sync"

	"github.com/socktrace/socktrace/wire"
)

// tty says whether something has a terminal.
type tty uint8

const (
	ttyUnknown tty = iota
	ttyNone
	ttyOne
)

// What Docker remembers is bounded: so many containers, by names of so many
// bytes. Ids have 64.
const (
	maxKnown = 4096
	maxID    = 256
)

// Docker is what decoders have learned from the traffic and need on other
// connections: which containers have a terminal. Its methods may be called
// concurrently.
type Docker struct {
	mu    sync.Mutex
	known map[string]tty // by id or name of a container or exec instance
	order []string       // oldest first
}

// NewDocker returns an empty memory.
func NewDocker() *Docker { return &Docker{known: make(map[string]tty)} }

// tty returns whether the subject of c has a terminal.
func (k *Docker) tty(c call) tty {
	if c.tty != ttyUnknown || k == nil {
		return c.tty
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.known[c.id]
}

// learn remembers whether id has a terminal. It keeps nothing of id.
func (k *Docker) learn(id []byte, t tty) {
	if k == nil || len(id) == 0 || len(id) > maxID {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	old, ok := k.known[string(id)]
	if ok && old == t {
		return
	}
	name := string(id)
	if !ok {
		k.order = append(k.order, name)
		if len(k.order) > maxKnown {
			delete(k.known, k.order[0])
			k.order = append(k.order[:0], k.order[1:]...)
		}
	}
	k.known[name] = t
}

// learn looks at one JSON document of ex for what it says of a terminal.
func (d *Conn) learn(ex *exchange, dir wire.Dir, doc []byte) {
	switch c := &ex.call; {
	case c.op == opInspect && dir == wire.ToClient:
		if v, ok := readInspect(doc); ok && v.tty != ttyUnknown {
			d.o.Docker.learn(v.id, v.tty)
			d.o.Docker.learn(bytes.TrimPrefix(v.name, []byte("/")), v.tty)
		}
	case !c.creates():
	case dir == wire.ToServer:
		t := ttyUnknown
		if t.read(doc) {
			c.tty = t
		}
	case c.tty != ttyUnknown:
		if id, ok := readID(doc); ok {
			d.o.Docker.learn(id, c.tty)
		}
	}
}

// What the documents of the Docker Engine API say of terminals. As in
// encoding/json, the last member of a name counts, null says nothing, and a
// document with a value of the wrong type is not believed at all.

// read reads the member Tty of a document, such as what creates a container.
func (t *tty) read(doc []byte) bool {
	ok := isObject(doc)
	for name, value := range members(doc) {
		if named(name, "Tty") {
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
	for name, value := range members(doc) {
		if named(name, "Id") {
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
	for name, value := range members(doc) {
		switch {
		case named(name, "Id"):
			ok = setString(&v.id, value) && ok
		case named(name, "Name"):
			ok = setString(&v.name, value) && ok
		case named(name, "Config"):
			ok = (isNull(value) || v.tty.read(value)) && ok
		}
	}
	return v, ok
}

func setString(to *[]byte, value []byte) bool {
	if isNull(value) {
		return true
	}
	s, ok := unquote(value)
	if ok {
		*to = s
	}
	return ok
}

func isNull(value []byte) bool { return string(value) == "null" }

func isObject(doc []byte) bool { return len(doc) > 0 && doc[0] == '{' }
