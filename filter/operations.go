package filter

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"
	"unicode"

	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/wire"
)

// Operations returns the filter that shows the operations that one of some patterns
// names, such as "ContainerCreate" or "Image*", in whatever case.
func Operations(patterns ...string) (*Filter, error) {
	var p asked
	for _, pattern := range patterns {
		lower := strings.ToLower(strings.TrimSpace(pattern))
		if err := knownOperation(pattern, lower); err != nil {
			return nil, err
		}
		p = append(p, lower)
	}
	return of(p), nil
}

// isCall reports whether a name, or a pattern, is that of a call of gRPC: service and
// method. Nobody knows all of those.
func isCall(name string) bool { return strings.Contains(name, "/") }

// matches reports whether name, in lower case, fits a pattern, in which a star stands
// for borders between words too.
func matches(pattern, name string) (bool, error) {
	const border = "\x1f"
	return path.Match(strings.ReplaceAll(pattern, "/", border), strings.ReplaceAll(name, "/", border))
}

// knownOperation refuses a pattern that no operation has.
func knownOperation(pattern, lower string) error {
	if _, err := matches(lower, ""); err == nil && isCall(lower) {
		return nil
	}
	all := dockerapi.Names()
	for _, name := range all {
		is, err := path.Match(lower, strings.ToLower(name))
		if err != nil {
			return fmt.Errorf("%q: not a pattern such as Container*", pattern)
		}
		if is {
			return nil
		}
	}
	return fmt.Errorf("%q: no operation is called so%s", pattern, meantOperation(lower))
}

// meantOperation returns the end of a message about a name, or a pattern, of no
// operation, in lower case: what was probably meant.
func meantOperation(lower string) string {
	meant := cmp.Or(aliasOf(lower), nearestOperation(lower, dockerapi.Names()))
	if meant == "" {
		return ""
	}
	return ": did you mean " + meant + "?"
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
		return starred(nearest(stem, begins))
	}
	name, group := nearest(pattern, all), nearest(pattern, objects(all))
	if name == "" || group != "" && distance(pattern, strings.ToLower(group)) < distance(pattern, strings.ToLower(name)) {
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
	name := strings.ToLower(v.request().Call.Operation)
	for _, pattern := range p {
		if is, _ := matches(pattern, name); is && name != "" {
			return wire.Shown, nil
		}
	}
	return wire.Hidden, nil
}
