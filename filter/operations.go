package filter

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"
	"unicode"

	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/internal/spelling"
	"github.com/socktrace/socktrace/wire"
)

// Operations returns the filter that shows the operations that one of some patterns
// names, such as "ContainerCreate" or "Image*", in whatever case. Those of gRPC are
// called "Control/Solve", in full "moby.buildkit.v1.Control/Solve", or "Solve". A name
// that nothing has is refused; calls returns the full names of methods of gRPC that are
// known, and is nil if there may be any.
func Operations(calls func() []string, patterns ...string) (*Filter, error) {
	var p asked
	for _, pattern := range patterns {
		lower := strings.ToLower(strings.TrimSpace(pattern))
		if err := knownOperation(calls, pattern, lower); err != nil {
			return nil, err
		}
		p = append(p, lower)
	}
	return of(p), nil
}

// matches reports whether name, in lower case, fits a pattern, in which a star stands
// for borders between words too.
func matches(pattern, name string) (bool, error) {
	const border = "\x1f"
	return path.Match(strings.ReplaceAll(pattern, "/", border), strings.ReplaceAll(name, "/", border))
}

// matchesCall reports whether a method of gRPC, in full and in lower case, fits a
// pattern: as it is, without the package of its service, or by its own name alone.
func matchesCall(pattern, full string) bool {
	service, method, call := strings.Cut(full, "/")
	if !call {
		return false
	}
	short := service[strings.LastIndexByte(service, '.')+1:] + "/" + method
	for _, name := range [...]string{full, short, method} {
		if is, _ := matches(pattern, name); is {
			return true
		}
	}
	return false
}

// knownOperation refuses a pattern that no operation has. Nobody knows all methods of
// gRPC: what has a slash may be one. What people call an operation of Docker is not
// taken for a method that has the same name.
func knownOperation(calls func() []string, pattern, lower string) error {
	if _, err := matches(lower, ""); err != nil {
		return fmt.Errorf("%q: not a pattern such as Container*", pattern)
	}
	if lower != "" && (strings.Contains(lower, "/") || calls == nil) {
		return nil
	}
	for _, name := range dockerapi.Names() {
		if is, _ := matches(lower, strings.ToLower(name)); is {
			return nil
		}
	}
	meant := meantOperation(lower, calls)
	if lower != "" && slices.ContainsFunc(calls(), func(full string) bool { return matchesCall(lower, strings.ToLower(full)) }) {
		if aliasOf(lower) == "" {
			return nil
		}
		meant += ", or */" + lower
	}
	return fmt.Errorf("%q: no operation is called so%s", pattern, didYouMean(meant))
}

// didYouMean returns the end of a message about a name of nothing: what was probably
// meant.
func didYouMean(meant string) string {
	if meant == "" {
		return ""
	}
	return ": did you mean " + meant + "?"
}

// meantOperation returns what was probably meant by a name, or a pattern, of no
// operation, in lower case; empty if nobody knows. calls may be nil: there are none.
func meantOperation(lower string, calls func() []string) string {
	meant := cmp.Or(aliasOf(lower), nearestOperation(lower, dockerapi.Names()))
	if meant != "" || lower == "" || calls == nil {
		return meant
	}
	var methods []string
	for _, full := range calls() {
		methods = append(methods, full[strings.LastIndexByte(full, '/')+1:])
	}
	return spelling.Nearest(lower, methods)
}

// nearestOperation returns the name that is most like a pattern, or the beginning of
// many names with a star; of a pattern that ends with one, what names begin with.
func nearestOperation(pattern string, all []string) string {
	stem, beginning := strings.CutSuffix(pattern, "*")
	if beginning {
		var begins []string
		for _, name := range all {
			begins = append(begins, name[:min(len(stem), len(name))])
		}
		return starred(spelling.Nearest(stem, begins))
	}
	name, group := spelling.Nearest(pattern, all), spelling.Nearest(pattern, objects(all))
	if name == "" || group != "" && spelling.Distance(pattern, strings.ToLower(group)) < spelling.Distance(pattern, strings.ToLower(name)) {
		return starred(group)
	}
	return name
}

// starred returns the pattern of what begins with a word, if there is one.
func starred(begins string) string {
	if begins == "" {
		return ""
	}
	return begins + "*"
}

// objects returns the first words of names: what operations do something with.
func objects(names []string) (all []string) {
	for _, name := range names {
		end := strings.IndexFunc(name[1:], unicode.IsUpper)
		if end > 0 {
			all = append(all, name[:end+1])
		}
	}
	return slices.Compact(all)
}

// asked are patterns of names of operations, in lower case.
type asked []string

func (p asked) needs() wire.Needs { return nothing }
func (p asked) probe() probe      { return p }
func (p asked) reset()            {}

func (p asked) look(v *view) (wire.Verdict, error) {
	if v.known&requestHead == 0 {
		return wire.Undecided, nil
	}
	q := v.request()
	name := strings.ToLower(q.Call.Operation)
	if name == "" {
		return wire.Hidden, nil
	}
	full := ""
	if strings.Contains(name, "/") {
		path, _, _ := strings.Cut(q.Target, "?")
		full = strings.ToLower(strings.TrimPrefix(path, "/"))
		full = cmp.Or(full, name)
	}
	for _, pattern := range p {
		if is, _ := matches(pattern, name); is || matchesCall(pattern, full) {
			return wire.Shown, nil
		}
	}
	return wire.Hidden, nil
}
