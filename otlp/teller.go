package otlp

import (
	"fmt"
	"sync"
)

// teller tells people what becomes of what is sent: each thing once, and that the collector
// is away, and back.
type teller struct {
	warn func(error)

	mu    sync.Mutex
	told  map[string]bool
	gone  [signalCount]bool
	where [signalCount]string
	kept  [signalCount]bool // on disk meanwhile
}

// maxTold bounds how many different things are told.
const maxTold = 16

// once tells of a signal what was not told before.
func (t *teller) once(s Signal, err error) {
	t.mu.Lock()
	text := s.String() + ": " + err.Error()
	known := t.told[text] || len(t.told) >= maxTold
	if !known {
		t.told[text] = true
	}
	t.mu.Unlock()
	if !known {
		t.warn(fmt.Errorf("otlp: %s to %s: %w", s, t.where[s], err))
	}
}

// away tells that nothing is taken for now, unless that is known.
func (t *teller) away(s Signal, err error) {
	if t.sets(s, true) {
		return
	}
	then := "it is tried again"
	if t.kept[s] {
		then = "what comes is kept on disk, and it is tried again"
	}
	t.warn(fmt.Errorf("otlp: %s to %s: %w; %s", s, t.where[s], err, then))
}

// back tells that something is taken again.
func (t *teller) back(s Signal) {
	if t.sets(s, false) {
		t.warn(fmt.Errorf("otlp: %s to %s: taken again", s, t.where[s]))
	}
}

// sets notes whether the collector is away, and returns whether it was.
func (t *teller) sets(s Signal, gone bool) (was bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	was, t.gone[s] = t.gone[s], gone
	return was
}
