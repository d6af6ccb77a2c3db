package keylog

import (
	"bytes"
	"fmt"
	"sync"

	"github.com/socktrace/socktrace/internal/memory"
	"github.com/socktrace/socktrace/internal/plural"
)

// maxLine bounds a line, in bytes: those of secrets have at most 300.
const maxLine = 8 << 10

// Store is the secrets of all logs; if there is no room for all, the last ones. Its
// methods may be called concurrently.
type Store struct {
	warn func(error)
	used func(lines []byte) // nil: nobody wants to know

	mu       sync.Mutex
	sessions sessions
	files    []*file // that are followed
	expects  bool    // more secrets may come
	given    bool    // there is a log, even if nothing is in it
	unread   string  // the name of a log with lines that are not supported: others may say the same
	said     faults
}

// faults are what warn was told.
type faults struct {
	malformed, unsupported, left bool
}

// New returns an empty store, which has its memory of m; nil has no bound. warn is told
// what is wrong with logs, each sort of fault once; it may be nil.
func New(m *memory.Budget, warn func(error)) *Store {
	if warn == nil {
		warn = func(error) {}
	}
	return &Store{warn: warn, sessions: newSessions(m)}
}

// Used has f get the lines of a handshake when one of its secrets is asked for the first
// time, before that is returned, and those that come later as they do. So nobody gets
// those of handshakes that were not seen. f must not call the store, and is not called
// concurrently. Used is called before the store is used.
func (s *Store) Used(f func(lines []byte)) { s.used = f }

// Expect says that more secrets may come: who needs one that is missing waits.
func (s *Store) Expect() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.expects = true
}

// Expects reports whether more secrets may come.
func (s *Store) Expects() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.expects
}

// Given reports whether there is a log at all: one that is followed, or was added.
func (s *Store) Given() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.given
}

// Add adds the lines of a log which is called name. The last line may lack its end.
func (s *Store) Add(name string, text []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.given = s.given || len(text) > 0
	var l lines
	l.write(text, func(line []byte) { s.line(name, line) })
	l.end(func(line []byte) { s.line(name, line) })
}

// Secret returns a secret of a handshake, or nil if it is not known. It first reads
// what was added to the files that are followed.
func (s *Store) Secret(l Label, r Random) []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	found, ok := s.find(l, r)
	if !ok && s.more() {
		found, ok = s.find(l, r)
	}
	if !ok {
		if l == Master && s.unread != "" {
			s.say(&s.said.unsupported, fmt.Errorf("%s: lines that begin with RSA are not supported, only those of RFC 9850", s.unread))
		}
		return nil
	}
	return bytes.Clone(found.bytes[:found.n])
}

// find returns a secret that is known, and tells that its handshake is one that was
// seen.
func (s *Store) find(l Label, r Random) (found secret, ok bool) {
	of := s.sessions.get(r)
	if of == nil {
		return found, false
	}
	if !of.used {
		of.used = true
		s.tell(of.lines())
	}
	return of.find(l)
}

// tell hands on lines of a handshake that was seen.
func (s *Store) tell(lines []byte) {
	if s.used != nil {
		s.used(lines)
	}
}

// more reads what was added to the files, and reports whether there was something.
func (s *Store) more() (any bool) {
	for _, f := range s.files {
		any = f.more(func(line []byte) { s.line(f.name, line) }) || any
	}
	return any
}

// line takes a line of the log called name. Of two secrets for the same the later one
// counts.
func (s *Store) line(name string, line []byte) {
	k, value, v := parse(line)
	if len(line) > maxLine {
		v = malformed
	}
	switch v {
	case good:
		of, left := s.sessions.put(k, value)
		if left {
			n := int64(s.sessions.n)
			s.say(&s.said.left, fmt.Errorf("%s: only the last %s %s kept", name, plural.Of(n, "secret"), plural.Verb(n, "is", "are")))
		}
		if of != nil && of.used {
			s.tell(appendLine(nil, k, value))
		}
	case malformed:
		s.say(&s.said.malformed, fmt.Errorf("%s: a line is no secret as RFC 9850 has it", name))
	case unsupported:
		s.unread = name
	}
}

// say tells of a fault, the first time.
func (s *Store) say(said *bool, err error) {
	if !*said {
		*said = true
		s.warn(err)
	}
}
