package filter

import (
	"fmt"
	"strings"
	"time"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/file"
)

// resolve has an expression use the names of fields in one piece: subject.name is one
// identifier. Header names are in lower case, and durations may be written as text.
func resolve(n *ast.Node) *file.Error {
	r := &resolver{}
	ast.Walk(n, r)
	ast.Walk(n, (*unresolved)(r))
	return r.err
}

type resolver struct{ err *file.Error }

// fail notes what is wrong at n. Of several the first in the text counts.
func (r *resolver) fail(n ast.Node, format string, args ...any) {
	if r.err == nil || n.Location().From < r.err.From {
		r.err = &file.Error{Location: n.Location(), Message: fmt.Sprintf(format, args...)}
	}
}

// Visit implements ast.Visitor. It sees what a node is made of before that.
func (r *resolver) Visit(n *ast.Node) {
	switch node := (*n).(type) {
	case *ast.MemberNode:
		r.member(n, node)
	case *ast.BinaryNode:
		r.binary(node)
	case *ast.CallNode:
		r.call(n, node)
	}
}

// groups are the first parts of names that have two.
var groups = func() map[string]bool {
	m := make(map[string]bool)
	for _, f := range fields {
		if group, _, ok := strings.Cut(f.name, "."); ok {
			m[group] = true
		}
	}
	return m
}()

// group returns the group that n names, if it does.
func group(n ast.Node) (string, bool) {
	id, ok := n.(*ast.IdentifierNode)
	return nameOf(n), ok && groups[id.Value]
}

// nameOf returns the name that n is, "" for others.
func nameOf(n ast.Node) string {
	if id, ok := n.(*ast.IdentifierNode); ok {
		return id.Value
	}
	return ""
}

func (r *resolver) member(n *ast.Node, m *ast.MemberNode) {
	if strings.HasSuffix(nameOf(m.Node), ".headers") {
		m.Property = lowered(m.Property)
		return
	}
	g, ok := group(m.Node)
	name, constant := m.Property.(*ast.StringNode)
	if ok && constant {
		ast.Patch(n, &ast.IdentifierNode{Value: g + "." + name.Value})
	}
}

// lowered returns the name of a header as the map of them has it.
func lowered(n ast.Node) ast.Node {
	if s, ok := n.(*ast.StringNode); ok {
		s.Value = strings.ToLower(s.Value)
		return s
	}
	return &ast.BuiltinNode{Name: "lower", Arguments: []ast.Node{n}}
}

var orders = map[string]bool{"<": true, ">": true, "<=": true, ">=": true, "==": true, "!=": true}

func (r *resolver) binary(b *ast.BinaryNode) {
	switch {
	case b.Operator == "in" && strings.HasSuffix(nameOf(b.Right), ".headers"):
		b.Left = lowered(b.Left)
	case orders[b.Operator] && isDuration(b.Left):
		r.duration(&b.Right)
	case orders[b.Operator] && isDuration(b.Right):
		r.duration(&b.Left)
	}
}

func isDuration(n ast.Node) bool { return nameOf(n) == "duration" || nameOf(n) == "ttfb" }

// duration has text mean a duration where it is compared with one.
func (r *resolver) duration(n *ast.Node) {
	switch node := (*n).(type) {
	case *ast.StringNode:
		r.constant(n, node)
	case *ast.IntegerNode, *ast.FloatNode:
		r.fail(node, `a duration is compared with text such as "500ms" (duration_ms and ttfb_ms are numbers)`)
	}
}

// call knows duration("500ms") from the field of that name.
func (r *resolver) call(n *ast.Node, c *ast.CallNode) {
	if nameOf(c.Callee) != "duration" {
		return
	}
	if len(c.Arguments) == 1 {
		if s, ok := c.Arguments[0].(*ast.StringNode); ok {
			r.constant(n, s)
			return
		}
	}
	r.fail(c, `duration() takes text such as "500ms"`)
}

// constant puts the duration that s says in the place of n.
func (r *resolver) constant(n *ast.Node, s *ast.StringNode) {
	d, err := time.ParseDuration(s.Value)
	if err != nil {
		r.fail(s, `%q is no duration such as "500ms", "2s" or "1m30s"`, s.Value)
	}
	ast.Patch(n, &ast.ConstantNode{Value: d})
}

// unresolved is a resolver that finds what is left.
type unresolved resolver

// Visit implements ast.Visitor.
func (r *unresolved) Visit(n *ast.Node) {
	if g, ok := group(*n); ok {
		(*resolver)(r).fail(*n, "%s is no value: name one of its fields, such as %s", g, firstOf(g))
	}
	if nameOf(*n) == "$env" {
		(*resolver)(r).fail(*n, "unknown name $env")
	}
}

// firstOf returns the first field of a group.
func firstOf(group string) string {
	for _, f := range fields {
		if strings.HasPrefix(f.name, group+".") {
			return f.name
		}
	}
	return group
}
