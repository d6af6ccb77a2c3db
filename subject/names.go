package subject

import (
	"slices"
	"strings"
	"sync"

	"github.com/socktrace/socktrace/wire"
)

// maxNames bounds how many ids are known; the one that was learnt first goes first.
// With texts of at most maxText each, all need less than 6 MiB.
const maxNames = 4096

// maxID is the longest id that is kept: "sha256:" and 64 digits, and some room.
const maxID = 128

// names are what ids are called.
type names struct {
	mu     sync.Mutex
	known  map[string]*object   // by their ids, as daemons spell them
	byName map[string]string    // ids, by type and name
	begin  map[[2]byte][]string // the ids, by how they begin: see beginning
	order  []string             // the ids as they came: a ring when it is full
	next   int                  // in order
}

// object is what an id is of.
type object struct {
	typ, name string
	container string // the id of the container of an exec instance
}

// put notes that an id is of something with this name, or, of an exec instance, in
// this container. An empty name says nothing new.
func (n *names) put(typ, id, name, container string) {
	if id == "" || len(id) > maxID {
		return
	}
	name = clip(name)
	n.mu.Lock()
	defer n.mu.Unlock()
	o := n.known[id]
	if o == nil {
		o = n.add(id)
	}
	if o.typ == typ && o.name == name && o.container == container {
		return
	}
	if name != "" || typ != o.typ {
		n.unname(o, id)
	}
	o.typ = typ
	if name != "" {
		o.name = name
		n.byName[typ+" "+name] = id
	}
	if container != "" {
		o.container = container
	}
}

// add makes room for an id.
func (n *names) add(id string) *object {
	if n.known == nil {
		n.known, n.byName = make(map[string]*object), make(map[string]string)
		n.begin = make(map[[2]byte][]string)
	}
	id = strings.Clone(id)
	if len(n.order) < maxNames {
		n.order = append(n.order, id)
	} else {
		n.drop(n.order[n.next])
		n.order[n.next] = id
		n.next = (n.next + 1) % maxNames
	}
	b := beginning(id)
	n.begin[b] = append(n.begin[b], id)
	o := new(object)
	n.known[id] = o
	return o
}

// drop forgets an id.
func (n *names) drop(id string) {
	o := n.known[id]
	n.unname(o, id)
	delete(n.known, id)
	b := beginning(id)
	all := n.begin[b]
	if all = slices.Delete(all, slices.Index(all, id), slices.Index(all, id)+1); len(all) > 0 {
		n.begin[b] = all
	} else {
		delete(n.begin, b)
	}
}

// unname has the name of o lead to it no more, unless another has taken it.
func (n *names) unname(o *object, id string) {
	if key := o.typ + " " + o.name; n.byName[key] == id {
		delete(n.byName, key)
	}
}

// beginning returns the first digits of an id, which all that begin so have too.
func beginning(id string) (b [2]byte) {
	copy(b[:], strings.TrimPrefix(id, "sha256:"))
	return b
}

// free notes that what was called so is there no more: its name may be given to
// another, though people go on to speak of it.
func (n *names) free(s wire.Subject) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if key := s.Type + " " + s.Name; n.byName[key] == s.ID {
		delete(n.byName, key)
	}
}

// about returns what is known of something that a request calls so: by its id, the
// beginning of that, or its name.
func (n *names) about(typ, called string) wire.Subject {
	n.mu.Lock()
	defer n.mu.Unlock()
	id := n.find(typ, called)
	o := n.known[id]
	switch {
	case o == nil && isID(called):
		return wire.Subject{Type: typ, ID: called}
	case o == nil && typ == "exec":
		return wire.Subject{Type: typ, ID: called}
	case o == nil:
		return wire.Subject{Type: typ, Name: called}
	}
	s := wire.Subject{Type: typ, ID: id, Name: o.name}
	if typ == "image" && !isID(called) {
		s.Name = called // one of several
	}
	if o.container != "" {
		s.Container = n.title(o.container)
	}
	return s
}

// find returns the id of what a request calls so; empty if it is not known.
func (n *names) find(typ, called string) string {
	if o := n.known[called]; o != nil && o.typ == typ {
		return called
	}
	if id := n.byName[typ+" "+called]; id != "" {
		return id
	}
	if typ == "image" && !strings.Contains(called, ":") {
		if o := n.known["sha256:"+called]; o != nil {
			return "sha256:" + called
		}
		if id := n.begins(typ, "sha256:"+called, called); id != "" {
			return id
		}
	}
	return n.begins(typ, called, called)
}

// begins returns the id of an object that begins so, if there is one only.
func (n *names) begins(typ, with, digits string) string {
	const shortest = 4 // a shorter one is more likely a name
	if len(digits) < shortest || !isHex(digits) {
		return ""
	}
	found := ""
	for _, id := range n.begin[beginning(with)] {
		if !strings.HasPrefix(id, with) || n.known[id].typ != typ {
			continue
		}
		if found != "" {
			return ""
		}
		found = id
	}
	return found
}

// title returns the name of a container, or its id as it is if that is not known.
func (n *names) title(container string) string {
	if o := n.known[n.find("container", container)]; o != nil && o.name != "" {
		return o.name
	}
	return container
}

// Title is title for others.
func (n *names) Title(container string) string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.title(container)
}

// isID says whether s looks like an id, and is no name: 12 hexadecimal digits or
// more, with what image ids have before them.
func isID(s string) bool {
	s = strings.TrimPrefix(s, "sha256:")
	return len(s) >= 12 && isHex(s)
}

func isHex(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}
