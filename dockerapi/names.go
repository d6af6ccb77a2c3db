package dockerapi

import "slices"

// Names returns the names of all operations, sorted.
func Names() []string {
	names := []string{index.options.Name, index.grpc.Name}
	for i := range operations {
		names = append(names, operations[i].Name)
	}
	slices.Sort(names)
	return slices.Compact(names)
}
