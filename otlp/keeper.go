package otlp

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/socktrace/socktrace/otlp/disk"
)

// keeper is a lane with a spool on disk behind it. Batches go straight to the collector as
// long as it takes them; while it is away, or slower than what comes, they go to the disk,
// and everything that comes later goes behind them. All is in the goroutine of run, but for
// the one request that is on its way.
type keeper struct {
	*lane
	store    *disk.Store
	answers  chan answer
	sent     *letter   // on its way; nil: nothing is
	held     []*letter // of memory, in order, which were not taken, nor by the disk: two at most
	away     time.Time // since when the collector is; zero: it is there
	failures int
	next     time.Time // nothing is sent before
	stuck    time.Time // until when the disk is not asked again
	ending   bool
}

// letter is a request.
type letter struct {
	packed []byte
	number uint64
	batch  batch      // of memory, if unit is nil
	unit   *disk.Unit // of the disk
}

func (t *letter) items() int64 {
	if t.unit != nil {
		return t.unit.Items
	}
	return t.batch.count
}

// diskPause is how long a disk that has taken nothing is left alone.
const diskPause = 5 * time.Second

func (k *keeper) run() {
	defer close(k.ended)
	defer k.poster.close()
	k.answers = make(chan answer, 1)
	for {
		k.save()
		k.send()
		wait, over := k.state()
		if over {
			return
		}
		k.await(wait)
	}
}

// kind is what the store calls the signal.
func (k *keeper) kind() string { return k.signal.String() }

// last reports whether nothing is sent any more.
func (k *keeper) last() bool { return k.ctx.Err() != nil }

// save puts to the disk what is not to wait in memory.
func (k *keeper) save() {
	for k.spools() {
		if len(k.held) == 0 {
			t := k.take()
			if t == nil {
				return
			}
			k.held = append(k.held, t)
		}
		t := k.held[0]
		if err := k.store.Put(k.kind(), t.number, t.items(), t.packed); err != nil {
			k.tell.once(k.signal, fmt.Errorf("the spool: %w", err))
			if errors.Is(err, disk.ErrTooLarge) {
				k.held = k.held[1:]
				k.done(t.batch, true)
				continue
			}
			k.stuck = time.Now().Add(diskPause)
			if k.last() {
				k.leave()
			}
			return
		}
		k.held = k.held[1:]
		k.done(t.batch, false)
	}
}

// spools reports whether what is in memory goes to the disk now.
func (k *keeper) spools() bool {
	switch {
	case k.last():
		return true // also what the disk has not taken before
	case time.Now().Before(k.stuck):
		return false
	case !k.away.IsZero():
		return true
	case k.block: // who adds waits, rather than that the disk is filled by a collector that is slow
		return false
	}
	_, crowded, _, _ := k.awaited()
	return crowded || k.store.Has(k.kind())
}

// take makes a letter of the next batch; nil if there is none yet.
func (k *keeper) take() *letter {
	for {
		b, _, _ := k.ready()
		if b.count == 0 {
			return nil
		}
		packed, err := k.frame.packed(b.items)
		if err == nil {
			return &letter{packed: packed, number: k.store.Reserve(), batch: b}
		}
		k.tell.once(k.signal, err)
		k.done(b, true)
	}
}

// send has the oldest go to the collector, if it is time.
func (k *keeper) send() {
	if k.sent != nil || k.last() || time.Now().Before(k.next) {
		return
	}
	t := k.oldest()
	if t == nil {
		return
	}
	body := t.packed
	if k.poster.endpoint.Plain {
		body, _ = disk.Plain(body) // it is whole
	}
	k.sent = t
	go func() { k.answers <- k.poster.post(k.ctx, body, time.Now) }()
}

// oldest returns what is to be sent next; nil if there is nothing.
func (k *keeper) oldest() *letter {
	u, packed, ok, err := k.store.Oldest(k.kind())
	if err != nil {
		k.tell.once(k.signal, fmt.Errorf("the spool: %w", err))
		k.next = time.Now().Add(diskPause)
		return nil
	}
	if len(k.held) > 0 && (!ok || k.held[0].number < u.Number) {
		if ok {
			k.store.Later(u)
		}
		t := k.held[0]
		k.held = k.held[1:]
		return t
	}
	if ok {
		return &letter{packed: packed, number: u.Number, unit: &u}
	}
	return k.take()
}

// answered does what an answer means.
func (k *keeper) answered(a answer) {
	t := k.sent
	k.sent = nil
	if a.verdict == again {
		k.fails(t, a)
		return
	}
	k.away, k.failures, k.next = time.Time{}, 0, time.Time{}
	if a.verdict == taken {
		k.took(t.items(), a)
	} else {
		k.refuses(t.items(), a)
	}
	if t.unit != nil {
		k.store.Done(*t.unit)
	} else {
		k.done(t.batch, false)
	}
}

// fails has a letter be sent later.
func (k *keeper) fails(t *letter, a answer) {
	k.tell.away(k.signal, explained(a))
	now := time.Now()
	if k.away.IsZero() {
		k.away = now
	}
	k.next = now.Add(max(a.after, k.retry.wait(k.failures)))
	k.failures++
	if t.unit != nil {
		k.store.Later(*t.unit)
	} else {
		k.held = slices.Insert(k.held, 0, t)
	}
	if k.retry.give > 0 && now.Before(k.stuck) && now.Sub(k.away) > k.retry.give {
		k.leave()
	}
}

// state returns how long there is nothing to do, 0 for until something happens, and whether
// that is the end: all is sent, or on the disk. At the end a collector that is away is not
// tried again, unless the disk does not take what there is.
func (k *keeper) state() (wait time.Duration, over bool) {
	_, _, age, empty := k.awaited()
	if k.last() { // nothing is in memory
		return 0, k.sent == nil
	}
	more := k.store.Has(k.kind())
	if k.ending && k.sent == nil && len(k.held) == 0 && empty && (!more || !k.away.IsZero()) {
		return 0, true
	}
	if k.sent != nil {
		return age, false
	}
	if until := time.Until(k.next); (more || len(k.held) > 0) && until > 0 && (age == 0 || until < age) {
		return until, false
	}
	return age, false
}

// leave counts what is in memory, and can neither be sent nor kept.
func (k *keeper) leave() {
	for _, t := range k.held {
		k.done(t.batch, true)
	}
	k.held = nil
	k.discard()
}

// await waits until something happens, or for some time.
func (k *keeper) await(wait time.Duration) {
	var late <-chan time.Time
	if wait > 0 {
		timer := time.NewTimer(wait)
		defer timer.Stop()
		late = timer.C
	}
	hurry, over := k.hurry, k.ctx.Done()
	if k.ending {
		hurry = nil
	}
	if k.last() { // what is on its way is awaited
		over = nil
	}
	select {
	case a := <-k.answers:
		k.answered(a)
	case <-k.wake:
	case <-late:
	case <-hurry:
		k.ending = true
	case <-over:
	}
}
