package diff

import (
	"crypto/sha256"
	"fmt"
	"slices"
)

// fold makes one item of those that tell the same: the same changes of one operation, the same
// request that is missing, extra or in another place several times.
func (r *Result) fold() {
	first := make(map[[sha256.Size]byte]int)
	folded := r.Items[:0]
	for i := range r.Items {
		item := &r.Items[i]
		tale := item.tale()
		if at, ok := first[tale]; ok {
			folded[at].Also = append(folded[at].Also, Twin{item.A, item.B})
			continue
		}
		first[tale] = len(folded)
		folded = append(folded, *item)
	}
	r.Items = slices.Clip(folded)
}

// tale returns what is the same for items that tell the same.
func (i *Item) tale() (sum [sha256.Size]byte) {
	h := sha256.New()
	operation, title := i.Title()
	fmt.Fprintf(h, "%d %d %q\n", i.Kind, i.More, operation)
	if i.Kind != Changed {
		fmt.Fprintf(h, "%q\n", title)
	}
	for k := range i.Changes {
		c := &i.Changes[k]
		fmt.Fprintf(h, "%q %q %t %q %t %t %q\n", c.Place, c.A, c.HasA, c.B, c.HasB, c.Note, c.Lines)
	}
	return [sha256.Size]byte(h.Sum(sum[:0]))
}
