package filter

import (
	"slices"
	"strings"
	"sync"

	"github.com/socktrace/socktrace/wire"
)

// called are the ids of containers that had a name, and what those are called since.
// It may be used concurrently.
type called struct {
	mu    sync.Mutex
	ids   []string
	names []string
}

// leastID is how long an id is at least, in digits, of which a beginning may be given.
const leastID = 12

// maxCalled bounds the ids, and the names: the oldest are forgotten.
const maxCalled = 64

// note notes a container that the filter is about.
func (c *called) note(s *wire.Subject) {
	if s.Type != "container" || len(s.ID) < leastID {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ids, c.names = noted(c.ids, s.ID), noted(c.names, strings.TrimPrefix(s.Name, "/"))
}

// noted returns all with one more.
func noted(all []string, one string) []string {
	if one == "" || slices.Contains(all, one) {
		return all
	}
	if len(all) == maxCalled {
		all = slices.Delete(all, 0, 1)
	}
	return append(all, one)
}

// hasID reports whether a container has one of the ids, either of which may be the
// beginning of the other.
func (c *called) hasID(id string) bool {
	if len(id) < leastID {
		return false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.ContainsFunc(c.ids, func(known string) bool { return strings.HasPrefix(known, id) || strings.HasPrefix(id, known) })
}

// hasName reports whether one of the containers is called so.
func (c *called) hasName(name string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Contains(c.names, strings.TrimPrefix(name, "/"))
}
