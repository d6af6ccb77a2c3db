package filter

import (
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/dockerapi"
)

// TestAliases: what is meant by another name is an operation, and the other name is
// none.
func TestAliases(t *testing.T) {
	names := dockerapi.Names()
	for word, a := range aliases {
		if !slices.ContainsFunc(names, func(name string) bool { is, err := path.Match(a.operation, name); return is && err == nil }) {
			t.Errorf("%s: %s is no operation", word, a.operation)
		}
		if slices.ContainsFunc(names, func(name string) bool { return strings.EqualFold(name, word) }) {
			t.Errorf("%s is an operation", word)
		}
		if word != strings.ToLower(word) {
			t.Errorf("%s is never found", word)
		}
	}
}
