package otlp

import (
	"sync"
	"time"
)

// Bounds of a batch: it is sent when it has as many items, as many bytes, or a part of all
// that may wait, or when the first of them has waited as long.
const (
	maxItems   = 512
	maxBytes   = 1 << 20
	batchPart  = 8
	batchDelay = time.Second
)

// batch is items that are sent together, encoded one after the other.
type batch struct {
	items []byte
	count int64
	since time.Time // when the first came
}

// full reports whether nothing is added any more, where most bytes may wait.
func (b *batch) full(most int) bool {
	return b.count >= maxItems || len(b.items) >= min(maxBytes, most/batchPart)
}

// backlog is what waits to be sent: batches, and one that is not full. It is bounded: what
// does not fit is left out and counted, or, with wait, waited for.
type backlog struct {
	most  int  // bytes
	block bool // wait for room
	wake  chan struct{}

	mu      sync.Mutex
	room    sync.Cond // of mu
	batches []batch
	last    batch
	spare   []byte // memory for the batch after the last; nil: there is none
	bytes   int
	taken   int64 // items that were taken, and are not done
	dropped int64 // items
	closed  bool  // no more will come
	dead    bool  // nothing is taken any more
}

func newBacklog(most int, block bool) *backlog {
	l := &backlog{most: most, block: block, wake: make(chan struct{}, 1)}
	l.room.L = &l.mu
	return l
}

// add adds an item.
func (l *backlog) add(message []byte) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for l.block && !l.dead && !l.closed && l.bytes > 0 && l.bytes+len(message) > l.most {
		if l.last.count > 0 { // nobody adds to it meanwhile
			l.seal()
			l.rouse()
		}
		l.room.Wait()
	}
	if l.dead || l.closed || l.bytes > 0 && l.bytes+len(message) > l.most {
		l.dropped++
		return
	}
	if l.last.count == 0 {
		l.last.since = time.Now()
		l.rouse() // it is to be sent in a while
	}
	before := len(l.last.items)
	l.last.items = appendItem(l.last.items, message)
	l.last.count++
	l.bytes += len(l.last.items) - before
	if l.last.full(l.most) {
		l.seal()
		l.rouse()
	}
}

// seal puts the last batch behind the others.
func (l *backlog) seal() {
	l.batches = append(l.batches, l.last)
	next := l.spare
	if l.spare = nil; next == nil {
		next = make([]byte, 0, cap(l.last.items))
	}
	l.last = batch{items: next}
}

func (l *backlog) rouse() {
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

// take returns the next batch, waiting until one is full, old enough, or the last; false if
// none will come. What is taken counts as waiting until it is done.
func (l *backlog) take() (batch, bool) {
	for {
		b, wait, over := l.ready()
		switch {
		case b.count > 0:
			return b, true
		case over:
			return batch{}, false
		case wait == 0:
			<-l.wake
			continue
		}
		timer := time.NewTimer(wait)
		select {
		case <-l.wake:
		case <-timer.C:
		}
		timer.Stop()
	}
}

// ready returns a batch that is, or how long to wait for one.
func (l *backlog) ready() (b batch, wait time.Duration, over bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	has, wait, over := l.look()
	if !has {
		return batch{}, wait, over
	}
	b = l.batches[0]
	l.batches[0] = batch{}
	l.batches = l.batches[1:]
	l.taken += b.count
	return b, 0, false
}

// awaited is ready, but leaves the batch where it is. crowded says that half of what may
// wait does.
func (l *backlog) awaited() (has, crowded bool, wait time.Duration, over bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	has, wait, over = l.look()
	return has, l.bytes > l.most/2, wait, over
}

// look reports whether there is a batch; if not, how long to wait for one.
func (l *backlog) look() (has bool, wait time.Duration, over bool) {
	if l.last.count > 0 && len(l.batches) == 0 {
		if age := time.Since(l.last.since); age >= batchDelay || l.closed {
			l.seal()
		} else {
			wait = batchDelay - age
		}
	}
	has = len(l.batches) > 0
	return has, wait, l.closed && !has
}

// done makes room when a batch has been sent, or is left out. Its memory is used again.
func (l *backlog) done(b batch, dropped bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.bytes -= len(b.items)
	l.taken -= b.count
	if l.spare == nil && !l.dead {
		l.spare = b.items[:0]
	}
	if dropped {
		l.dropped += b.count
	}
	l.room.Broadcast()
}

// close says that no more will come.
func (l *backlog) close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = true
	l.room.Broadcast()
	l.rouse()
}

// discard leaves out what waits, and all that comes.
func (l *backlog) discard() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.dropped += l.last.count
	for _, b := range l.batches {
		l.dropped += b.count
	}
	l.batches, l.last, l.spare, l.bytes, l.dead = nil, batch{}, nil, 0, true
	l.room.Broadcast()
	l.rouse()
}

// abandon is discard, also of what was taken and is not done.
func (l *backlog) abandon() {
	l.discard()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.dropped += l.taken
}

// left returns how many items were left out so far.
func (l *backlog) left() int64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.dropped
}
