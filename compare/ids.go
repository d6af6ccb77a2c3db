package compare

import "iter"

// IDs yields what stands for something in a text, as Text sees it: ids, digests and UUIDs.
// Of digests and other ids in hexadecimal digits that is all of them.
func IDs(text string) iter.Seq[string] {
	return func(yield func(string) bool) {
		if !hasID(text) {
			return
		}
		for p := range pieces(text, nil) {
			if p.kind == pieceID && !yield(p.text) {
				return
			}
		}
	}
}
