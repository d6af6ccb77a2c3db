package serve

import (
	"sync"

	"github.com/socktrace/socktrace/wire"
)

// maxRefused is how many sessions are known that were refused before they were opened.
const maxRefused = 1024

// refusals end the sessions of builds that are refused: some clients do not leave those that they
// have opened for a build that is over sooner than a daemon would have it.
type refusals struct {
	mu   sync.Mutex
	ids  map[string]bool
	open map[string]func() // ends a session
}

func newRefusals() *refusals {
	return &refusals{ids: make(map[string]bool), open: make(map[string]func())}
}

// refuse ends the session that l names, if it is a build, now or when it is opened: true then.
func (r *refusals) refuse(l *live) bool {
	id := sessionIn(l.op, &l.request)
	if id == "" {
		return false
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.ids) < maxRefused {
		r.ids[id] = true
	}
	if end := r.open[id]; end != nil {
		end()
	}
	return true
}

// opened has end called, which must not wait, when the build is refused that the session of l is for;
// at once, if it was. closed is called when the session is over.
func (r *refusals) opened(l *live, end func()) (closed func()) {
	id := wire.FieldValue(l.request.Fields, sessionField)
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.ids[id] {
		end()
	}
	r.open[id] = end
	return func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		delete(r.open, id)
		delete(r.ids, id)
	}
}
