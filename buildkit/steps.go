package buildkit

import (
	"strconv"
	"strings"
)

// steps are the vertices of a graph, numbered as they were seen first.
type steps struct {
	numbers map[string]int // by digest
	seen    map[string]seen
}

// seen is what was told of a step.
type seen struct{ started, ended bool }

// maxSteps bounds the steps that are remembered of an exchange.
const maxSteps = 4096

// number returns the number of the vertex with a digest; 0 if there are too many.
func (s *steps) number(digest string) int {
	if n := s.numbers[digest]; n > 0 {
		return n
	}
	if len(s.numbers) >= maxSteps || len(digest) > maxDigest {
		return 0
	}
	if s.numbers == nil {
		s.numbers = make(map[string]int)
	}
	n := len(s.numbers) + 1
	s.numbers[strings.Clone(digest)] = n
	return n
}

// maxDigest is more than a digest has.
const maxDigest = 256

// label returns how a step is called: by its number, which is before what it says.
func (s *steps) label(digest string) string {
	if n := s.number(digest); n > 0 {
		return strconv.Itoa(n)
	}
	return "?"
}

// labels names several steps.
func (s *steps) labels(digests []string) string {
	var b strings.Builder
	for i, d := range digests {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(s.label(d))
	}
	return b.String()
}

// note notes that a step has started or ended, and reports what is new of that.
func (s *steps) note(digest string, now seen) (news seen) {
	old := s.seen[digest]
	news = seen{now.started && !old.started, now.ended && !old.ended}
	if s.number(digest) > 0 && news != (seen{}) {
		if s.seen == nil {
			s.seen = make(map[string]seen)
		}
		s.seen[strings.Clone(digest)] = seen{old.started || now.started, old.ended || now.ended}
	}
	return news
}
