package dockerapi

import (
	"maps"
	"slices"
)

// Names returns the names of all operations, sorted.
func Names() []string { return slices.Sorted(maps.Keys(byName)) }

// IsPing reports whether an operation, by its name, asks what a daemon is: clients begin with it.
func IsPing(name string) bool { return name == "SystemPing" || name == "SystemPingHead" }

// Operations returns all operations: Docker's, then Podman's own. Some are there by
// several paths, with one name. Nobody changes them.
func Operations() (all []*Operation) {
	for _, table := range [][]Operation{operations, libpod} {
		for i := range table {
			all = append(all, &table[i])
		}
	}
	return all
}

// byName are the operations by their names; of several with one name, the first.
var byName = func() map[string]*Operation {
	m := make(map[string]*Operation, len(operations)+len(libpod))
	for _, table := range [...][]Operation{operations, libpod} {
		for i := range table {
			if op := &table[i]; m[op.Name] == nil {
				m[op.Name] = op
			}
		}
	}
	return m
}()

// Named returns the operation of this name; nil if there is none.
func Named(name string) *Operation { return byName[name] }
