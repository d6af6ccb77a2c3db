package audit

import "strings"

const (
	// maxMade bounds how many exec instances are remembered, and how many containers with
	// risks; maxMadeBytes how much memory each of both takes, in bytes. What was made first
	// goes first.
	maxMade      = 1024
	maxMadeBytes = 4 << 20
)

// things are things of one kind.
type things struct {
	known map[[2]string]*thing // by the daemon and id
	named map[[2]string]*thing // by the daemon and name
	order []*thing             // as they came
	bytes int
}

// put remembers a thing.
func (s *things) put(t *thing) {
	if s.known == nil {
		s.known, s.named = make(map[[2]string]*thing), make(map[[2]string]*thing)
	}
	if was := s.known[[2]string{t.at, t.id}]; was != nil {
		s.forget(was)
	}
	for len(s.order) >= maxMade || len(s.order) > 0 && s.bytes+t.size() > maxMadeBytes {
		s.forget(s.order[0])
	}
	s.known[[2]string{t.at, t.id}] = t
	if t.name != "" {
		s.named[[2]string{t.at, t.name}] = t
	}
	s.order = append(s.order, t)
	s.bytes += t.size()
}

// forget forgets a thing.
func (s *things) forget(t *thing) {
	delete(s.known, [2]string{t.at, t.id})
	if k := [2]string{t.at, t.name}; s.named[k] == t {
		delete(s.named, k)
	}
	for i := range s.order {
		if s.order[i] == t {
			s.order = append(s.order[:i], s.order[i+1:]...)
			s.bytes -= t.size()
			return
		}
	}
}

// find returns what a daemon knows by an id, or, where no id is known, what a request calls
// so: by a name or the beginning of an id; nil if there is none.
func (s *things) find(at, id, called string) *thing {
	if t := s.known[[2]string{at, id}]; t != nil {
		return t
	}
	if id != "" && id != called || called == "" {
		return nil
	}
	if t := s.named[[2]string{at, called}]; t != nil {
		return t
	}
	const shortest = 4 // a shorter one is more likely a name
	for _, t := range s.order {
		if len(called) >= shortest && t.at == at && strings.HasPrefix(t.id, called) {
			return t
		}
	}
	return nil
}
