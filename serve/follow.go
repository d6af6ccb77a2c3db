package serve

import (
	"context"
	"strings"
	"time"
)

// awaitBuild has who follows a build wait until that is asked for, as long as can be expected to help: what
// it asks for is found by which build that is.
func (s *state) awaitBuild(ctx context.Context, l *live) {
	if !l.call || !strings.HasSuffix(l.request.Target, following) || !s.solves {
		return
	}
	ref := namesIn(l.request.Body).Ref
	it := s.builds.of(ref)
	late := time.NewTimer(overdue)
	defer late.Stop()
	select {
	case <-it.bound:
		return
	case <-ctx.Done():
	case <-late.C:
	}
	s.builds.forget(ref)
}

// begun notes what l, which e answers, names.
func (s *state) begun(l *live, e *exchange) {
	if e.session != nil {
		s.seats.bind(sessionIn(l.op, &l.request), e.session)
	}
	if l.call && strings.HasSuffix(l.request.Target, solving) {
		s.builds.bind(namesIn(l.request.Body).Ref, e)
	}
}
