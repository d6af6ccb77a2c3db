package intercept

import (
	"context"
	"errors"
	"fmt"
)

// OpenInPlace takes the place of the socket at path, and keeps it until Close. What a
// killed predecessor has left there is repaired first.
func OpenInPlace(path string, o InPlaceOptions) (*InPlace, error) {
	p, err := openInPlace(path, o)
	return p, wrapInPlace(path, err)
}

func openInPlace(path string, o InPlaceOptions) (*InPlace, error) {
	pl, lock, err := enter(path)
	if err != nil {
		return nil, err
	}
	p := &InPlace{
		place: pl, lock: lock, warn: o.Warn, daemonAt: pl.path, arrivals: make(chan arrival),
		closing: make(chan struct{}), over: make(chan struct{}), followed: make(chan struct{}),
	}
	if p.warn == nil {
		p.warn = func(error) {}
	}
	did, err := p.repair(lock.left)
	if err == nil {
		err = p.check()
	}
	if err == nil {
		err = p.take()
	}
	if err != nil {
		lock.release()
		return nil, err
	}
	if did != "" {
		p.warn(fmt.Errorf("%s: a process that was killed had not given it back: %s", p.path, did))
	}
	ctx, stop := context.WithCancel(context.Background())
	p.stop = stop
	go func() {
		defer close(p.followed)
		p.follow(ctx)
	}()
	return p, nil
}

// Close gives the place back. Who finds the path from then on finds the daemon;
// who is in our queue is still accepted. Later calls return what the first did.
func (p *InPlace) Close() error {
	p.close.Do(func() {
		close(p.closing)
		p.stop()
		<-p.followed
		p.err = wrapInPlace(p.path, p.giveBack())
		p.lock.release()
		go func() {
			p.pumps.Wait()
			close(p.over)
		}()
	})
	return p.err
}

// giveBack gives the daemon its place at the end.
func (p *InPlace) giveBack() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if f := p.front; f != nil && isSocketAt(f.id, p.path) {
		if done, err := p.standAside(); done || err != nil {
			return err
		}
		if isSocketAt(f.id, p.path) { // there is nothing to give the place to
			p.leave()
			return errors.Join(removeSocket(f.id, p.path),
				fmt.Errorf("the daemon's own socket, %s, was taken away: start the daemon again", p.aside))
		}
	}
	p.leave()
	p.clear()
	if isSocketAt(p.own, p.aside) {
		return fmt.Errorf("somebody has removed it; the daemon can still be reached at %s, and has its place again after: socktrace restore %s", p.aside, p.path)
	}
	return nil
}

// CheckInPlace says early what would make OpenInPlace fail, and leaves nothing
// behind. That it returns nil promises nothing.
func CheckInPlace(path string) error {
	p, lock, err := enter(path)
	if err == nil {
		if !isThere(p.aside) { // else it has yet to be repaired
			err = p.check()
		}
		lock.release()
	}
	return wrapInPlace(path, err)
}

// enter takes the lock of a place.
func enter(path string) (p place, l *placeLock, err error) {
	if p, err = placeOf(path); err != nil {
		return p, nil, err
	}
	if err := checkDir(p.dir); err != nil {
		return p, nil, err
	}
	l, err = lockPlace(p.lock)
	return p, l, p.explain(err)
}

// check says whether a daemon's socket is at the path.
func (p place) check() error {
	if err := checkSocket(p.path); err != nil {
		return err
	}
	return checkStream(p.path)
}
