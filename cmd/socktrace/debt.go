package main

import (
	"context"
	"io"
	"time"
)

// debt is what a command has to give back, or to remove, before it ends.
type debt chan struct{}

func newDebt() debt { return make(debt, 1) }

func (d debt) owe()    { d <- struct{}{} }
func (d debt) settle() { <-d }

// debtLimit is how long what makes files that have to be removed again may take to end
// once the program was asked to: a server of files that is away takes for ever.
const debtLimit = 5 * time.Second

// owing returns what open does, and d is owed then until the caller has closed that. If
// ctx ends first, open is waited for all the same, and what it returns is closed: nothing is left
// of it. The error is that of ctx then, and with an error nothing is owed.
func owing[F io.Closer](ctx context.Context, d debt, open func() (F, error)) (F, error) {
	type result struct {
		f   F
		err error
	}
	d.owe()
	opened := make(chan result, 1)
	go func() {
		f, err := open()
		opened <- result{f, err}
	}()
	select {
	case r := <-opened:
		if r.err != nil {
			d.settle()
		}
		return r.f, r.err
	case <-ctx.Done():
	}
	defer d.settle()
	late := time.NewTimer(debtLimit)
	defer late.Stop()
	select {
	case r := <-opened:
		if r.err == nil {
			r.f.Close()
		}
	case <-late.C:
	}
	var none F
	return none, ctx.Err()
}
