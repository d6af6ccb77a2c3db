//go:build unix

package main

import (
	"context"
	"errors"
	"io"
	"testing"
)

type closes func()

func (c closes) Close() error { c(); return nil }

// TestOwing closes what was opened although the program was asked to end meanwhile, and
// owes nothing then.
func TestOwing(t *testing.T) {
	owed := func(d debt) bool { return len(d) > 0 }
	ctx, stop := context.WithCancel(t.Context())
	d, closed := newDebt(), false
	f, err := owing(ctx, d, func() (io.Closer, error) {
		stop()
		return closes(func() { closed = owed(d) }), nil
	})
	if err == nil { // it was there in time
		f.Close()
		d.settle()
	} else {
		check(t, "error", errors.Is(err, context.Canceled), true)
	}
	check(t, "closed, when that was owed", closed, true)
	check(t, "owed", owed(d), false)

	failed := errors.New("failed")
	_, err = owing(t.Context(), d, func() (io.Closer, error) { return nil, failed })
	check(t, "error", err, failed)
	check(t, "owed", owed(d), false)
	_, err = owing(t.Context(), d, func() (io.Closer, error) { return closes(nil), nil })
	check(t, "error", err, nil)
	check(t, "owed", owed(d), true)
}
