package dockerapi

import (
	_ "embed"
	"strings"
	"sync"
)

//go:embed answers.txt
var answersText string

// answers are the fields of answers, by the names of operations, read when first asked for.
var answers = sync.OnceValue(func() map[string][]string {
	all := make(map[string][]string)
	operation := ""
	for line := range strings.Lines(answersText) {
		line = strings.TrimSuffix(line, "\n")
		field, is := strings.CutPrefix(line, ".")
		switch {
		case is:
			all[operation] = append(all[operation], field)
		case line != "" && line[0] != '#':
			operation = line
		}
	}
	return all
})

// Answers returns the fields of the document that answers o in the newest version, sorted, each
// with what it is in: "State.ExitCode". The elements of lists have no name of their own, any
// member of a map is "*". Nobody changes them.
func (o *Operation) Answers() []string {
	if o == nil {
		return nil
	}
	return answers()[o.Name]
}
