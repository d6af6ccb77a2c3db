package flow

import "time"

// defaultEvery is how often sinks are told the time.
const defaultEvery = 250 * time.Millisecond

// patience is how long one waits for what is busy with a sink. Beyond it the sink
// hangs, and it is passed by.
const patience = time.Second

// ticker calls a function now and then, in a goroutine of its own.
type ticker struct{ stop, stopped chan struct{} }

// startTicker starts a ticker, to be stopped by end.
func startTicker(every time.Duration, tick func(time.Time)) *ticker {
	t := &ticker{make(chan struct{}), make(chan struct{})}
	go t.run(every, tick)
	return t
}

func (t *ticker) run(every time.Duration, tick func(time.Time)) {
	defer close(t.stopped)
	clock := time.NewTicker(every)
	defer clock.Stop()
	for {
		select {
		case <-t.stop:
			return
		case now := <-clock.C:
			tick(now)
		}
	}
}

// end stops the ticker: it calls nothing any more, unless it has been within a call
// for long. It may be called once.
func (t *ticker) end() {
	close(t.stop)
	select {
	case <-t.stopped:
	case <-time.After(2 * patience): // it may wait for a connection before it hangs
	}
}
