package filter

import (
	"strings"

	"github.com/socktrace/socktrace/wire"
)

// Container returns the filter that shows what touches one container, by its name or
// by what its id begins with: what is about it, or about an exec instance in it, and
// what names it in its path, its query or its document. A container that had the name
// is followed when it is called otherwise. Of an empty name there is none.
func Container(ref string) *Filter { return of(touching{strings.TrimPrefix(ref, "/"), new(called)}) }

// touching is a container.
type touching struct {
	ref    string // its name, or the beginning of its id
	called *called
}

func (t touching) needs() wire.Needs { return said }
func (t touching) probe() probe      { return t }
func (t touching) reset()            {}

// look decides that a container is touched as soon as it is named, and that it is not
// when nothing more can name it.
func (t touching) look(v *view) (wire.Verdict, error) {
	if t.about(&v.x.Subject) {
		t.called.note(&v.x.Subject)
		return wire.Shown, nil
	}
	if v.known&requestHead == 0 {
		return wire.Undecided, nil
	}
	path := v.path()
	named, err := t.inPath(path, v.request().Call.Subject), error(nil)
	if !named {
		named, err = t.inQuery(v, path)
	}
	inBody := namesInBody(path)
	switch {
	case err != nil:
		return wire.Undecided, v.because(err)
	case named:
		return wire.Shown, nil
	case v.known&theEnd != 0 && inBody:
		named, err = t.inDocument(v.document(wire.ToServer, v.requestBody()))
		if err != nil {
			return wire.Undecided, v.because(err)
		}
		return verdict(named), nil
	case v.known&theEnd != 0 || v.known&wholeSubject == wholeSubject && !inBody:
		return wire.Hidden, nil
	}
	return wire.Undecided, nil
}

// about reports whether a subject is the container, or in it.
func (t touching) about(s *wire.Subject) bool {
	switch s.Type {
	case "container":
		return t.is(s.Name) || t.is(s.ID) || t.called.hasID(s.ID)
	case "exec":
		return t.is(s.Container) || t.called.hasName(s.Container)
	}
	return false
}

// leastBeginning is how much of an id a request may give, in digits.
const leastBeginning = 4

// is reports whether a name or an id is that of the container. Requests may give the
// beginning of an id, as whoever looks for it may.
func (t touching) is(name string) bool {
	name = strings.TrimPrefix(name, "/")
	return name != "" && name == t.ref || begins(name, t.ref, 1) || begins(t.ref, name, leastBeginning)
}

// begins reports whether id is one, and begins with some digits.
func begins(id, with string, least int) bool {
	return len(id) >= leastID && len(with) >= least && strings.HasPrefix(id, with) && strings.Trim(id, "0123456789abcdef") == ""
}

// inPath reports whether the path is below the container, which it names so.
func (t touching) inPath(path, subject string) bool {
	return strings.Contains(path, "/containers/") && t.is(subject)
}

// inQuery reports whether a parameter names it, or a filter in the parameter of that
// name.
func (t touching) inQuery(v *view, path string) (bool, error) {
	v.short = nil
	query := v.query()
	if v.short != nil {
		return false, v.short
	}
	if strings.Contains(path, "/containers/") && t.is(query["name"]) || t.is(query["container"]) {
		return true, nil
	}
	return t.inFilters(v, path, query["filters"])
}

// inFilters looks in filters such as {"name":["web"]} and {"container":{"web":true}}.
func (t touching) inFilters(v *view, path, text string) (bool, error) {
	d := &document{text: []byte(text), meter: v.meter}
	for i := range filtering {
		if i > 0 && !strings.Contains(path, "/containers/") {
			break
		}
		filter, err := d.at(&filtering[i])
		if err != nil {
			return false, err
		}
		for _, value := range valuesOf(filter) {
			if t.is(strings.TrimSuffix(strings.TrimPrefix(value, "^"), "$")) {
				return true, nil
			}
		}
	}
	return false, nil
}

// filtering are the filters that name containers; all but the first, those of lists of
// containers.
var filtering = []place{{[]any{"container"}}, {[]any{"name"}}, {[]any{"id"}}}

// valuesOf returns the values of a filter, which is a list, or an object whose names
// they are.
func valuesOf(filter any) (all []string) {
	switch filter := filter.(type) {
	case []any:
		for _, v := range filter {
			s, _ := v.(string)
			all = append(all, s)
		}
	case map[string]any:
		for name := range filter {
			all = append(all, name)
		}
	}
	return all
}

// namesInBody reports whether the document of a request to the path may name
// containers that the path does not: those to connect, or to share something with.
func namesInBody(path string) bool {
	for _, end := range []string{"/connect", "/disconnect", "/containers/create"} {
		if strings.HasSuffix(path, end) {
			return true
		}
	}
	return false
}

// sharing are the members of a document of a container that name others, and what
// stands before the name there.
var sharing = []struct {
	place  place
	before string
}{
	{place{[]any{"Container"}}, ""},
	{place{[]any{"HostConfig", "NetworkMode"}}, "container:"},
	{place{[]any{"HostConfig", "PidMode"}}, "container:"},
	{place{[]any{"HostConfig", "IpcMode"}}, "container:"},
	{place{[]any{"HostConfig", "VolumesFrom"}}, ""},
	{place{[]any{"HostConfig", "Links"}}, ""},
}

// inDocument looks for members that name containers.
func (t touching) inDocument(d *document) (bool, error) {
	for i := range sharing {
		s := &sharing[i]
		value, err := d.at(&s.place)
		if err != nil {
			return false, err
		}
		if t.named(value, s.before) {
			return true, nil
		}
	}
	return false, nil
}

// named reports whether a text names it, behind what stands before the name; or one of
// a list does, before a colon.
func (t touching) named(value any, before string) bool {
	if text, is := value.(string); is {
		name, ok := strings.CutPrefix(text, before)
		return ok && t.is(name)
	}
	list, _ := value.([]any)
	for _, value := range valuesOf(list) {
		name, _, _ := strings.Cut(value, ":")
		if t.is(name) {
			return true
		}
	}
	return false
}
