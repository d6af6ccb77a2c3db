package main

import (
	"github.com/socktrace/socktrace/decode"
	"github.com/socktrace/socktrace/internal/memory"
	"github.com/socktrace/socktrace/wire"
)

// decodeOptions says what decoders tell, for sinks that have these needs.
// maxBody bounds a JSON document or WebSocket message in memory; 0 keeps nothing of
// any. Connections inside of others are numbered among all.
func decodeOptions(n wire.Needs, maxBody int64, m *memory.Budget, numbers wire.Numbering) decode.Options {
	if maxBody == 0 {
		n.Messages = false // but their sizes
	}
	return decode.Options{
		Needs:      n,
		MaxMessage: int(min(max(maxBody, 1), 1<<30)), // 0 would be the default
		Budget:     decode.BudgetOf(m),
		Terminals:  decode.NewTerminals(),
		Numbers:    numbers,
	}
}

// sizesOnly returns what passes events of a recording to next without what is in
// bodies and streams, as decoders tell them for a maxBody of 0.
func sizesOnly(next func(wire.Event)) func(wire.Event) {
	return func(ev wire.Event) {
		switch e := ev.(type) {
		case *wire.Message:
			m := *e
			m.Truncated = m.Truncated || len(m.Data) > 0
			m.Data = nil
			ev = &m
		case *wire.Body:
			ev = emptied(e)
		case *wire.End:
			end := *e
			for i, b := range end.Bodies {
				end.Bodies[i] = emptied(b)
			}
			ev = &end
		}
		next(ev)
	}
}

// emptied returns b without what is in it; nil if b is nil.
func emptied(b *wire.Body) *wire.Body {
	if b == nil {
		return nil
	}
	c := *b
	c.Truncated = c.Truncated || len(c.Data) > 0
	c.Data = nil
	return &c
}
