package mask

import "slices"

// MaxNames bounds the different names of what is masked that are remembered of
// a text, of an exchange, and of all: a peer can make up field names without
// end.
const MaxNames = 256

// Union returns a new slice with the names of a and b, each once.
func Union(a, b []string) []string {
	out := make([]string, 0, len(a)+len(b))
	for _, names := range [][]string{a, b} {
		for _, name := range names {
			if len(out) < 2*MaxNames && !slices.Contains(out, name) {
				out = append(out, name)
			}
		}
	}
	return out
}
