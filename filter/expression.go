package filter

import (
	"errors"
	"strings"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/checker"
	"github.com/expr-lang/expr/compiler"
	"github.com/expr-lang/expr/conf"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/optimizer"
	"github.com/expr-lang/expr/parser"

	"github.com/socktrace/socktrace/wire"
)

// Compile returns the filter of an expression. An error that it returns is an *Error.
func Compile(text string) (*Filter, error) {
	if strings.TrimSpace(text) == "" {
		return nil, &Error{Message: "an empty expression"}
	}
	c := newCompilation()
	tree, err := c.check(text)
	if err != nil {
		return nil, explained(text, err)
	}
	f := &Filter{needs: wire.Needs{Lines: true}, most: maxWork}
	if f.root, err = c.split(f, tree, tree.Node); err != nil {
		return nil, explained(text, err)
	}
	return f, nil
}

// compilation makes programs of expressions.
type compilation struct{ config *conf.Config }

func newCompilation() *compilation {
	config := conf.CreateNew()
	config.WithEnv(environment)
	for _, f := range append(meterFunctions, memberFunction, valueFunction) {
		config.Functions[f.Name] = f
	}
	delete(config.Builtins, clock)
	config.Disabled[clock] = true
	return &compilation{config}
}

// check parses an expression, has it use our names, and checks what it is made of.
func (c *compilation) check(text string) (*parser.Tree, error) {
	tree, err := parser.ParseWithConfig(text, c.config)
	if err != nil {
		return nil, err
	}
	if err := resolve(&tree.Node); err != nil {
		return nil, err.Bind(tree.Source)
	}
	if err := constants(&tree.Node); err != nil {
		return nil, err.Bind(tree.Source)
	}
	if _, err := checker.Check(tree, c.config); err != nil {
		return nil, err
	}
	ast.Walk(&tree.Node, loosely{})
	t, err := checker.Check(tree, c.config)
	if err != nil {
		return nil, err
	}
	if what := kindOf(t); what != "bool" && what != "any" {
		return nil, &Error{Message: "it is " + kind(what) + ", not a condition: compare it with something"}
	}
	return tree, nil
}

// split makes the nodes of n, and the parts of f that they stand on.
func (c *compilation) split(f *Filter, tree *parser.Tree, n ast.Node) (node, error) {
	switch n := n.(type) {
	case *ast.UnaryNode:
		if n.Operator == "!" || n.Operator == "not" {
			a, err := c.split(f, tree, n.Node)
			return not{a}, err
		}
	case *ast.BinaryNode:
		is := joints[n.Operator]
		if is == none {
			break
		}
		a, err := c.split(f, tree, n.Left)
		if err != nil {
			return nil, err
		}
		b, err := c.split(f, tree, n.Right)
		if is == conjunction {
			return and{a, b}, err
		}
		return or{a, b}, err
	}
	return c.leaf(f, tree, n)
}

// joint is what an operator makes of two conditions.
type joint uint8

const (
	none joint = iota
	conjunction
	disjunction
)

var joints = map[string]joint{"and": conjunction, "&&": conjunction, "or": disjunction, "||": disjunction}

// leaf makes a part of n.
func (c *compilation) leaf(f *Filter, tree *parser.Tree, n ast.Node) (node, error) {
	p := &program{}
	ast.Walk(&n, p)
	ast.Walk(&n, metered{p.loops})
	if err := optimizer.Optimize(&n, c.config); err != nil {
		var e *file.Error
		if errors.As(err, &e) {
			return nil, e.Bind(tree.Source)
		}
		return nil, err
	}
	var err error
	if p.code, err = compiler.Compile(&parser.Tree{Node: n, Source: tree.Source}, c.config); err != nil {
		return nil, err
	}
	f.parts = append(f.parts, p)
	f.needs = f.needs.Union(p.needs())
	return leaf(len(f.parts) - 1), nil
}
