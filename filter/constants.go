package filter

import (
	"slices"
	"strings"
	"sync"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/file"

	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/internal/spelling"
	"github.com/socktrace/socktrace/wire"
)

// vocabulary is what a field may be, where that is known: whoever compares it with
// something else has made a slip, and would be shown nothing.
type vocabulary struct {
	what  string // it is, for a message
	words func() []string
	meant func(word string) string // by a word that is none; empty if that is not known
}

var vocabularies = map[string]vocabulary{
	"operation":    {"operation", dockerapi.Names, func(word string) string { return didYouMean(meantOperation(strings.ToLower(word), nil)) }},
	"state":        {"state", states, func(word string) string { return meantOf(word, states()) }},
	"subject.type": {"type", subjectTypes, func(word string) string { return meantOf(word, subjectTypes()) }},
}

// meantOf returns the end of a message about a word that is none of some: which is
// meant, or which there are.
func meantOf(word string, words []string) string {
	if near := spelling.Nearest(word, words); near != "" {
		return ": did you mean " + near + "?"
	}
	return ": there are " + strings.Join(words, ", ")
}

// states are all states of exchanges.
func states() (all []string) {
	for s := wire.StateDone; s <= wire.StatePartial; s++ {
		all = append(all, s.String())
	}
	return all
}

// subjectTypes are the types of what operations are about.
var subjectTypes = sync.OnceValue(func() (all []string) {
	for _, name := range dockerapi.Names() {
		if t := dockerapi.Named(name).Object(); t != "" {
			all = append(all, t)
		}
	}
	all = append(all, dockerapi.NamedTypes()...)
	slices.Sort(all)
	return slices.Compact(all)
})

// constants looks at what fields are compared with, in either order, in an expression
// that was resolved.
func constants(n *ast.Node) *file.Error {
	r := &comparer{}
	ast.Walk(n, r)
	return r.err
}

type comparer struct{ resolver }

// Visit implements ast.Visitor.
func (r *comparer) Visit(n *ast.Node) {
	b, ok := (*n).(*ast.BinaryNode)
	if !ok {
		return
	}
	switch b.Operator {
	case "==", "!=":
		r.word(nameOf(b.Left), b.Right)
		r.word(nameOf(b.Right), b.Left)
		r.container(b.Left, b.Right)
		r.container(b.Right, b.Left)
	case "in":
		if list, ok := b.Right.(*ast.ArrayNode); ok {
			for _, n := range list.Nodes {
				r.word(nameOf(b.Left), n)
			}
		}
		r.within(b)
	}
}

// word refuses text that a field never is. What there is not is empty.
func (r *comparer) word(field string, n ast.Node) {
	v, closed := vocabularies[field]
	s, constant := n.(*ast.StringNode)
	if !closed || !constant || s.Value == "" || field == "operation" && strings.Contains(s.Value, "/") || slices.Contains(v.words(), s.Value) {
		return
	}
	r.fail(n, "%q: no %s is called so%s", s.Value, v.what, v.meant(s.Value))
}

// container knows who means the flag.
func (r *comparer) container(field, n ast.Node) {
	if s, ok := n.(*ast.StringNode); ok && nameOf(field) == "container" {
		r.fail(field, "no field is called container: --container %s shows what touches it, subject.name is what an exchange is about", s.Value)
	}
}

// within knows who looks for text in text.
func (r *comparer) within(b *ast.BinaryNode) {
	s, constant := b.Left.(*ast.StringNode)
	f := named[nameOf(b.Right)]
	if constant && f != nil && kindOf(f.typ.Nature().Type) == "string" {
		r.fail(b, "in looks into lists and tables: did you mean %s contains %q?", f.name, s.Value)
	}
}
