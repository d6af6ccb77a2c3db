package diff

import (
	"fmt"
	"unicode/utf8"

	"github.com/socktrace/socktrace/internal/plural"
	"github.com/socktrace/socktrace/internal/shortid"
)

// maxValue is how much of a value is told, in bytes; of those that are longer than longValue what
// is in front of a difference is left out.
const (
	maxValue  = 400
	longValue = 160
)

// legibles returns what is told of two values, or lines, that differ.
func legibles(a, b string, most int) (string, string) {
	if x, y := shortid.CutString(a, ""), shortid.CutString(b, ""); x != y {
		a, b = x, y
	}
	return excerpts(a, b, most)
}

// around is how much is told of what two long values have in common before they differ.
const around = 60

// excerpts returns what is told of two values that may be long.
func excerpts(a, b string, most int) (string, string) {
	if len(a) <= longValue && len(b) <= longValue {
		return a, b
	}
	same := 0
	for same < min(len(a), len(b)) && a[same] == b[same] {
		same++
	}
	begin := 0
	if same > 2*around {
		begin = same - around
	}
	return excerpt(a, begin, most), excerpt(b, begin, most)
}

// excerpt returns so many bytes of a value, from begin on or some before, since characters stay whole.
func excerpt(v string, begin, most int) string {
	before := ""
	if begin = min(begin, len(v)); begin > 0 {
		before = "…"
	}
	for begin > 0 && begin < len(v) && !utf8.RuneStart(v[begin]) {
		begin--
	}
	v = v[begin:]
	if len(v) <= most {
		return before + v
	}
	end := most
	for end > 0 && !utf8.RuneStart(v[end]) {
		end--
	}
	return fmt.Sprintf("%s%s… (%s more)", before, v[:end], plural.Of(int64(len(v)-end), "byte"))
}
