package otlp

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync/atomic"
	"time"
)

// lane sends what is of one signal, in a goroutine of its own.
type lane struct {
	signal Signal
	*backlog
	frame  *frame
	poster *poster
	tell   *teller
	retry  retry
	ctx    context.Context // ends when nothing is sent any more
	hurry  chan struct{}   // closed when the end has begun: nothing is waited for long
	ended  chan struct{}   // closed when the goroutine has ended

	sent, rejected atomic.Int64 // items
}

// retry says how it is tried again. OTLP/HTTP: with a growing time between, and jitter.
type retry struct {
	first, most time.Duration
	give        time.Duration // after which a batch is given up; 0: never
}

var usualRetry = retry{first: 500 * time.Millisecond, most: 30 * time.Second}

// wait returns how long to wait after so many failures: up to half as much more or less than
// twice the time before.
func (r retry) wait(failures int) time.Duration {
	d := r.first << min(failures, 20)
	if d <= 0 || d > r.most {
		d = r.most
	}
	return d/2 + rand.N(d+1)
}

// run sends batches until no more come.
func (l *lane) run() {
	defer close(l.ended)
	defer l.poster.close()
	for {
		b, ok := l.take()
		if !ok {
			return
		}
		l.done(b, !l.deliver(b))
	}
}

// deliver sends a batch until it is taken or refused, or there is no time left. It reports
// whether the collector has answered so.
func (l *lane) deliver(b batch) bool {
	body, err := l.body(b)
	if err != nil {
		l.tell.once(l.signal, err)
		return false
	}
	begin := time.Now()
	for failures := 0; ; failures++ {
		a := l.poster.post(l.ctx, body, time.Now)
		switch {
		case a.verdict == taken:
			l.took(b.count, a)
			return true
		case a.verdict == refused:
			l.refuses(b.count, a)
			return true
		case l.ctx.Err() != nil:
			l.tell.away(l.signal, explained(a))
			return false
		}
		l.tell.away(l.signal, explained(a))
		if l.retry.give > 0 && time.Since(begin) > l.retry.give {
			l.discard()
			return false
		}
		if !l.pause(max(a.after, l.retry.wait(failures))) {
			return false
		}
	}
}

// took counts what the collector has taken of so many items.
func (l *lane) took(items int64, a answer) {
	rejected := min(a.rejected, items)
	l.sent.Add(items - rejected)
	l.rejected.Add(rejected)
	l.tell.back(l.signal)
	if rejected > 0 || a.says != "" {
		l.tell.once(l.signal, rejects(rejected, a.says))
	}
}

// refuses counts items that the collector will never take.
func (l *lane) refuses(items int64, a answer) {
	l.rejected.Add(items)
	l.tell.once(l.signal, explained(a))
}

func rejects(n int64, says string) error {
	switch {
	case n == 0:
		return fmt.Errorf("the collector says: %s", says)
	case says == "":
		return errors.New("the collector rejects some")
	}
	return fmt.Errorf("the collector rejects some: %s", says)
}

// explained returns why something was not taken, with what the collector says.
func explained(a answer) error {
	if a.says != "" && a.err != nil {
		return fmt.Errorf("%w: %s", a.err, a.says)
	}
	return a.err
}

// pause waits. At the end it waits no longer than an end takes, and not at all for a
// collector that wants more time than that.
func (l *lane) pause(d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-l.ctx.Done():
		return false
	case <-l.hurry:
	}
	if d > shortPause {
		d = shortPause
	}
	late := time.NewTimer(d)
	defer late.Stop()
	select {
	case <-late.C:
		return true
	case <-l.ctx.Done():
		return false
	}
}

// shortPause is the longest pause between tries when the end has begun.
const shortPause = 500 * time.Millisecond

// body returns the request with a batch, compressed unless the endpoint is plain.
func (l *lane) body(b batch) ([]byte, error) {
	if l.poster.endpoint.Plain {
		return l.frame.request(b.items), nil
	}
	return l.frame.packed(b.items)
}
