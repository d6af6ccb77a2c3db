package filter

import (
	"reflect"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/builtin"
)

// metered has an expression be measured while it is evaluated: each turn of a loop,
// and what is done with texts, lists and documents, which are as long as whoever sends
// them likes. It sees nodes that were checked, from the ground up.
type metered struct {
	loops bool // there are some: an operator may be evaluated more than once
}

// Visit implements ast.Visitor.
func (m metered) Visit(n *ast.Node) {
	switch node := (*n).(type) {
	case *ast.PredicateNode:
		node.Node = typed(node.Node, call(stepping, meterNode(), node.Node))
	case *ast.BuiltinNode:
		for i := range node.Arguments {
			weigh(&node.Arguments[i], costs[node.Name])
		}
	case *ast.BinaryNode:
		m.operator(n, node)
	}
}

func (m metered) operator(n *ast.Node, b *ast.BinaryNode) {
	switch b.Operator {
	case "matches":
		ast.Patch(n, typed(b, call(matching, meterNode(), b.Left, pattern(b.Right))))
	case "==", "!=", "<", ">", "<=", ">=":
		if m.loops && !isConstant(b.Left) && !isConstant(b.Right) {
			weigh(&b.Left, compared)
		}
	case "in":
		if m.loops {
			weigh(&b.Right, compared)
		}
	case "contains":
		if m.loops {
			weigh(&b.Left, compared)
		}
	case "+":
		if m.loops {
			weigh(&b.Left, shallow)
			weigh(&b.Right, shallow)
		}
	}
}

// typed returns n with the type of another, in whose place it is.
func typed(other, n ast.Node) ast.Node {
	n.SetNature(*other.Nature())
	return n
}

// weigh has n be measured, if its value may be large.
func weigh(n *ast.Node, c cost) {
	t := (*n).Type()
	if c == free || isConstant(*n) {
		return
	}
	switch t.Kind() {
	case reflect.String, reflect.Slice, reflect.Map, reflect.Interface:
		ast.Patch(n, typed(*n, call(weighing, meterNode(), *n, &ast.ConstantNode{Value: c})))
	}
}

// isConstant reports whether n is as long as somebody has written it.
func isConstant(n ast.Node) bool {
	switch n.(type) {
	case *ast.StringNode, *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.NilNode, *ast.ConstantNode, *ast.ArrayNode, *ast.PredicateNode:
		return true
	}
	return false
}

// costs are those of the arguments of functions; of most they are shallow.
var costs = map[string]cost{
	"len": free, "first": free, "last": free, "get": free, "type": free,
	"toJSON": deep, "string": deep, "flatten": deep, "sort": deep, "indexOf": deep, "lastIndexOf": deep,
	"max": deep, "min": deep, "sum": deep, "mean": deep, "median": deep,
	"uniq": square, "split": pieces, "splitAfter": pieces, "fromJSON": parsed,
}

// What is measured calls these, with the meter.
const (
	stepping = "step of"
	weighing = "weight of"
	matching = "match of"
)

func meterNode() ast.Node { return &ast.IdentifierNode{Value: meterField} }

var meterFunctions = []*builtin.Function{
	{Name: stepping, Func: func(args ...any) (any, error) {
		return args[1], args[0].(*meter).work(1, stepWork)
	}},
	{Name: weighing, Func: func(args ...any) (any, error) {
		return args[1], args[0].(*meter).weigh(args[1], args[2].(cost))
	}},
	{Name: matching, Func: func(args ...any) (any, error) { return args[0].(*meter).match(args[1], args[2]) }},
}

// pattern returns what a node is as a pattern: compiled, if it is constant.
func pattern(n ast.Node) ast.Node {
	if s, ok := n.(*ast.StringNode); ok {
		if c, err := compile(s.Value); err == nil { // it was checked
			return typed(n, &ast.ConstantNode{Value: c})
		}
	}
	return n
}
