package filter

import (
	"fmt"
	"path"
	"strings"

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

// knownOperation refuses a pattern that no operation has.
func knownOperation(pattern, lower string) error {
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
	if near := nearestOperation(lower, all); near != "" {
		return fmt.Errorf("%q: no operation is called so: did you mean %s?", pattern, near)
	}
	return fmt.Errorf("%q: no operation is called so", pattern)
}

// nearestOperation returns the name that is most like a pattern; if that ends with a
// star, what such names begin with.
func nearestOperation(pattern string, all []string) string {
	stem, beginning := strings.CutSuffix(pattern, "*")
	if !beginning {
		return nearest(pattern, all)
	}
	var begins []string
	for _, name := range all {
		begins = append(begins, name[:min(len(stem), len(name))])
	}
	if near := nearest(stem, begins); near != "" {
		return near + "*"
	}
	return ""
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
		if is, _ := path.Match(pattern, name); is && name != "" {
			return wire.Shown, nil
		}
	}
	return wire.Hidden, nil
}
