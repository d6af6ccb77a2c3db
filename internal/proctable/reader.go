package proctable

import (
	"os/user"
	"strconv"
	"sync"

	"github.com/socktrace/socktrace/wire"
)

// Reader remembers what it has read, of a bounded number of processes. Its methods may be
// called concurrently.
type Reader struct {
	mu    sync.Mutex // guards what follows
	known map[key]*wire.ProcessFacts
	users map[int]string
}

// key is a process: its number may be another's later.
type key struct {
	pid   int
	start string
}

const (
	// maxKnown bounds how many processes, and users, are remembered.
	maxKnown = 1024
	// maxParents bounds how many parents of a process are told.
	maxParents = 16
)

// NewReader returns a Reader that remembers nothing.
func NewReader() *Reader {
	return &Reader{known: make(map[key]*wire.ProcessFacts), users: make(map[int]string)}
}

// Describe adds to p what the process table tells of it now: it may be gone later. What is
// not known stays as it is.
func (r *Reader) Describe(p *wire.Process) {
	start, ok := started(p.PID)
	if !ok {
		p.More = r.gone(p.UID)
		return
	}
	k := key{p.PID, start}
	r.mu.Lock()
	more := r.known[k]
	r.mu.Unlock()
	if more == nil {
		facts := read(p.PID)
		if again, ok := started(p.PID); !ok || again != start { // it is another's number meanwhile
			p.More = r.gone(p.UID)
			return
		}
		r.name(&facts, p.UID)
		more = &facts
		r.mu.Lock()
		if len(r.known) >= maxKnown {
			clear(r.known)
		}
		r.known[k] = more
		r.mu.Unlock()
	}
	p.More = more
}

// name adds the name of a user. Inside a container a number is another's: the names there
// are not ours, so there is none.
func (r *Reader) name(f *wire.ProcessFacts, uid int) {
	if f.Container == "" {
		f.User = r.userName(uid)
	}
}

// gone returns what is known of a process that is gone; nil if that is nothing. Where
// containers are told, it may have been in one.
func (r *Reader) gone(uid int) *wire.ProcessFacts {
	if tellsContainers {
		return nil
	}
	if name := r.userName(uid); name != "" {
		return &wire.ProcessFacts{User: name}
	}
	return nil
}

// userName returns the name of a user of this machine; empty if it has none.
func (r *Reader) userName(uid int) string {
	if uid < 0 {
		return ""
	}
	r.mu.Lock()
	name, known := r.users[uid]
	r.mu.Unlock()
	if known {
		return name
	}
	if u, err := user.LookupId(strconv.Itoa(uid)); err == nil {
		name = u.Username
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.users) >= maxKnown {
		clear(r.users)
	}
	r.users[uid] = name
	return name
}
