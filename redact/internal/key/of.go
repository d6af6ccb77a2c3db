package key

import (
	"math/bits"

	"github.com/socktrace/socktrace/internal/scan"
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
	return k.learn(called)
}

// At is Of for the key that begins at text[from], and returns where its quote is; 0 if
// there is none, or if there is an escape before it: then it says nothing.
func (k *Known) At(text []byte, from int) (said Key, end int) {
	if from+8 > len(text) {
		return k.from(text, from, from)
	}
	word := scan.Load(text[from : from+8])
	found := scan.Quotes(word)
	if found == 0 {
		return k.from(text, from, from+8)
	}
	size := bits.TrailingZeros64(found) / 8
	if end = from + size; text[end] != '"' {
		return 0, 0
	}
	made, ok := k.asked.OfShort(word, size)
	if !ok {
		return k.learn(text[from:end]), end
	}
	return Key(made), end
}

// from is At for a key whose quote is not before text[i].
func (k *Known) from(text []byte, from, i int) (said Key, end int) {
	if end = scan.Quote(text, i); end >= len(text) || text[end] != '"' {
		return 0, 0
	}
	return k.Of(text[from:end]), end
}

// learn is Of for what was not asked before.
func (k *Known) learn(called []byte) Key {
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
