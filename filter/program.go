package filter

import (
	"errors"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/vm"

	"github.com/socktrace/socktrace/wire"
)

// program is a part of an expression that is evaluated as a whole. As a visitor of
// that part it notes which fields it uses.
type program struct {
	code   *vm.Program
	fields []*field
	facts  facts // what must be known
	loops  bool  // it has some
}

// Visit implements ast.Visitor.
func (p *program) Visit(n *ast.Node) {
	if _, loop := (*n).(*ast.PredicateNode); loop {
		p.loops = true
	}
	if f := named[nameOf(*n)]; f != nil {
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
// may lack what it asks for, or have something else there. What would take too much
// stays undecided.
func (r *running) look(v *view) (wire.Verdict, error) {
	if r.facts&^v.known != 0 {
		return wire.Undecided, nil
	}
	is, err := r.run(v)
	switch {
	case errors.Is(err, ErrGivenUp):
		return wire.Undecided, v.because(err)
	case err != nil && !r.loosely:
		return wire.Hidden, v.because(explained(r.code.Source().String(), err))
	}
	return verdict(is), nil
}

// run runs the program.
func (r *running) run(v *view) (bool, error) {
	defer r.forget()
	r.env[meterField], v.short = v.meter, nil
	for _, f := range r.fields {
		if _, has := r.env[f.name]; !has {
			r.env[f.name] = f.value(v)
		}
	}
	if v.short != nil {
		return false, v.short
	}
	result, err := r.vm.Run(r.code, r.env)
	if err != nil {
		return false, reason(err)
	}
	is, _ := result.(bool)
	return is, nil
}

// reason returns why a program was given up, if it was; others as they are.
func reason(err error) error {
	var given givenUp
	if errors.As(err, &given) {
		return given
	}
	var f *file.Error
	if errors.As(err, &f) && f.Message == "memory budget exceeded" { // of lists that it makes
		return errWork
	}
	return err
}

// forget lets go of what the program has looked at, and made.
func (r *running) forget() {
	clear(r.env)
	if r.loops {
		r.vm = vm.VM{}
		return
	}
	clear(r.vm.Stack[:cap(r.vm.Stack)])
	clear(r.vm.Variables)
}

func (r *running) reset() {}
