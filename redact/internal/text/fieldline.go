package text

import (
	"strings"

	"github.com/socktrace/socktrace/redact/internal/field"
	"github.com/socktrace/socktrace/redact/internal/mask"
	"github.com/socktrace/socktrace/redact/internal/words"
)

// fieldLine adds text[from:to], the whole value of the field that is called so,
// but for the scheme it may begin with.
func fieldLine(r *Rules, found mask.Spans, text []byte, from, to int, called string, m words.Meaning, label string) mask.Spans {
	value, low := string(text[from:to]), strings.ToLower(called)
	if field.HasRegistryAuth(low) && field.IsNoAuth(value) || m.Excuses(text[from:to]) {
		return found
	}
	if _, credentials, ok := field.Credentials(low, value); ok {
		from = to - len(credentials)
	}
	return found.Whole(r.Marks, text, from, to, label)
}
