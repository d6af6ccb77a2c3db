package risk

import (
	"bytes"
	"iter"
	"strings"

	"github.com/socktrace/socktrace/internal/jsontext"
)

// members goes through the members of an object: their names folded, their values.
func members(doc []byte) iter.Seq2[string, []byte] {
	return func(yield func(string, []byte) bool) {
		for name, value := range jsontext.Members(doc) {
			s, _ := jsontext.Unquote(name)
			if !yield(fold(string(s)), value) {
				return
			}
		}
	}
}

// fold returns a name as names of members are compared: encoding/json takes letters
// that fold to each other for the same, be they of ASCII or not.
func fold(name string) string {
	for i := 0; i < len(name); i++ {
		if name[i] >= 0x80 {
			return strings.ToLower(strings.ToUpper(name))
		}
	}
	return strings.ToLower(name)
}

// words returns what a value says in strings: itself, or the elements of a list, of
// which each may be one again.
func words(value []byte) (all []string) {
	if s, ok := jsontext.Unquote(value); ok {
		return []string{string(s)}
	}
	for element := range jsontext.Elements(value) {
		if s, ok := jsontext.Unquote(element); ok {
			all = append(all, string(s))
		}
	}
	return all
}

// text returns the string that a value is; empty if it is none.
func text(value []byte) string {
	s, _ := jsontext.Unquote(value)
	return string(s)
}

// isTrue reports whether a value is true. (A string is refused, or masked.)
func isTrue(value []byte) bool { return string(value) == "true" }

// isEmpty reports whether a list or an object has nothing in it, or is none.
func isEmpty(value []byte) bool {
	if len(value) == 0 || value[0] != '[' && value[0] != '{' {
		return true
	}
	return len(bytes.TrimSpace(value[1:max(len(value)-1, 1)])) == 0
}
