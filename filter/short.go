package filter

import "github.com/socktrace/socktrace/wire"

// Errors returns the filter that shows what has failed.
func Errors() *Filter { return of(failing{}) }

// failing is what is an error to whoever looks for them: as soon as the status says
// so, else at the end.
type failing struct{}

func (f failing) needs() wire.Needs { return told }
func (f failing) probe() probe      { return f }
func (f failing) reset()            {}

func (failing) look(v *view) (wire.Verdict, error) {
	switch {
	case v.known&theEnd != 0:
		return verdict(v.x.Failed()), nil
	case v.response().Status >= 400:
		return wire.Shown, nil
	}
	return wire.Undecided, nil
}
