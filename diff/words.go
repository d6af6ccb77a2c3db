package diff

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/socktrace/socktrace/internal/jsontext"
	"github.com/socktrace/socktrace/internal/plural"
	"github.com/socktrace/socktrace/internal/shortid"
)

// none stands for a value that is not there.
const none = "(none)"

// Values returns the two values of a change as people write them: strings without quotes,
// memory in the units of the docker CLI, ids in short, and of long ones what is around where they
// begin to differ.
func (c *Change) Values() (a, b string) {
	return legibles(value(c.Place, c.A, c.HasA), value(c.Place, c.B, c.HasB), maxValue)
}

// Told returns the place as people read it, with ids in short.
func (c *Change) Told() string { return shortid.CutString(c.Place, "") }

// value returns one of them, in full.
func value(place, v string, has bool) string {
	if !has {
		return none
	}
	if v == "" {
		return `""`
	}
	if isDocument(place) {
		if s, ok := jsontext.Unquote([]byte(v)); ok && len(s) > 0 && string(s) != none {
			return string(s)
		}
		if isMemory(place) {
			return memory(v)
		}
	}
	return v
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

// maxWhere is how many exchanges an item names.
const maxWhere = 6

// Where says which exchanges of both sessions an item is about: "#3 ↔ #4, #7 ↔ #9".
func (i *Item) Where() string {
	all := Twin{i.A, i.B}.where()
	for k, t := range i.Also {
		if k == maxWhere-1 {
			return fmt.Sprintf("%s and %d more", all, len(i.Also)-k)
		}
		all += ", " + t.where()
	}
	return all
}

// where says it of two, or one.
func (t Twin) where() string {
	switch {
	case t.A == nil:
		return fmt.Sprintf("#%d", t.B.Number)
	case t.B == nil:
		return fmt.Sprintf("#%d", t.A.Number)
	}
	return fmt.Sprintf("#%d ↔ #%d", t.A.Number, t.B.Number)
}

// Rest says how many changes are not told one by one; empty if all are.
func (i *Item) Rest() string {
	if i.More == 0 {
		return ""
	}
	return fmt.Sprintf("and %s more", plural.Of(int64(i.More), "difference"))
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

// Shared says which exchanges have in common what is told once: "all exchanges".
func (r *Result) Shared() string {
	for i := range r.Common {
		if r.Common[i].Exchanges < r.Pairs {
			return "many exchanges"
		}
	}
	return "all exchanges"
}

// Summary is the result in a line: "2 exchanges differ, 1 is only in a.har; 12 are the same".
func (r *Result) Summary() string {
	var parts []string
	add := func(n int, one, many string) {
		if n == 0 {
			return
		}
		if len(parts) == 0 {
			one, many = "exchange "+one, "exchanges "+many
		}
		if n != 1 {
			one = many
		}
		parts = append(parts, fmt.Sprintf("%d %s", n, one))
	}
	add(r.Count(Changed), "differs", "differ")
	add(r.Count(Moved), "has moved", "have moved")
	add(r.Count(Missing), "is only in "+r.A.Name, "are only in "+r.A.Name)
	add(r.Count(Extra), "is only in "+r.B.Name, "are only in "+r.B.Name)
	switch {
	case len(parts) > 0:
		return strings.Join(parts, ", ") + "; " + r.rest()
	case len(r.Common) > 0:
		return "they differ only in what is told of " + r.Shared()
	case len(r.A.Exchanges) == 0 && len(r.B.Exchanges) == 0:
		return "no difference: neither has any exchange"
	case len(r.Skipped) > 0:
		return "no difference: " + r.rest()
	}
	return "no difference: " + plural.Of(int64(r.Same), "exchange")
}

// rest says how many exchanges do not differ: "12 are the same, 1 not compared besides".
func (r *Result) rest() string {
	same := fmt.Sprintf("%d are the same", r.Same)
	switch r.Same {
	case 0:
		same = "none is the same"
	case 1:
		same = "1 is the same"
	}
	if n := len(r.Skipped); n > 0 {
		same += fmt.Sprintf(", %d not compared", n)
	}
	if len(r.Common) > 0 {
		same += " besides"
	}
	return same
}

// Incomplete says what was not compared, since there was no room for it; empty if all was.
func (r *Result) Incomplete() string {
	n := r.A.Left + r.B.Left
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("not compared, for want of memory: %s", plural.Of(n, "exchange"))
}
