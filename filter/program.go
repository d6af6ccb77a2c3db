package filter

import (
	"fmt"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/vm"

	"github.com/socktrace/socktrace/wire"
)

// program is a part of an expression that is evaluated as a whole. As a visitor of
// that part it notes which fields it uses.
type program struct {
	code   *vm.Program
	fields []*field
	facts  facts // what must be known
}

// Visit implements ast.Visitor.
func (p *program) Visit(n *ast.Node) {
	id, ok := (*n).(*ast.IdentifierNode)
	if !ok {
		return
	}
	if f := named[id.Value]; f != nil {
		p.fields = append(p.fields, f)
		p.facts |= f.facts
	}
}

func (p *program) needs() wire.Needs {
	var n wire.Needs
	for _, f := range p.fields {
		n = n.Union(f.needs)
	}
	return n
}

// loose says whether what the program looks at may be anything: of a document, say.
func (p *program) loose() bool {
	for _, f := range p.fields {
		if kindOf(f.typ.Nature().Type) == "any" {
			return true
		}
	}
	return false
}

func (p *program) probe() probe {
	return &running{program: p, loosely: p.loose(), env: make(map[string]any, len(p.fields))}
}

// running runs a program.
type running struct {
	*program
	loosely bool
	vm      vm.VM
	env     map[string]any
}

// look runs the program when all is known that it looks at. What cannot be evaluated
// does not hold: there is nothing wrong with that if it looks into documents, which
// may lack what it asks for, or have something else there.
func (r *running) look(v *view) (wire.Verdict, error) {
	if r.facts&^v.known != 0 {
		return wire.Undecided, nil
	}
	for _, f := range r.fields {
		if _, has := r.env[f.name]; !has {
			r.env[f.name] = f.value(v)
		}
	}
	result, err := r.vm.Run(r.code, r.env)
	is, _ := result.(bool)
	if err != nil && !r.loosely {
		return wire.Hidden, fmt.Errorf("exchange %d.%d: %w", v.conn().ID, v.x.Exchange, explained(r.code.Source().String(), err))
	}
	return verdict(is && err == nil), nil
}

func (r *running) reset() { clear(r.env) }
