package key

import (
	"github.com/socktrace/socktrace/redact/internal/memo"
	"github.com/socktrace/socktrace/redact/internal/name"
	"github.com/socktrace/socktrace/redact/internal/words"
)

// Known are what keys say. It is safe for concurrent use.
type Known struct {
	given name.Given
	asked memo.Memo
}

// New returns what keys say where the user gave these names: they tell of secrets of
// all kinds.
func New(given name.Given) *Known { return &Known{given: given} }

// Of returns what the key called says.
func (k *Known) Of(called []byte) Key {
	if made, ok := k.asked.Of(called); ok {
		return Key(made)
	}
	key := of(k.given, called)
	k.asked.Put(called, uint32(key))
	return key
}

// of returns what the key called says.
func of(given name.Given, called []byte) Key {
	if given.Has(called) {
		return Secret | Deep | Number
	}
	var buf [name.Max]byte
	if folded, ok := name.Fold(&buf, called); ok {
		if key, ok := keys[string(folded)]; ok {
			return key
		}
	}
	if m := words.Of(called); m&words.Weak == 0 {
		return Key(m)
	}
	return 0
}
