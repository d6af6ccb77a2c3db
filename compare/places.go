package compare

import (
	"path"
	"regexp"
	"slices"
	"strings"
)

// Places are patterns of places in which exchanges may differ. A pattern is a place as a Difference
// has it, or the part behind its first words: "HostConfig.Memory" for "body HostConfig.Memory",
// "User-Agent" for "request header User-Agent"; what is inside of a field is meant with it. It may
// have * for any characters, and begin with an operation and a colon. One goroutine at a time
// uses it.
type Places struct {
	patterns []string
	used     []bool
}

// NewPlaces returns the places that patterns mean.
func NewPlaces(patterns []string) *Places {
	return &Places{patterns, make([]bool, len(patterns))}
}

// index matches the index of an element, or its key.
var index = regexp.MustCompile(`\[[^]]*\]`)

// ignores reports whether a pattern means a place of an operation's exchanges.
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

// Have reports whether a place of an operation's exchanges is one of p.
func (p *Places) Have(operation, place string) (is bool) {
	for i, pattern := range p.patterns {
		if ignores(pattern, operation, place) {
			is, p.used[i] = true, true
		}
	}
	return is
}

// MayHave reports whether a place, or the element of an array there, can be one of p.
func (p *Places) MayHave(operation, place string) bool {
	return p.Have(operation, place) || slices.ContainsFunc(p.patterns, func(pattern string) bool { return strings.ContainsAny(pattern, `[*?\`) })
}

// HaveAll reports whether all of an operation's exchanges is: by "ContainerAttach:*".
func (p *Places) HaveAll(operation string) (is bool) {
	for i, pattern := range p.patterns {
		if op, rest, ok := strings.Cut(pattern, ":"); ok && rest == "*" && named(op, operation) {
			is, p.used[i] = true, true
		}
	}
	return is
}

// named reports whether a pattern means an operation.
func named(pattern, operation string) bool {
	match, err := path.Match(strings.ToLower(pattern), strings.ToLower(operation))
	return err == nil && match
}

// Unused returns the patterns that nothing has met.
func (p *Places) Unused() (all []string) {
	for i, pattern := range p.patterns {
		if !p.used[i] {
			all = append(all, pattern)
		}
	}
	return all
}
