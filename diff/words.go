package diff

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/socktrace/socktrace/internal/jsontext"
	"github.com/socktrace/socktrace/internal/plural"
)

// maxValue is how much of a value is told, in bytes.
const maxValue = 400

// None stands for a value that is not there.
const None = "none"

// Values returns the two values of a change as people write them: strings without quotes,
// memory in the units of the docker CLI, and not more than fits into a few lines.
func (c *Change) Values() (a, b string) {
	return value(c.Place, c.A, c.HasA), value(c.Place, c.B, c.HasB)
}

// value returns one of them.
func value(place, v string, has bool) string {
	if !has {
		return None
	}
	if v == "" {
		return `""`
	}
	if isDocument(place) {
		if s, ok := jsontext.Unquote([]byte(v)); ok && len(s) > 0 && string(s) != None {
			v = string(s)
		} else if isMemory(place) {
			v = memory(v)
		}
	}
	if len(v) <= maxValue {
		return v
	}
	end := maxValue
	for !utf8.RuneStart(v[end]) {
		end--
	}
	return fmt.Sprintf("%s… (%s more)", v[:end], plural.Of(int64(len(v)-end), "byte"))
}

// isDocument reports whether values at a place are JSON.
func isDocument(place string) bool {
	return strings.HasPrefix(place, "body ") || strings.HasPrefix(place, "answer ") && !strings.HasPrefix(place, "answer header ")
}

// isMemory reports whether a field is a size of memory.
func isMemory(place string) bool {
	name := strings.ToLower(place[strings.LastIndexAny(place, ". ")+1:])
	return strings.HasPrefix(name, "memory") && name != "memoryswappiness" || name == "shmsize" || name == "kernelmemory"
}

// memory returns a number of bytes in the unit that divides it.
func memory(v string) string {
	n, err := strconv.ParseInt(v, 10, 64)
	if err != nil || n <= 0 {
		return v
	}
	for _, u := range []struct {
		size int64
		name string
	}{{1 << 30, "g"}, {1 << 20, "m"}, {1 << 10, "k"}} {
		if n%u.size == 0 {
			return strconv.FormatInt(n/u.size, 10) + u.name
		}
	}
	return v
}

// Where says which exchanges of both sessions an item is about: "#3 ↔ #4".
func (i *Item) Where() string {
	switch {
	case i.A == nil:
		return fmt.Sprintf("#%d", i.B.Number)
	case i.B == nil:
		return fmt.Sprintf("#%d", i.A.Number)
	}
	return fmt.Sprintf("#%d ↔ #%d", i.A.Number, i.B.Number)
}

// Title returns what the item is about: the exchange of A, or that of B if A has none.
func (i *Item) Title() (operation, line string) {
	x := i.A
	if x == nil {
		x = i.B
	}
	if operation = x.Request.Call.Operation; operation == "" {
		operation = "request"
	}
	return operation, x.Title()
}

// Says says what became of the exchange: "only in a.har".
func (r *Result) Says(i *Item) string {
	switch i.Kind {
	case Missing:
		return "only in " + r.A.Name
	case Extra:
		return "only in " + r.B.Name
	case Moved:
		return "moved"
	}
	return ""
}

// Summary is the result in a line: "2 exchanges differ, 1 is only in a.har; 12 are the same".
func (r *Result) Summary() string {
	var parts []string
	add := func(n int, one, many string) {
		switch {
		case n == 1:
			parts = append(parts, "1 exchange "+one)
		case n > 1:
			parts = append(parts, fmt.Sprintf("%d exchanges %s", n, many))
		}
	}
	add(r.Count(Changed), "differs", "differ")
	add(r.Count(Moved), "has moved", "have moved")
	add(r.Count(Missing), "is only in "+r.A.Name, "are only in "+r.A.Name)
	add(r.Count(Extra), "is only in "+r.B.Name, "are only in "+r.B.Name)
	same := fmt.Sprintf("%d are the same", r.Same)
	if r.Same == 1 {
		same = "1 is the same"
	}
	switch {
	case len(parts) > 0:
		return strings.Join(parts, ", ") + "; " + same
	case len(r.Common) > 0:
		return "they differ only in what is told above of all; " + same
	case len(r.A.Exchanges) == 0 && len(r.B.Exchanges) == 0:
		return "no difference: neither has any exchange"
	}
	return "no difference: " + plural.Of(int64(r.Same), "exchange")
}

// Incomplete says what was not compared, since there was no room for it; empty if all was.
func (r *Result) Incomplete() string {
	n := r.A.Left + r.B.Left
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("not compared, for want of memory: what %s tell", plural.Of(n, "event"))
}
