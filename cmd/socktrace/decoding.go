package main

import (
	"github.com/socktrace/socktrace/decode"
	"github.com/socktrace/socktrace/internal/memory"
	"github.com/socktrace/socktrace/wire"
)

// decodeOptions says what decoders tell, for sinks that have these needs.
// maxBody bounds a JSON document or WebSocket message in memory. Connections inside
// of others are numbered among all.
func decodeOptions(n wire.Needs, maxBody int64, m *memory.Budget, numbers *wire.Numbers) decode.Options {
	return decode.Options{
		Needs:      n,
		MaxMessage: int(min(max(maxBody, 1), 1<<30)), // 0 would be the default
		Budget:     decode.BudgetOf(m),
		Terminals:  decode.NewTerminals(),
		Numbers:    numbers,
	}
}
