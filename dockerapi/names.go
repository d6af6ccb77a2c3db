package dockerapi

import (
	"maps"
	"slices"
)

// Names returns the names of all operations, sorted.
func Names() []string { return slices.Sorted(maps.Keys(byName)) }
