package filter

import (
	"reflect"
	"strings"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/builtin"
)

// loosely has members of documents be nil where there are none: documents are as
// whoever sends them likes. Those that an expression names are read where they stand
// in the text of a document; the rest of that is not made into values.
type loosely struct{}

// Visit implements ast.Visitor, of an expression that was checked.
func (loosely) Visit(n *ast.Node) {
	if strings.HasSuffix(nameOf(*n), ".json") {
		ast.Patch(n, call(valueAt, *n, &ast.ConstantNode{Value: &place{}}))
		return
	}
	m, ok := (*n).(*ast.MemberNode)
	if !ok {
		return
	}
	if doc, p := within(m); p != nil {
		ast.Patch(n, call(valueAt, doc, &ast.ConstantNode{Value: p}))
	} else if kindOf(m.Node.Type()) == "any" {
		ast.Patch(n, call(memberOf, m.Node, m.Property))
	}
}

// within returns the document that m names a value in, and where that is; nil if it
// does not.
func within(m *ast.MemberNode) (doc ast.Node, p *place) {
	of, ok := m.Node.(*ast.CallNode)
	if !ok || nameOf(of.Callee) != valueAt {
		return nil, nil
	}
	key := constantKey(m.Property)
	if key == nil {
		return nil, nil
	}
	above := of.Arguments[1].(*ast.ConstantNode).Value.(*place).keys
	return of.Arguments[0], &place{append(above[:len(above):len(above)], key)}
}

// constantKey returns the name or number that n is; nil if it is none.
func constantKey(n ast.Node) any {
	switch n := n.(type) {
	case *ast.StringNode:
		return n.Value
	case *ast.IntegerNode:
		return n.Value
	case *ast.UnaryNode:
		if i, ok := n.Node.(*ast.IntegerNode); ok && n.Operator == "-" {
			return -i.Value
		}
	}
	return nil
}

// call returns the call of one of our functions.
func call(name string, arguments ...ast.Node) ast.Node {
	return &ast.CallNode{Callee: &ast.IdentifierNode{Value: name}, Arguments: arguments}
}

// The names of our functions are such that nobody can write them.
const (
	memberOf = "member of"
	valueAt  = "value at"
)

var memberFunction = &builtin.Function{
	Name:  memberOf,
	Func:  func(args ...any) (any, error) { return member(args[0], args[1]), nil },
	Types: []reflect.Type{reflect.TypeFor[func(any, any) any]()},
}

var valueFunction = &builtin.Function{
	Name:  valueAt,
	Func:  func(args ...any) (any, error) { return args[0].(*document).at(args[1].(*place)) },
	Types: []reflect.Type{reflect.TypeFor[func(any, any) any]()},
}

// member returns what a value of a document has by a name or, from either end, by a
// number; nil if it has nothing.
func member(of, key any) any {
	switch of := of.(type) {
	case map[string]any:
		if name, ok := key.(string); ok {
			return of[name]
		}
	case []any:
		i, ok := key.(int)
		if i < 0 {
			i += len(of)
		}
		if ok && 0 <= i && i < len(of) {
			return of[i]
		}
	}
	return nil
}
