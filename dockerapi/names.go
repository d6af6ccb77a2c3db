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

// byName are the operations by their names; of several with one name, the first, and
// manyPaths has the name.
var byName, manyPaths = func() (named map[string]*Operation, many map[string]bool) {
	named, many = make(map[string]*Operation, len(operations)+len(libpod)), make(map[string]bool)
	for _, table := range [...][]Operation{operations, libpod} {
		for i := range table {
			op := &table[i]
			if named[op.Name] != nil {
				many[op.Name] = true
				continue
			}
			named[op.Name] = op
		}
	}
	return named, many
}()

// Named returns the operation of this name; nil if there is none.
func Named(name string) *Operation { return byName[name] }

// Route returns the operation of this name, nil if there is none; of several, which have
// paths of their own, the one that the request is for, or else the first.
func Route(name, method, target string) *Operation {
	if manyPaths[name] {
		if call, ok := Match(method, target); ok && call.Op.Name == name {
			return call.Op
		}
	}
	return Named(name)
}
