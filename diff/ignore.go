package diff

import (
	"path"
	"regexp"
	"slices"
	"strings"
)

// ignored are places in which exchanges may differ.
type ignored struct {
	patterns []string
	used     []bool
}

func newIgnored(patterns []string) *ignored {
	return &ignored{patterns, make([]bool, len(patterns))}
}

// index matches the index of an element, or its key.
var index = regexp.MustCompile(`\[[^]]*\]`)

// ignores reports whether a pattern of Options.Ignore means a place of an operation's exchanges.
func ignores(pattern, operation, place string) bool {
	if op, rest, ok := strings.Cut(pattern, ":"); ok {
		if !named(op, operation) {
			return false
		}
		pattern = rest
	}
	pattern, place = strings.ToLower(strings.TrimSpace(pattern)), strings.ToLower(place)
	for {
		if within(pattern, place) || within(pattern, index.ReplaceAllString(place, "")) {
			return true
		}
		_, after, ok := strings.Cut(place, " ")
		if !ok {
			return false
		}
		place = after
	}
}

// within reports whether place is what a pattern says, or in it.
func within(pattern, place string) bool {
	for end := len(place); end > 0; end = strings.LastIndexAny(place[:end], ".[ ") {
		if ok, err := path.Match(pattern, strings.ReplaceAll(place[:end], "/", " ")); ok && err == nil || pattern == place[:end] {
			return true
		}
	}
	return false
}

// without returns the changes that are not ignored.
func (g *ignored) without(operation string, all []Change) []Change {
	return slices.DeleteFunc(all, func(c Change) bool {
		is := false
		for i, p := range g.patterns {
			if ignores(p, operation, c.Place) {
				is, g.used[i] = true, true
			}
		}
		return is
	})
}

// whole reports whether exchanges of an operation are left out as a whole: by "ContainerAttach:*".
func (g *ignored) whole(operation string) (is bool) {
	for i, p := range g.patterns {
		if op, rest, ok := strings.Cut(p, ":"); ok && rest == "*" && named(op, operation) {
			is, g.used[i] = true, true
		}
	}
	return is
}

// named reports whether a pattern means an operation.
func named(pattern, operation string) bool {
	match, err := path.Match(strings.ToLower(pattern), strings.ToLower(operation))
	return err == nil && match
}

// unused returns the patterns that nothing has met.
func (g *ignored) unused() (all []string) {
	for i, p := range g.patterns {
		if !g.used[i] {
			all = append(all, p)
		}
	}
	return all
}
