package keylog

import (
	"bytes"
	"fmt"
	"sync"

	"github.com/socktrace/socktrace/internal/memory"
	"github.com/socktrace/socktrace/internal/plural"
)

const (
	// maxLine bounds a line, in bytes: those of secrets have at most 300.
	maxLine = 8 << 10
	// maxSecrets bounds how many secrets are kept, and secretCost is what one costs in
	// memory.
	maxSecrets = 1 << 20
	secretCost = 256
)

// Store is the secrets of all logs. Its methods may be called concurrently.
type Store struct {
	warn func(error)

	mu      sync.Mutex
	memory  memory.Account
	secrets map[key]secret
	files   []*file // that are followed
	expects bool    // more secrets may come
	unread  string  // the name of a log with lines that are not supported: others may say the same
	said    faults
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
	return &Store{warn: warn, memory: memory.Of(m), secrets: make(map[key]secret)}
}

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

// Add adds the lines of a log which is called name. The last line may lack its end.
func (s *Store) Add(name string, text []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var l lines
	l.write(text, func(line []byte) { s.line(name, line) })
	l.end(func(line []byte) { s.line(name, line) })
}

// Secret returns a secret of a handshake, or nil if it is not known. It first reads
// what was added to the files that are followed.
func (s *Store) Secret(l Label, r Random) []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	found, ok := s.secrets[key{l, r}]
	if !ok && s.more() {
		found, ok = s.secrets[key{l, r}]
	}
	if !ok {
		if l == Master && s.unread != "" {
			s.say(&s.said.unsupported, fmt.Errorf("%s: lines that begin with RSA are not supported, only those of RFC 9850", s.unread))
		}
		return nil
	}
	return bytes.Clone(found.bytes[:found.n])
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
		if _, is := s.secrets[k]; !is && (len(s.secrets) >= maxSecrets || !s.memory.Take(secretCost)) {
			s.say(&s.said.left, fmt.Errorf("%s: only %s are kept", name, plural.Of(int64(len(s.secrets)), "secret")))
			return
		}
		s.secrets[k] = value
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
