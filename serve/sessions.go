package serve

import (
	"encoding/json"
	"net/url"
	"strings"
	"sync"

	"github.com/socktrace/socktrace/compare"
	"github.com/socktrace/socktrace/wire"
)

// sessionField is the field by which a client that offers a session says what that is called. Its
// builds name it so, in their query or their document.
const sessionField = "X-Docker-Expose-Session-Uuid"

// seats are the sessions of clients, by what these call them. All look the same when they are
// opened: which of the recording a session is, the build says that names it. It may do so before.
// There is at most one for each exchange that has answered.
type seats struct {
	mu sync.Mutex
	by map[string]*seat
}

// seat is the session of a client.
type seat struct {
	bound chan struct{} // closed when it is known which it is
	e     *exchange     // that one; for who has seen bound closed
}

// of returns the session that is called so.
func (s *seats) of(name string) *seat {
	s.mu.Lock()
	defer s.mu.Unlock()
	it := s.by[name]
	if it == nil {
		it = &seat{bound: make(chan struct{})}
		s.by[name] = it
	}
	return it
}

// bind says that the session which is called so is e, unless it is known which it is.
func (s *seats) bind(name string, e *exchange) {
	it := s.of(name)
	s.mu.Lock()
	defer s.mu.Unlock()
	if it.e == nil {
		it.e = e
		close(it.bound)
	}
}

// link has each exchange know the session that it names. Sessions that were masked in one place and
// not in the other have no name that is known.
func link(all []*exchange) {
	by := make(map[string]*exchange)
	for _, e := range all {
		if name := wire.FieldValue(e.request.Fields, sessionField); name != "" && e.answer.speaks == callsBack {
			by[name] = e
		}
	}
	for _, e := range all {
		if e.session = by[sessionIn(&e.request)]; e.session != nil {
			e.session.named = true
		}
	}
}

// sessionIn returns the session that a request names; empty if it names none.
func sessionIn(r *compare.Request) string {
	path, query, _ := strings.Cut(r.Target, "?")
	if v, _ := url.ParseQuery(query); v.Has("session") { // what can be read of it
		return v.Get("session")
	}
	var doc struct{ Session string }
	if !strings.HasSuffix(path, "Control/Solve") || json.Unmarshal(r.Body, &doc) != nil {
		return ""
	}
	return doc.Session
}
