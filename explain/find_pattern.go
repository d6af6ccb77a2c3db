package explain

import (
	"slices"
	"strings"
)

// patterned returns the operations whose names, or paths, fit patterns: * is any letters, ? is
// one. Methods of gRPC are known by the name alone, too.
func patterned(text string) []*Entry {
	patterns := strings.Fields(strings.ToLower(text))
	if !isPattern(text) {
		return nil
	}
	return those(func(e *Entry) bool {
		names := namesOf(e)
		return !slices.ContainsFunc(patterns, func(pattern string) bool {
			return !slices.ContainsFunc(names, func(name string) bool { return fits(pattern, name) })
		})
	})
}

// isPattern reports whether words are patterns. What is behind a ? in a path is a query, and
// behind several words it ends a question.
func isPattern(text string) bool {
	return strings.Contains(text, "*") || strings.Contains(text, "?") && !strings.Contains(text, "/") && len(strings.Fields(text)) == 1
}

// namesOf returns what patterns may fit, in lower case.
func namesOf(e *Entry) []string {
	names := []string{e.Name}
	if _, method, ok := strings.Cut(e.Name, "/"); ok {
		names = append(names, method)
	}
	for _, r := range e.Requests {
		names = append(names, r.Path, r.Path[min(1, len(r.Path)):], r.Method)
	}
	for i, name := range names {
		names[i] = strings.ToLower(name)
	}
	return names
}

// fits reports whether a pattern fits all of text.
func fits(pattern, text string) bool {
	star, mark := -1, 0 // where the last * is, and what it takes up to
	i, j := 0, 0
	for j < len(text) {
		switch {
		case i < len(pattern) && pattern[i] == '*':
			star, mark = i, j
			i++
		case i < len(pattern) && (pattern[i] == '?' || pattern[i] == text[j]):
			i++
			j++
		case star >= 0:
			mark++
			i, j = star+1, mark
		default:
			return false
		}
	}
	return strings.Trim(pattern[i:], "*") == ""
}
