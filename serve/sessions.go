package serve

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/socktrace/socktrace/compare"
	"github.com/socktrace/socktrace/wire"
)

// sessionField is the field by which a client that offers a session says what that is called. Its
// builds name it so, in their query or their document.
const sessionField = "X-Docker-Expose-Session-Uuid"

// seats are the sessions of clients, or their builds, by what these call them. All sessions look the same when they are
// opened: which of the recording a session is, the build says that names it. It may do so before.
// There is at most one for each exchange that has answered.
type seats struct {
	mu sync.Mutex
	by map[string]*seat
}

// seat is the session of a client, or a build.
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

// forget has nothing known of what is called so, unless it is known which it is.
func (s *seats) forget(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if it := s.by[name]; it != nil && it.e == nil {
		delete(s.by, name)
	}
}

// link has each exchange know the session that it names. Where the names of sessions were masked in their
// heads, and not in what names them, they are named in the order in which they were opened.
func link(all []*exchange) {
	by := make(map[string]*exchange)
	var sessions []*exchange
	var names []string
	seen := make(map[string]bool)
	for _, e := range all {
		if name := wire.FieldValue(e.request.Fields, sessionField); name != "" && e.answer.speaks == callsBack {
			by[name] = e
			sessions = append(sessions, e)
		} else if name := sessionIn(e.op, &e.request); name != "" && !seen[name] {
			seen[name] = true
			names = append(names, name)
		}
	}
	known := func(name string) bool { return by[name] != nil }
	if len(names) == len(sessions) && !slices.ContainsFunc(names, known) {
		for i, name := range names {
			by[name] = sessions[i]
		}
	}
	for _, e := range all {
		if e.session = by[sessionIn(e.op, &e.request)]; e.session != nil {
			e.session.named = true
		}
	}
}

// sessionIn returns what a build calls its session; empty if r, which asks for an operation, names none.
func sessionIn(op string, r *compare.Request) string {
	switch op {
	case "ImageBuild":
		_, query, _ := strings.Cut(r.Target, "?")
		values, _ := url.ParseQuery(query) // what can be read of it
		return values.Get("session")
	case "Control/Solve":
		return namesIn(r.Body).Session
	}
	return ""
}

// The calls by which a client has a build made, and follows it: both name it by a ref, and are under
// way at once.
const (
	solving   = "moby.buildkit.v1.Control/Solve"
	following = "moby.buildkit.v1.Control/Status"
)

// names are those that a client makes up for a build, and for its session.
type names struct{ Ref, Session string }

func namesIn(doc []byte) (n names) {
	_ = json.Unmarshal(doc, &n) // what can be read of it
	return n
}

// hasBuilds reports whether there are several builds that clients follow by a name of their own.
func (s *Script) hasBuilds() bool {
	n := 0
	for _, e := range s.exchanges {
		if e.compared && strings.HasSuffix(e.request.Target, solving) && namesIn(e.request.Body).Ref != "" {
			n++
		}
	}
	return n > 1
}
