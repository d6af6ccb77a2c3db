package explain

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// parser reads one of the files.
type parser struct {
	shared  map[string][]Error // by name, without @
	entries []*Entry
	group   string
	entry   *Entry   // that the lines are of; nil: they are of shared
	of      string   // the name of the shared errors that they are of
	last    *string  // that an indented line goes on with; nil: nothing may
	uses    []string // the shared errors of entry
}

// anyErrors is the name of the errors that all operations of a file have.
const anyErrors = "any"

// parse returns the entries of a file, in its order, and the errors that all have.
func parse(name, text string) ([]*Entry, []Error, error) {
	p := &parser{shared: make(map[string][]Error)}
	n := 0
	for line := range strings.Lines(text) {
		n++
		if err := p.line(strings.TrimRight(line, " \n")); err != nil {
			return nil, nil, fmt.Errorf("%s:%d: %w", name, n, err)
		}
	}
	if err := p.close(); err != nil {
		return nil, nil, fmt.Errorf("%s:%d: %w", name, n, err)
	}
	return p.entries, p.shared[anyErrors], nil
}

// line reads a line.
func (p *parser) line(line string) error {
	key, value, isPair := strings.Cut(line, ": ")
	switch {
	case line == "" || strings.HasPrefix(line, "#"):
		return nil
	case strings.HasPrefix(line, "  try: "):
		return p.pair("try", strings.TrimPrefix(line, "  try: "))
	case strings.HasPrefix(line, "  raises: "):
		return p.pair("raises", strings.TrimPrefix(line, "  raises: "))
	case strings.HasPrefix(line, " "):
		if p.last == nil {
			return errors.New("nothing that could go on")
		}
		*p.last += " " + strings.TrimSpace(line)
		return nil
	case strings.HasPrefix(line, "@"):
		if err := p.close(); err != nil {
			return err
		}
		p.of = line[1:]
		if p.shared[p.of] != nil {
			return fmt.Errorf("@%s is there twice", p.of)
		}
		return nil
	case strings.HasPrefix(line, "== "):
		if err := p.close(); err != nil {
			return err
		}
		p.group = line[len("== "):]
		return nil
	case isPair:
		return p.pair(key, strings.TrimSpace(value))
	case strings.ContainsAny(line, " :"):
		return fmt.Errorf("not understood: %q", line)
	case p.group == "":
		return fmt.Errorf("%s is in no group", line)
	}
	if err := p.close(); err != nil {
		return err
	}
	p.entry = &Entry{Name: line, Group: p.group}
	return nil
}

// pair reads a key and its value.
func (p *parser) pair(key, value string) error {
	if isStatus(key) {
		return p.status(key, value)
	}
	if key == "try" || key == "raises" {
		return p.ofStatus(key, value)
	}
	e := p.entry
	if e == nil {
		return fmt.Errorf("%s of no operation", key)
	}
	p.last = nil
	switch key {
	case "short":
		return p.set(&e.Short, key, value)
	case "long":
		return p.set(&e.Long, key, value)
	case "since":
		return p.set(&e.Since, key, value)
	case "until":
		return p.set(&e.Until, key, value)
	case "deprecated":
		return p.set(&e.Deprecated, key, value)
	case "cli":
		e.Commands = strings.Split(value, ", ")
	case "python":
		e.Python = strings.Split(value, ", ")
	case "errors":
		p.uses = strings.Fields(value)
	default:
		return fmt.Errorf("unknown key %q", key)
	}
	return nil
}

// set sets a text, which the next lines may go on with.
func (p *parser) set(text *string, key, value string) error {
	if *text != "" {
		return fmt.Errorf("%s is there twice", key)
	}
	*text, p.last = value, text
	return nil
}

// isStatus reports whether a key is a status: a number, or the name of a code of gRPC.
func isStatus(key string) bool {
	return key != "" && (key[0] >= '1' && key[0] <= '9' || key[0] >= 'A' && key[0] <= 'Z')
}

// statuses returns where errors are added.
func (p *parser) statuses() *[]Error {
	if p.entry != nil {
		return &p.entry.Errors
	}
	list := p.shared[p.of]
	return &list
}

// status adds what a status means.
func (p *parser) status(status, means string) error {
	if p.entry == nil && p.of == "" {
		return fmt.Errorf("%s of no operation", status)
	}
	list := p.statuses()
	*list = append(*list, Error{Status: status, Means: means})
	if p.entry == nil {
		p.shared[p.of] = *list
	}
	p.last = &(*list)[len(*list)-1].Means
	return nil
}

// ofStatus adds to the status before.
func (p *parser) ofStatus(key, value string) error {
	list := *p.statuses()
	if len(list) == 0 {
		return fmt.Errorf("%s of no status", key)
	}
	last := &list[len(list)-1]
	if key == "raises" {
		return p.set(&last.Raises, key, value)
	}
	return p.set(&last.Try, key, value)
}

// close ends the operation, or the shared errors, that lines were of.
func (p *parser) close() error {
	e := p.entry
	uses := p.uses
	p.entry, p.of, p.last, p.uses = nil, "", nil, nil
	if e == nil {
		return nil
	}
	if e.Short == "" || e.Long == "" {
		return fmt.Errorf("%s lacks short or long", e.Name)
	}
	for _, name := range uses {
		list := p.shared[name]
		if list == nil {
			return fmt.Errorf("%s: there are no errors @%s", e.Name, name)
		}
		e.Errors = append(e.Errors, list...)
	}
	p.entries = append(p.entries, e)
	return finish(e)
}

// finish puts the errors of an entry in order, and says what docker-py raises.
func finish(e *Entry) error {
	sortErrors(e.Errors)
	for i := range e.Errors {
		x := &e.Errors[i]
		if i > 0 && x.Status == e.Errors[i-1].Status {
			return fmt.Errorf("%s says twice what %s means", e.Name, x.Status)
		}
		switch {
		case len(e.Python) == 0:
			x.Raises = ""
		case x.Raises == "":
			x.Raises = raised(x.Status)
		}
	}
	return nil
}

// sortErrors puts errors in the order of their statuses.
func sortErrors(list []Error) {
	slices.SortStableFunc(list, func(a, b Error) int { return cmp.Compare(a.Status, b.Status) })
}
