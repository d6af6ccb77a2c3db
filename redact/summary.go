package redact

import (
	"cmp"
	"slices"
	"sync"

	"github.com/socktrace/socktrace/redact/internal/mask"
)

// Count says in how many exchanges something was masked. What belongs to no
// exchange counts once for its connection.
type Count struct {
	Name      string // as in Masked, such as "request.headers.X-Registry-Auth"
	Exchanges int64
}

// tally counts names; safe for concurrent use.
type tally struct {
	mu     sync.Mutex
	counts map[string]int64
}

func (t *tally) add(name string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.counts == nil {
		t.counts = make(map[string]int64)
	}
	if _, ok := t.counts[name]; !ok && len(t.counts) >= mask.MaxNames {
		name = "other"
	}
	t.counts[name]++
}

func (t *tally) sorted() []Count {
	t.mu.Lock()
	defer t.mu.Unlock()
	out := make([]Count, 0, len(t.counts))
	for name, n := range t.counts {
		out = append(out, Count{name, n})
	}
	slices.SortFunc(out, func(a, b Count) int { return cmp.Compare(a.Name, b.Name) })
	return out
}
