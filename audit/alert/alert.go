// Package alert tells somebody of lines of an audit as they are written: a command gets
// each on its standard input, a server as the body of a POST. It is never in the way: what
// there is no room for is left out and counted, and what does not end in time is given up.
package alert

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

const (
	maxWaiting = 256              // alerts that wait
	maxBytes   = 4 << 20          // of these
	maxAtOnce  = 4                // that are under way
	patience   = 10 * time.Second // how long one may take
	grace      = 2 * time.Second  // how long Close waits
)

// Alerts tell of lines. Offer may be called concurrently.
type Alerts struct {
	on     []string
	send   func(ctx context.Context, line []byte) error
	failed func(error)
	ctx    context.Context
	stop   context.CancelFunc

	queue   chan []byte
	waiting atomic.Int64 // bytes in the queue
	working sync.WaitGroup
	closing sync.RWMutex // held for reading while something is put in the queue
	closed  bool

	sent, unsent, leftOut atomic.Int64
	told                  atomic.Bool
}

// New returns alerts that go to a target: unix:///path, with :/path of a URL behind it if
// there is one, http://… or https://…; or a command for the shell. Of lines only those are
// told that have one of the marks. failed is told the first thing that goes wrong.
func New(target string, marks []string, failed func(error)) (*Alerts, error) {
	send, err := sender(target)
	if err != nil {
		return nil, err
	}
	a := &Alerts{on: marks, send: send, failed: failed, queue: make(chan []byte, maxWaiting)}
	a.ctx, a.stop = context.WithCancel(context.Background())
	for range maxAtOnce {
		a.working.Go(a.work)
	}
	return a, nil
}

// Offer tells of a line with these marks, later. It keeps neither.
func (a *Alerts) Offer(line []byte, marks []string) {
	if !slices.ContainsFunc(marks, func(mark string) bool { return slices.Contains(a.on, mark) }) {
		return
	}
	a.closing.RLock()
	defer a.closing.RUnlock()
	n := int64(len(line))
	if a.closed || a.waiting.Add(n) > maxBytes {
		a.leave(n, !a.closed)
		return
	}
	select {
	case a.queue <- bytes.Clone(line):
	default:
		a.leave(n, true)
	}
}

// leave counts a line that there is no room for.
func (a *Alerts) leave(n int64, waited bool) {
	if waited {
		a.waiting.Add(-n)
	}
	a.leftOut.Add(1)
	a.fail(fmt.Errorf("there are more than can be sent"))
}

// work sends one alert after the other.
func (a *Alerts) work() {
	for line := range a.queue {
		a.waiting.Add(-int64(len(line)))
		ctx, done := context.WithTimeout(a.ctx, patience)
		err := a.try(ctx, line)
		done()
		if err != nil {
			a.unsent.Add(1)
			a.fail(err)
			continue
		}
		a.sent.Add(1)
	}
}

// try sends one. What panics has failed.
func (a *Alerts) try(ctx context.Context, line []byte) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	return a.send(ctx, line)
}

// fail tells of the first failure.
func (a *Alerts) fail(err error) {
	if !a.told.Swap(true) {
		a.failed(err)
	}
}

// Counts returns how many alerts were sent, how many failed, and how many were left out
// since there was no room for them.
func (a *Alerts) Counts() (sent, failed, leftOut int64) {
	return a.sent.Load(), a.unsent.Load(), a.leftOut.Load()
}

// Close sends what waits, as long as that takes no more than a moment, and gives up the
// rest, which has failed.
func (a *Alerts) Close() {
	a.closing.Lock()
	was := a.closed
	a.closed = true
	if !was {
		close(a.queue)
	}
	a.closing.Unlock()
	late := time.AfterFunc(grace, a.stop)
	a.working.Wait()
	late.Stop()
	a.stop()
}
