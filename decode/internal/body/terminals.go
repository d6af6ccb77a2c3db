package body

import "sync"

// tty says whether something has a terminal.
type tty uint8

const (
	ttyUnknown tty = iota
	ttyNone
	ttyOne
)

// What Terminals remember is bounded: so many containers, by names of so many
// bytes. Ids have 64.
const (
	maxKnown = 4096
	maxID    = 256
)

// Terminals is what decoders have learned from the traffic and need on other
// connections: which containers have a terminal. Its methods may be called
// concurrently.
type Terminals struct {
	mu    sync.Mutex
	known map[string]tty // by id or name of a container or exec instance
	names []string       // of those, as a ring
	next  int            // the oldest in it, once it is full
}

// NewTerminals returns an empty memory.
func NewTerminals() *Terminals { return &Terminals{known: make(map[string]tty)} }

// tty returns whether what is called name has a terminal.
func (k *Terminals) tty(name string) tty {
	if k == nil {
		return ttyUnknown
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.known[name]
}

// learn remembers whether id has a terminal. It keeps nothing of id.
func (k *Terminals) learn(id []byte, t tty) {
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
		k.remember(name)
	}
	k.known[name] = t
}

// remember puts name in the place of the oldest.
func (k *Terminals) remember(name string) {
	if len(k.names) < maxKnown {
		k.names = append(k.names, name)
		return
	}
	delete(k.known, k.names[k.next])
	k.names[k.next] = name
	k.next = (k.next + 1) % maxKnown
}
