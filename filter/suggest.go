package filter

import (
	"slices"
	"strings"

	"github.com/expr-lang/expr/builtin"
)

// names are those that may be meant by one that is not known, in one piece: of fields,
// of groups of them, and of functions. members are what groups have.
var names, members = func() (all, members []string) {
	for _, f := range fields {
		name, member, ok := strings.Cut(f.name, ".")
		if !slices.Contains(all, name) {
			all = append(all, name)
		}
		if ok {
			members = append(members, member)
		}
	}
	return append(all, slices.DeleteFunc(slices.Clone(builtin.Names), func(name string) bool { return name == clock })...), members
}()

// clock is a function that is not there: what is shown must not depend on when one
// looks.
const clock = "now"

// membersOf returns what a group has.
func membersOf(group string) (all []string) {
	for _, f := range fields {
		if member, ok := strings.CutPrefix(f.name, group+"."); ok {
			all = append(all, member)
		}
	}
	return all
}

// endingIn returns the fields of groups that have the name there.
func endingIn(name string) (all []string) {
	for _, f := range fields {
		if strings.HasSuffix(f.name, "."+name) {
			all = append(all, f.name)
		}
	}
	return all
}

// Names returns the names of all fields, in the order in which docs/filter.md has
// them.
func Names() (all []string) {
	for _, f := range fields {
		all = append(all, f.name)
	}
	return all
}
