package subject

import (
	"slices"
	"strings"
	"sync"

	"github.com/socktrace/socktrace/wire"
)

// maxNames bounds how many ids are known; the one that was learnt first goes first.
// With texts of at most maxText each, all need less than 12 MiB.
const maxNames = 4096

// maxCalled bounds how many names lead to an image.
const maxCalled = 4

// maxID is the longest id that is kept: "sha256:" and 64 digits, and some room.
const maxID = 128

// maxAt bounds what is kept of the address of a daemon, in bytes.
const maxAt = 256

// names are what ids are called, by their daemons: each has its own.
type names struct {
	mu     sync.Mutex
	known  map[key]*object       // by their ids, as daemons spell them
	byName map[nameKey]*object   // that a name leads to
	begin  map[[2]byte][]*object // by how their ids begin: see beginning
	order  []*object             // as they came: a ring when it is full
	next   int                   // in order
}

// key is an id of the daemon at an address.
type key struct{ at, id string }

// nameKey is a name of the daemon at an address.
type nameKey struct{ at, typ, name string }

// object is what an id is of.
type object struct {
	key
	typ, name string
	called    []string // names that have led to it, and may still
	container string   // the id of the container of an exec instance
}

// daemon is the one at an address, whose names are known.
type daemon struct {
	*names
	at string
}

// daemonOf returns the daemon that serves a connection, or the one that carries it.
func daemonOf(n *names, c *wire.Conn) daemon {
	d := daemon{names: n}
	if c = c.Outermost(); c != nil && len(c.Server.Addr) <= maxAt {
		d.at = c.Server.Addr
	}
	return d
}

// lead has a name lead to o. What was called so before is not any more if it is an
// image: others keep their names as long as people speak of them.
func (d daemon) lead(o *object, name string) {
	n := nameKey{d.at, o.typ, full(o.typ, name)}
	was := d.byName[n]
	if was == o {
		return
	}
	if was != nil && was.typ == "image" && full("image", was.name) == n.name {
		was.name = ""
	}
	if len(o.called) == maxCalled {
		d.lose(o, o.called[0])
	}
	o.called = append(o.called, n.name)
	d.byName[n] = o
}

// lose has a name lead to o no more, unless another has taken it.
func (n *names) lose(o *object, name string) {
	if called := (nameKey{o.at, o.typ, name}); n.byName[called] == o {
		delete(n.byName, called)
	}
	o.called = slices.DeleteFunc(o.called, func(s string) bool { return s == name })
}

// full returns the name with the tag that a reference of an image has if it tells none.
func full(typ, name string) string {
	if typ != "image" || name == "" || strings.ContainsAny(name[strings.LastIndexByte(name, '/')+1:], ":@") {
		return name
	}
	return name + ":latest"
}

// add makes room for an id.
func (d daemon) add(id string) *object {
	if d.known == nil {
		d.known, d.byName = make(map[key]*object), make(map[nameKey]*object)
		d.begin = make(map[[2]byte][]*object)
	}
	o := &object{key: key{d.at, strings.Clone(id)}}
	if len(d.order) < maxNames {
		d.order = append(d.order, o)
	} else {
		d.drop(d.order[d.next])
		d.order[d.next] = o
		d.next = (d.next + 1) % maxNames
	}
	b := beginning(id)
	d.begin[b] = append(d.begin[b], o)
	d.known[o.key] = o
	return o
}

// drop forgets an object.
func (n *names) drop(o *object) {
	n.unname(o)
	delete(n.known, o.key)
	b := beginning(o.id)
	all := n.begin[b]
	if i := slices.Index(all, o); len(all) > 1 {
		n.begin[b] = slices.Delete(all, i, i+1)
	} else {
		delete(n.begin, b)
	}
}

// unname has no name lead to o any more.
func (n *names) unname(o *object) {
	for len(o.called) > 0 {
		n.lose(o, o.called[0])
	}
}

// beginning returns the first digits of an id, which all that begin so have too.
func beginning(id string) (b [2]byte) {
	copy(b[:], strings.TrimPrefix(id, "sha256:"))
	return b
}

// begins returns the object whose id begins so, if there is one only.
func (d daemon) begins(typ, with, digits string) (found *object) {
	const shortest = 4 // a shorter one is more likely a name
	if len(digits) < shortest || !isHex(digits) {
		return nil
	}
	for _, o := range d.begin[beginning(with)] {
		if o.at != d.at || !strings.HasPrefix(o.id, with) || o.typ != typ {
			continue
		}
		if found != nil {
			return nil
		}
		found = o
	}
	return found
}
