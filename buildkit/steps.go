package buildkit

import (
	"strconv"
	"strings"
)

// steps are the vertices of a graph, numbered as they were seen first.
type steps struct {
	share *share
	known map[string]*step // by digest
}

// step is what is known of one.
type step struct {
	number int
	seen   seen
}

// seen is what was told of a step.
type seen struct{ started, ended bool }

// maxSteps bounds the steps that are remembered of an exchange, and stepRoom is about
// what one takes besides its digest.
const (
	maxSteps = 4096
	stepRoom = 96
)

// of returns the step with a digest; nil if there are too many.
func (s *steps) of(digest string) *step {
	if k := s.known[digest]; k != nil {
		return k
	}
	if len(s.known) >= maxSteps || len(digest) > maxDigest || !s.share.take(len(digest)+stepRoom) {
		return nil
	}
	if s.known == nil {
		s.known = make(map[string]*step)
	}
	k := &step{number: len(s.known) + 1}
	s.known[strings.Clone(digest)] = k
	return k
}

// maxDigest is more than a digest has.
const maxDigest = 256

// label returns how a step is called: by its number, which is before what it says.
func (s *steps) label(digest string) string {
	if k := s.of(digest); k != nil {
		return strconv.Itoa(k.number)
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
	k := s.of(digest)
	if k == nil {
		return now
	}
	news = seen{now.started && !k.seen.started, now.ended && !k.seen.ended}
	k.seen = seen{k.seen.started || now.started, k.seen.ended || now.ended}
	return news
}
