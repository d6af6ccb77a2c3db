package dockerapi

import (
	"slices"
	"testing"
)

// TestGone: what is gone is of operations that answer with documents, once, and the oldest
// is first.
func TestGone(t *testing.T) {
	newest := engines[len(engines)-1].Max
	for name, list := range gone {
		op := Named(name)
		if op == nil || op.Response != JSON && op.Response != JSONStream || len(op.Gone()) != len(list) {
			t.Errorf("%s has no documents to lack anything", name)
		}
		var all []string
		for i, g := range list {
			if i > 0 && g.Until.Compare(list[i-1].Until) <= 0 || g.Until.Compare(newest) >= 0 || len(g.Fields) == 0 {
				t.Errorf("%s: %+v is not in order", name, g)
			}
			all = append(all, g.Fields...)
		}
		if n := len(all); n != len(slices.Compact(slices.Sorted(slices.Values(all)))) {
			t.Errorf("%s: a field is gone twice: %q", name, all)
		}
	}
	if (*Operation)(nil).Gone() != nil || Named("ContainerList").Gone() != nil {
		t.Error("something is gone of what has nothing")
	}
}
