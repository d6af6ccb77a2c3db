package dockerapi

import (
	_ "embed"
	"fmt"
	"strings"
	"sync"
)

// Argument is what a request may have: a parameter of its query, or a field of its
// document.
type Argument struct {
	// Name is "platform", or, of a field, with what it is in: "HostConfig.Umask". The
	// elements of lists have no name of their own, any member of a map is "*".
	Name  string `json:"name"`
	Field bool   `json:"-"` // of the document
	// Since is the first version that has it, Until the last one, and Deprecated that since
	// which it should not be used; zero if that is not known, or there is none. Since 1.25
	// it may be older.
	Since      Version `json:"since,omitzero"`
	Until      Version `json:"until,omitzero"`
	Deprecated Version `json:"deprecated,omitzero"`
	Instead    string  `json:"instead,omitempty"` // what takes its place
}

// Dated reports whether anything about a depends on the version.
func (a *Argument) Dated() bool { return a.Since != (Version{}) || a.Ends() }

// Ends reports whether a is deprecated or removed in any version.
func (a *Argument) Ends() bool { return a.Until != (Version{}) || a.Deprecated != (Version{}) }

//go:embed since.txt
var sinceText string

// since is since.txt, read when first asked for, by the names of operations.
var since = sync.OnceValue(func() map[string]*taken {
	all, err := parseArguments(sinceText)
	if err != nil {
		panic(err) // a fault of the program
	}
	return all
})

// taken is what since.txt has of an operation.
type taken struct {
	arguments []*Argument
	before    []string // its names
}

// Arguments returns what requests for o may have, sorted: fields, then parameters. Nobody
// changes them.
func (o *Operation) Arguments() []*Argument {
	if o == nil || since()[o.Name] == nil {
		return nil
	}
	return since()[o.Name].arguments
}

// Before returns the names that o had in descriptions of older versions.
func (o *Operation) Before() []string {
	if o == nil || since()[o.Name] == nil {
		return nil
	}
	return since()[o.Name].before
}

// parseArguments reads the lines of since.txt, whose beginning says what they are.
func parseArguments(text string) (map[string]*taken, error) {
	all := make(map[string]*taken)
	var of *taken
	for line := range strings.Lines(text) {
		words := strings.Fields(line)
		if len(words) == 0 || words[0] == "#" {
			continue
		}
		name, before := strings.CutPrefix(words[0], "=")
		if len(words) == 1 && !before {
			of = new(taken)
			all[name] = of
			continue
		}
		if of == nil {
			return nil, fmt.Errorf("since.txt: %q of no operation", words)
		}
		if before {
			of.before = append(of.before, name)
			continue
		}
		a, err := parseArgument(words)
		if err != nil {
			return nil, fmt.Errorf("since.txt: %q: %w", words, err)
		}
		of.arguments = append(of.arguments, a)
	}
	return all, nil
}

// parseArgument reads the words of a line.
func parseArgument(words []string) (*Argument, error) {
	a := &Argument{Name: words[0][1:], Field: words[0][0] == '.'}
	if !a.Field && words[0][0] != '?' {
		return nil, fmt.Errorf("no parameter and no field")
	}
	for i, at := range []*Version{&a.Since, &a.Until, &a.Deprecated} {
		if i+1 == len(words) {
			break
		}
		v, ok := ParseVersion(words[i+1])
		if !ok && words[i+1] != "-" {
			return nil, fmt.Errorf("no version: %q", words[i+1])
		}
		*at = v
	}
	if len(words) > 4 {
		a.Instead = words[4]
	}
	return a, nil
}

// Member is a field of a document, or what fields are in.
type Member struct {
	Argument *Argument          // nil: nothing about itself depends on the version
	Members  map[string]*Member // in it, or in its elements; "*" stands for any
}

// asAround reports whether versions have a field as long as the one that it is in: then that
// tells all.
func asAround(a *Argument, list []*Argument) bool {
	in := Around(a.Name, list)
	if in == nil {
		return false
	}
	c := *in
	c.Name = a.Name
	return c == *a
}

// Around returns which field of a list one is in; nil if it is in none. Elements of maps
// are none.
func Around(name string, list []*Argument) *Argument {
	for i := strings.LastIndexByte(name, '.'); i > 0; i = strings.LastIndexByte(name[:i], '.') {
		for _, a := range list {
			if a.Field && a.Name == name[:i] {
				return a
			}
		}
	}
	return nil
}

// dated are the arguments of an operation that are, but for fields of which what they are in
// tells it.
type dated struct {
	parameters map[string]*Argument
	fields     *Member
}

// datedByName are those of the operations that have any.
var datedByName = sync.OnceValue(func() map[string]*dated {
	all := make(map[string]*dated)
	for name, of := range since() {
		d := &dated{parameters: make(map[string]*Argument)}
		for _, a := range of.arguments {
			switch {
			case !a.Dated() || a.Field && asAround(a, of.arguments):
			case a.Field:
				if d.fields == nil {
					d.fields = new(Member)
				}
				d.fields.add(a)
			default:
				d.parameters[a.Name] = a
			}
		}
		if d.fields != nil || len(d.parameters) > 0 {
			all[name] = d
		}
	}
	return all
})

// add puts a field in its place below m.
func (m *Member) add(a *Argument) {
	for name := range strings.SplitSeq(a.Name, ".") {
		next := m.Members[name]
		if next == nil {
			next = new(Member)
			if m.Members == nil {
				m.Members = make(map[string]*Member)
			}
			m.Members[name] = next
		}
		m = next
	}
	m.Argument = a
}

// DatedFields returns the fields of the documents of requests for an operation that are
// dated; nil if there are none. Nobody changes them.
func DatedFields(operation string) *Member {
	if d := datedByName()[operation]; d != nil {
		return d.fields
	}
	return nil
}

// DatedParameters calls each with the parameters in a query that are dated, each once.
func DatedParameters(operation, query string, each func(*Argument)) {
	d := datedByName()[operation]
	if d == nil || len(d.parameters) == 0 {
		return
	}
	var seen [8]*Argument // no operation has more
	n := 0
next:
	for query != "" {
		var pair string
		pair, query, _ = strings.Cut(query, "&")
		name, _, _ := strings.Cut(pair, "=")
		a := d.parameters[Unescaped(name)]
		if a == nil || n == len(seen) {
			continue
		}
		for _, s := range seen[:n] {
			if s == a {
				continue next
			}
		}
		seen[n] = a
		n++
		each(a)
	}
}
