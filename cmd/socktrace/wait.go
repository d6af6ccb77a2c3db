package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"syscall"
	"time"

	"github.com/spf13/pflag"

	"github.com/socktrace/socktrace/intercept"
)

// waiting says for how long a daemon is waited for that is not there. It implements
// pflag.Value.
type waiting struct {
	on   bool
	most time.Duration // 0: for ever
}

var _ pflag.Value = (*waiting)(nil)

// waitForever is the value of the flag without one.
const waitForever = "forever"

// Set reads what the user wrote.
func (w *waiting) Set(v string) error {
	if v == waitForever {
		*w = waiting{on: true}
		return nil
	}
	most, err := time.ParseDuration(v)
	if err != nil || most <= 0 {
		return errors.New("not a time such as 500ms or 2s")
	}
	*w = waiting{true, most}
	return nil
}

// String returns the time as Set would read it; empty if nothing is waited for.
func (w *waiting) String() string {
	switch {
	case !w.on:
		return ""
	case w.most == 0:
		return waitForever
	}
	return w.most.String()
}

// Type names the value in the usage text.
func (w *waiting) Type() string { return "duration" }

// apart returns a failure if the first argument is a time that stands apart from the flag,
// where it is no value of it: what follows is the command, or nothing.
func (w *waiting) apart(code int, args []string) error {
	if !w.on || w.most > 0 || len(args) == 0 || new(waiting).Set(args[0]) != nil {
		return nil
	}
	return &failure{code: code, err: fmt.Errorf("--wait %s: a time is joined to the flag", args[0]), hint: "did you mean --wait=" + args[0] + "?"}
}

// maxPoll is how long it may take to notice that a daemon is there.
const maxPoll = 250 * time.Millisecond

// await waits until the daemon is there, or ctx ends, if that was asked for: it says so
// once. It returns why the daemon cannot be reached.
func (w *waiting) await(ctx context.Context, u intercept.Upstream, tell func(error)) error {
	err := reach(ctx, u)
	if !w.on || !absent(err) {
		return err
	}
	if w.most > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, w.most, errTooLong)
		defer cancel()
	}
	tell(fmt.Errorf("%w: waiting for it", err))
	tick := time.NewTicker(maxPoll)
	defer tick.Stop()
	for absent(err) {
		select {
		case <-tick.C:
			err = reach(ctx, u)
		case <-ctx.Done():
			if context.Cause(ctx) == errTooLong {
				return fmt.Errorf("%w, for %s now", err, w.most)
			}
			return ctx.Err()
		}
	}
	return err
}

var errTooLong = errors.New("waited for long enough")

// wsaRefused is ECONNREFUSED where package net has it from Windows.
const wsaRefused = syscall.Errno(10061)

// absent reports whether an error says that no daemon is there, which may come yet.
func absent(err error) bool {
	for _, target := range []error{fs.ErrNotExist, syscall.ECONNREFUSED, wsaRefused, syscall.EHOSTUNREACH, syscall.ENETUNREACH} {
		if errors.Is(err, target) {
			return true
		}
	}
	return false
}

// waitToListen waits for the daemon before a socket stands for it; nil if it is not
// waited for, or ctx has ended.
func (o *options) waitToListen(ctx context.Context, u intercept.Upstream, w *warner) error {
	if !o.wait.on {
		return nil
	}
	err := o.wait.await(ctx, u, w.warn)
	if !absent(err) || ctx.Err() != nil {
		return nil // what else is wrong is told later
	}
	return &failure{code: exitFailed, err: err, hint: upstreamHint(err, u)}
}
