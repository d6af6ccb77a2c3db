package risk

import (
	"iter"
	"strings"

	"github.com/socktrace/socktrace/dockerapi"
)

// parameters goes through the parameters of a query: their names folded, since case does not
// matter to Podman, their values; of several of one name each.
func parameters(query string) iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		for pair := range strings.FieldsFuncSeq(query, func(r rune) bool { return r == '&' || r == ';' }) {
			name, value, _ := strings.Cut(pair, "=")
			if !yield(fold(dockerapi.Unescaped(name)), dockerapi.Unescaped(value)) {
				return
			}
		}
	}
}
