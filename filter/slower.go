package filter

import (
	"sync/atomic"
	"time"

	"github.com/socktrace/socktrace/wire"
)

// Slower returns the filter that shows what takes longer than some time. How long
// something lasted that waited says nothing of what is slow: that is left out, and
// counted.
func Slower(than time.Duration) *Filter { return of(&slower{than: than}) }

// Waited returns how many exchanges lasted longer than Slower wants, and were left out
// because they only waited.
func (f *Filter) Waited() (n int64) {
	for _, p := range f.parts {
		if s, ok := p.(*slower); ok {
			n += s.waited.Load()
		}
	}
	return n
}

type slower struct {
	than   time.Duration
	waited atomic.Int64 // exchanges that were left out
}

func (s *slower) needs() wire.Needs { return nothing }
func (s *slower) probe() probe      { return s }
func (s *slower) reset()            {}

func (s *slower) look(v *view) (wire.Verdict, error) {
	switch {
	case v.known&theEnd == 0:
		return wire.Undecided, nil
	case v.took(v.x.End) <= s.than:
		return wire.Hidden, nil
	case v.x.Waits():
		s.waited.Add(1)
		return wire.Hidden, nil
	}
	return wire.Shown, nil
}
