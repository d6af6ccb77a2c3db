package key

import (
	"github.com/socktrace/socktrace/redact/internal/chars"
	"github.com/socktrace/socktrace/redact/internal/name"
)

// maxStripped is by how much a key may be longer than what name.Fold makes of
// it, to be known.
const maxStripped = 3

// keySizes tells most keys apart from those of keys: by their first and last
// letters, of which five bits count, so that case does not, it says how long
// such keys are, as a set of bits.
var keySizes = func() (t [32][32]uint64) {
	for k := range keys {
		for n := range maxStripped + 1 {
			t[k[0]&31][k[len(k)-1]&31] |= 1 << (len(k) + n)
		}
	}
	return t
}()

// knownKey is one of keys.
type knownKey struct {
	text string
	key  Key
}

// keysBy has the keys by their first letters, of which five bits count.
var keysBy = func() (t [32][]knownKey) {
	for text, k := range keys {
		t[text[0]&31] = append(t[text[0]&31], knownKey{text, k})
	}
	return t
}()

// Of returns what the JSON key called says. What the user gave tells of secrets
// of all kinds.
func Of(given name.Given, called []byte) Key {
	n := len(called)
	if n == 0 || n >= name.Max {
		return 0
	}
	if !given.Any() {
		first, last := called[0], called[n-1]
		if keySizes[first&31][last&31]>>n&1 == 0 && chars.Alnum[first] && chars.Alnum[last] {
			return 0
		}
		if chars.Alnum.Run(called) == n { // there is nothing to fold but case
			for _, k := range keysBy[first&31] {
				if len(k.text) == n && chars.HasFoldAt(called, 0, k.text) {
					return k.key
				}
			}
			return 0
		}
	}
	var buf [name.Max]byte
	folded, _ := name.Fold(&buf, called)
	if given.HasFolded(folded) {
		return Secret | Deep | Number
	}
	return keys[string(folded)]
}
