package serve

import (
	"strconv"
	"strings"

	"github.com/socktrace/socktrace/internal/escape"
)

// How much is shown of text of others.
const (
	maxQuoted = 60  // bytes of a value
	maxLine   = 120 // bytes of a request line
)

// value returns a value as it is quoted.
func value(v string) string {
	if strings.HasPrefix(v, `"`) {
		return quoted(v)
	}
	return strconv.Quote(quoted(v))
}

// quoted returns text of others, shortened, in a line that is safe to be shown.
func quoted(s string) string { return shorten(escape.Line(s), maxQuoted) }

// line returns a request line in the same way.
func line(method, target string) string { return shorten(escape.Line(method+" "+target), maxLine) }

func shorten(s string, most int) string {
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}
