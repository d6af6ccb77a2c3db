package main

import (
	"fmt"

	"github.com/socktrace/socktrace/flow"
	"github.com/socktrace/socktrace/wire"
)

// settled is a tap that tells when all events of what it has shown have come.
type settled struct {
	wire.Tap
	settle func()
}

// TLS passes on what was agreed on.
func (s *settled) TLS(ev *wire.TLS) {
	if next, ok := s.Tap.(wire.TLSTap); ok {
		next.TLS(ev)
	}
}

// Chunk passes bytes on.
func (s *settled) Chunk(c wire.Chunk) {
	s.Tap.Chunk(c)
	s.settle()
}

// Passes returns how many bytes need not be shown.
func (s *settled) Passes(d wire.Dir) int64 { return wire.Passes(s.Tap, d) }

// refusal returns what says why nothing more of a connection is relayed; nil if nothing
// ever does.
func (t *trace) refusal() func(*wire.Conn) error {
	for _, one := range t.recorders.all {
		if one.refuse == nil {
			continue
		}
		return func(c *wire.Conn) error {
			for _, name := range []string{one.name, flow.Masking} {
				if _, is := t.ruined.Load(name); is {
					return fmt.Errorf("%s has failed", name)
				}
			}
			return one.refuse(c)
		}
	}
	return nil
}
