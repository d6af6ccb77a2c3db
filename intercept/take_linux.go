package intercept

import (
	"errors"
	"fmt"
	"io/fs"
	"time"
)

// take puts a socket of ours in the place of the one that is there. p.mu is held,
// but at the start.
func (p *InPlace) take() error {
	for range tries {
		if done, err := p.tryTake(); done || err != nil {
			return err
		}
	}
	return errors.New("it changes all the time")
}

// tryTake is take, unless the daemon changes its socket meanwhile.
func (p *InPlace) tryTake() (done bool, err error) {
	own, err := socketAt(p.path)
	if err != nil {
		return false, err
	}
	f, warning, err := p.prepare()
	if err != nil {
		return false, err
	}
	defer func() {
		if !done {
			_ = removeSocket(f.id, p.aside)
			f.l.Close()
		}
	}()
	if err := errors.Join(p.lock.renew(), p.lock.note(f.id)); err != nil {
		return false, err
	}
	p.moving.Lock()
	defer p.moving.Unlock()
	p.own = own
	if done, err = p.exchangeIf(own, f.id); !done {
		return false, err
	}
	if now, err := accessOf(p.aside); err != nil || now != f.own {
		// Who may connect has changed after it was copied.
		done, err = false, p.exchange()
		return false, err
	}
	p.daemonAt, p.front = p.aside, f
	p.pumps.Go(func() { p.pump(f) })
	if warning != nil {
		p.warn(warning)
	}
	return true, nil
}

// prepare makes a socket of ours beside the one that is in the place, with its
// access.
func (p *InPlace) prepare() (f *front, warning, err error) {
	if isThere(p.aside) {
		return nil, nil, fmt.Errorf("%s is in the way: %w", p.aside, fs.ErrExist)
	}
	own, err := accessOf(p.path)
	if err != nil {
		return nil, nil, err
	}
	l, err := bindPrivately(p.aside)
	if err != nil {
		return nil, nil, p.explain(cause(err))
	}
	l.SetUnlinkOnClose(false) // it would remove whatever is there by then
	f = &front{l: l, own: own, left: make(chan struct{}), over: make(chan struct{})}
	if f.id, err = socketAt(p.aside); err == nil {
		warning, err = own.give(p.aside)
	}
	if err == nil {
		f.ours, err = accessOf(p.aside)
	}
	if err != nil {
		_ = removeSocket(f.id, p.aside)
		l.Close()
		return nil, nil, err
	}
	return f, warning, nil
}

// standAside gives the place to the daemon's socket that is aside, and removes the
// name of ours. It is not done if the daemon has just made another. p.mu is held.
func (p *InPlace) standAside() (done bool, err error) {
	p.moving.Lock()
	defer p.moving.Unlock()
	if done, err = p.exchangeIf(p.front.id, p.own); !done {
		return false, err
	}
	p.daemonAt = p.path
	err = removeSocket(p.front.id, p.aside)
	p.leave()
	p.past = nil
	return true, err
}

// leave has our socket be closed as soon as nobody comes any more: it has lost its
// name. p.mu is held.
func (p *InPlace) leave() {
	if f := p.front; f != nil {
		p.front, p.past = nil, f
		close(f.left)
		_ = f.l.SetDeadline(time.Now().Add(quiet))
	}
}

// clear removes what is aside if it is of no use any more: nobody has it, or the
// daemon has made another. p.mu is held, and ours is not in the place.
func (p *InPlace) clear() {
	p.moving.Lock()
	defer p.moving.Unlock()
	if p.isBack() {
		if done, err := p.exchangeIf(p.past.id, p.own); err != nil {
			return
		} else if done {
			_ = removeSocket(p.past.id, p.aside)
		} else {
			_ = removeSocket(p.past.id, p.path)
		}
		p.past = nil
	}
	if isSocketAt(p.own, p.aside) {
		if _, err := socketAt(p.path); err != nil && isAlive(p.aside) {
			return // it is about to end, and may still serve who has found it before
		}
		_ = removeSocket(p.own, p.aside)
	}
	p.daemonAt = p.path
}

// isBack reports whether a socket of ours is in the place that somebody had taken out of
// it: it, or the directory, was moved away and back. Where ours is closed already its number may be
// another's by now, but only a dead one's is taken for it. p.mu is held.
func (p *InPlace) isBack() bool {
	if p.past == nil || !isSocketAt(p.past.id, p.path) {
		return false
	}
	select {
	case <-p.past.over:
		return !isAlive(p.path)
	default:
		return true
	}
}
