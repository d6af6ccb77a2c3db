package main

import (
	"context"
	"io"
	"os"
	"os/signal"
	"slices"
	"sync"
	"syscall"
	"time"
)

// closeBehind is within what time a second signal is the same request to end as the
// first: timeout sends one to the program, and one to its group.
const closeBehind = 200 * time.Millisecond

// asked hears the signals that ask the program to end, from when it is made on. The
// first ends ctx. One that comes later, or SIGQUIT, ends the program at once, whatever
// it waits for; but not before what must not be left out is done.
type asked struct {
	ctx    context.Context
	stop   context.CancelFunc // ends ctx, too: what comes then ends the program
	caught chan os.Signal
	dieBy  func(os.Signal)
	always []os.Signal // those that count until a command runs

	mu     sync.Mutex
	by     os.Signal       // the first, but for those that a command got; nil: none has come
	since  time.Time       // when that was, or when a command last got one
	pass   func(os.Signal) // not nil: a command gets what comes
	lastly []func()        // what must not be left out
}

// untilSignal returns what hears the signals that ask a command of ours to end.
//
// SIGINT and SIGTERM always count. A shell that runs a script starts what is in
// the background with SIGINT ignored, so that the terminal's keys do not reach it;
// but who says kill -INT means it. SIGHUP stays ignored if it was: that is what
// nohup is for; so does SIGQUIT.
func untilSignal() *asked {
	background := signal.Ignored(os.Interrupt)
	signals := []os.Signal{os.Interrupt, syscall.SIGTERM}
	for _, s := range []os.Signal{syscall.SIGHUP, syscall.SIGQUIT} {
		if !signal.Ignored(s) {
			signals = append(signals, s)
		}
	}
	return newAsked(signals, func(s os.Signal) {
		if s != os.Interrupt || !background { // to die by it would be ignored
			dieBy(s)
		}
		os.Exit(exitFailed)
	})
}

// untilCommand is untilSignal for what runs a command, which gets those of passed when it
// runs (see passTo).
func untilCommand(passed []os.Signal) *asked {
	always := slices.DeleteFunc([]os.Signal{os.Interrupt, syscall.SIGTERM}, func(s os.Signal) bool { return slices.Contains(passed, s) })
	a := newAsked(append(always, passed...), func(s os.Signal) {
		if slices.Contains(passed, s) {
			dieBy(s)
		}
		os.Exit(exitRun)
	})
	a.always = always
	return a
}

// newAsked returns what hears some signals. Its goroutine lasts as long as the process.
func newAsked(signals []os.Signal, dieBy func(os.Signal)) *asked {
	a := &asked{caught: make(chan os.Signal, 16), dieBy: dieBy}
	a.ctx, a.stop = context.WithCancel(context.Background())
	if len(signals) > 0 { // none would be all
		signal.Notify(a.caught, signals...)
	}
	go func() {
		for s := range a.caught {
			a.hear(s, time.Now())
		}
	}()
	return a
}

// hear does what a signal asks for.
func (a *asked) hear(s os.Signal, now time.Time) {
	a.mu.Lock()
	pass, since, ends := a.pass, a.since, slices.Contains(ending, s)
	if pass == nil && ends && a.by == nil {
		a.by, a.since = s, now
	}
	if pass != nil && ends {
		a.since = now
	}
	a.mu.Unlock()
	switch {
	case pass != nil:
		pass(s)
	case !ends:
	case s == syscall.SIGQUIT:
		a.die(s)
	case !since.IsZero() && now.Sub(since) < closeBehind:
	case a.ctx.Err() == nil:
		a.stop()
	default:
		a.die(s)
	}
}

// ending are the signals that end a program.
var ending = []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT}

// die ends the program, but for what must not be left out.
func (a *asked) die(s os.Signal) {
	endsWithin(endGrace, a.last)
	a.dieBy(s)
}

// mustDo has f be called before a signal ends the program, at most once and from any
// goroutine; and not if done was called before.
func (a *asked) mustDo(f func()) (done func()) {
	a.mu.Lock()
	defer a.mu.Unlock()
	i := len(a.lastly)
	a.lastly = append(a.lastly, f)
	return func() {
		a.mu.Lock()
		defer a.mu.Unlock()
		a.lastly[i] = func() {}
	}
}

// last does what must not be left out, the latest first.
func (a *asked) last() {
	a.mu.Lock()
	lastly := slices.Clone(a.lastly)
	a.mu.Unlock()
	for _, f := range slices.Backward(lastly) {
		f()
	}
}

// passTo has a command get what comes from now on, until end is called. From then on it is
// for us again: the first has us do what we do, and so it is with none that is close
// behind one that the command got. If one has come before, the command need not run: by
// is that.
func (a *asked) passTo(pass func(os.Signal)) (end func(), by os.Signal) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.pass = pass
	if len(a.always) > 0 { // none would be all
		signal.Reset(a.always...) // the command is to ignore what we were to
	}
	return func() {
		a.mu.Lock()
		defer a.mu.Unlock()
		a.pass = nil
	}, a.by
}

// openLasting returns what open does, which others would find when the program has ended
// if it were not closed: so it is closed before any signal ends the program. If ctx of a
// ends first it is closed as soon as it is there, for which nobody waits for ever. done is
// to be called when it has been closed otherwise.
func openLasting[F io.Closer](a *asked, open func() (F, error)) (_ F, done func(), _ error) {
	var f F
	var err error
	is := make(chan struct{})
	var once sync.Once
	closeIt := func() {
		if <-is; err == nil {
			once.Do(func() { f.Close() })
		}
	}
	done = a.mustDo(closeIt)
	go func() {
		f, err = open()
		close(is)
	}()
	select {
	case <-is:
		return f, done, err
	case <-a.ctx.Done():
		var none F
		endsWithin(endGrace, closeIt)
		return none, done, a.ctx.Err()
	}
}
