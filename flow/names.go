package flow

import (
	"slices"
	"unsafe"
)

// maxNames bounds the names of masked parts that are listed of an exchange: a
// peer can make up field names without end.
const maxNames = 512

// nameRoom returns how much memory a list of names needs, in bytes.
func nameRoom(names []string) int {
	n := int(unsafe.Sizeof("")) * len(names)
	for _, name := range names {
		n += len(name)
	}
	return n
}

// withNames returns the sorted union of two lists, of which the first is sorted.
// It never changes the first, which snapshots may share.
func withNames(sorted, more []string) []string {
	owned := false
	for _, name := range more {
		i, known := slices.BinarySearch(sorted, name)
		if known || len(sorted) >= maxNames {
			continue
		}
		if !owned {
			sorted, owned = slices.Clip(slices.Clone(sorted)), true
		}
		sorted = slices.Insert(sorted, i, name)
	}
	return sorted
}
