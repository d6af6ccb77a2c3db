package scan

import "bytes"

// Phrase is a text that is looked for in many others, most of which do not have it. Only
// some bytes of those are looked at: four in a row, as often as no phrase fits between.
// It is never changed, and safe for concurrent use.
type Phrase struct {
	text  []byte
	fours [1 << fourBits]bool // by hash: four bytes in a row of the phrase
}

const fourBits = 12

// NewPhrase returns a phrase, which has at least four bytes.
func NewPhrase(text string) *Phrase {
	p := &Phrase{text: []byte(text)}
	for i := range len(text) - 3 {
		p.fours[hash4(Load4(text[i:]))] = true
	}
	return p
}

// hash4 returns where four bytes are in fours.
func hash4(four uint32) uint32 { return four * 0x9e3779b1 >> (32 - fourBits) }

// In says whether the phrase is in b.
func (p *Phrase) In(b []byte) bool {
	n := len(p.text)
	for i := n - 4; i+4 <= len(b); i += n - 3 {
		if p.fours[hash4(Load4(b[i:i+4]))] && bytes.Contains(b[i+4-n:min(i+n, len(b))], p.text) {
			return true
		}
	}
	return false
}
