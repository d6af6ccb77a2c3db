package filter

import (
	"reflect"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/builtin"
)

// loosely has members of documents be nil where there are none: documents are as
// whoever sends them likes.
type loosely struct{}

// Visit implements ast.Visitor, of an expression that was checked.
func (loosely) Visit(n *ast.Node) {
	m, ok := (*n).(*ast.MemberNode)
	if !ok || kindOf(m.Node.Type()) != "any" {
		return
	}
	ast.Patch(n, &ast.CallNode{Callee: &ast.IdentifierNode{Value: memberOf}, Arguments: []ast.Node{m.Node, m.Property}})
}

// memberOf is a name that nobody can write.
const memberOf = "member of"

var memberFunction = &builtin.Function{
	Name:  memberOf,
	Func:  func(args ...any) (any, error) { return member(args[0], args[1]), nil },
	Types: []reflect.Type{reflect.TypeFor[func(any, any) any]()},
}

// member returns what a value of a document has by a name or, from either end, by a
// number; nil if it has nothing.
func member(of, key any) any {
	switch of := of.(type) {
	case map[string]any:
		name, _ := key.(string)
		return of[name]
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
