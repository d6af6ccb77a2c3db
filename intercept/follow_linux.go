package intercept

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"time"

	"golang.org/x/sys/unix"
)

const (
	// lookEvery is how often a place is looked at when nothing tells of a change.
	lookEvery = 200 * time.Millisecond
	// settle is how long a new socket of a daemon must have been as it is: daemons make
	// it first, and say then who may connect.
	settle = 20 * time.Millisecond
)

// follow looks after the place until ctx ends.
func (p *InPlace) follow(ctx context.Context) {
	w := newDirWatch(p.dir)
	defer func() { w.close() }()
	for {
		pause := p.look()
		select {
		case <-ctx.Done():
			return
		case <-w.changed:
		case <-time.After(pause):
			if !w.sees(p.dir) {
				w.close()
				w = newDirWatch(p.dir)
			}
		}
	}
}

// look does what the daemon's doings ask for, and returns when to look again.
func (p *InPlace) look() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	here, err := socketAt(p.path)
	f := p.front
	switch {
	case f == nil:
	case err == nil && here == f.id && !isSocketAt(p.own, p.aside):
		p.fail(fmt.Errorf("the daemon's own socket, %s, was taken away: nobody can reach it until it is started again", p.aside))
		return lookEvery
	case err == nil && here == f.id && isAlive(p.aside):
		p.mirror()
		return lookEvery
	case err == nil && here == f.id:
		// The daemon was killed: clients are to find what it has left.
		if done, err := p.standAside(); err != nil {
			p.fail(err)
		} else if done {
			p.tell(fmt.Errorf("%s: its daemon is gone; waiting for it to come back", p.path))
		}
		return lookEvery
	default:
		p.leave()
		p.tell(fmt.Errorf("%s: it was removed; waiting for a new one", p.path))
	}
	p.clear()
	here, err = socketAt(p.path) // that may have given the daemon's its place
	if err != nil {
		if p.seen = (sighting{}); !errors.Is(err, fs.ErrNotExist) {
			p.fail(err)
		}
		return lookEvery
	}
	ready, again := p.ready(here)
	if !ready {
		return again
	}
	if err := p.take(); err != nil {
		p.fail(err)
		return lookEvery
	}
	p.tell(fmt.Errorf("%s: in place again, of a new socket", p.path))
	return lookEvery
}

// tell tells of a change.
func (p *InPlace) tell(what error) {
	p.told = ""
	p.warn(what)
}

// fail tells why the place cannot be had; not again and again. It may come.
func (p *InPlace) fail(err error) {
	if errors.Is(err, fs.ErrNotExist) || p.told == err.Error() {
		return
	}
	p.told = err.Error()
	p.warn(wrapInPlace(p.path, err))
}

// mirror gives the daemon's own socket what somebody has changed of ours, who meant
// that: its mode, for one. p.mu is held.
func (p *InPlace) mirror() {
	f := p.front
	now, err := accessOf(p.path)
	if err != nil || now == f.ours || !isSocketAt(f.id, p.path) {
		return
	}
	f.own = f.own.changed(f.ours, now)
	f.ours = now
	warning, err := f.own.give(p.aside)
	if err != nil {
		p.fail(fmt.Errorf("what was changed of it is lost at the end: %w", err))
	} else if warning != nil {
		p.fail(warning)
	}
}

// ready reports whether a daemon listens on a socket that is at the path, and has
// done with making it; else when to look again. p.mu is held.
func (p *InPlace) ready(here fileID) (ready bool, again time.Duration) {
	is, err := accessOf(p.path)
	if err != nil || !isAlive(p.path) {
		p.seen = sighting{}
		return false, lookEvery
	}
	if p.seen.id != here || p.seen.access != is {
		p.seen = sighting{here, is, time.Now()}
	}
	if time.Since(p.seen.since) < settle {
		return false, settle
	}
	// Only who connects knows whether it listens.
	c, err := net.DialTimeout("unix", p.path, lookEvery)
	switch {
	case err == nil:
		c.Close()
	case !errors.Is(err, unix.EAGAIN): // its queue is full
		if errors.Is(err, unix.ECONNREFUSED) {
			return false, settle
		}
		return false, lookEvery
	}
	return true, 0
}
