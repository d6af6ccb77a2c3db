package openfile

import (
	"context"
	"io"
)

// Interruptibly returns what open does, or the error of ctx if that ends first: a
// pipe without a reader, or a server of files that is away, may hold open for ever.
// What it returns later is closed.
func Interruptibly[F io.Closer](ctx context.Context, open func() (F, error)) (F, error) {
	type result struct {
		f   F
		err error
	}
	opened := make(chan result)
	go func() {
		var r result
		r.f, r.err = open()
		select {
		case opened <- r:
		case <-ctx.Done():
			if r.err == nil {
				r.f.Close()
			}
		}
	}()
	select {
	case r := <-opened:
		return r.f, r.err
	case <-ctx.Done():
		var none F
		return none, ctx.Err()
	}
}
