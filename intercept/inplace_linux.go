package intercept

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"
)

// InPlace is a socket in the place of a daemon's: at the path that its clients know.
// It is a listener whose connections are for Upstream, which is that daemon's own
// socket, wherever that is.
//
// Ours and the daemon's change places in one step (RENAME_EXCHANGE), so at no moment
// does a client find nothing. A daemon that has the path made anew is followed; while
// none has its socket, clients find at the path what they would find without us.
type InPlace struct {
	place
	lock     *placeLock
	warn     func(error) // p.mu is held
	arrivals chan arrival
	pumps    sync.WaitGroup
	closing  chan struct{} // closed when Close begins
	over     chan struct{} // closed when no connection is left to be accepted
	stop     context.CancelFunc
	followed chan struct{} // closed when nobody follows any more
	close    sync.Once
	err      error // of Close

	mu    sync.Mutex // held while files change; guards what follows
	front *front     // what is in the place; nil: nothing of ours
	past  *front     // what somebody took out of it last; nil: nothing
	own   fileID     // the daemon's socket that was aside last
	seen  sighting   // of a socket that may be the daemon's new one
	told  string     // the last failure

	moving   sync.RWMutex // held while the daemon's socket changes its name; guards what follows
	daemonAt string       // its path
}

// front is a socket of ours that is, or was, in the place.
type front struct {
	l    *net.UnixListener
	id   fileID
	ours access // as we made it
	own  access // of the daemon's socket then
	left chan struct{}
	over chan struct{} // closed when l is
}

// arrival is what a front has accepted, or why it could not.
type arrival struct {
	c   net.Conn
	err error
}

const (
	// quiet is how long nobody may come any more to a socket of ours that lost its
	// name until it is closed. It bounds how long a process may take from finding the
	// socket by its name to being in its queue, two steps of one system call.
	quiet = 250 * time.Millisecond
	// abandon is how long who is left in a queue waits at the end for a proxy that
	// has no room.
	abandon = 5 * time.Second
	// tries bounds how often a daemon may change its socket while we take its place.
	tries = 10
)

// OpenInPlace takes the place of the socket at path, and keeps it until Close. What a
// killed predecessor has left there is repaired first.
func OpenInPlace(path string, o InPlaceOptions) (*InPlace, error) {
	p, err := openInPlace(path, o)
	return p, wrapInPlace(path, err)
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

// Local returns the address that clients connect to.
func (p *InPlace) Local() Addr { return Addr{"unix", p.path} }

// Addr is that for package net.
func (p *InPlace) Addr() net.Addr { return &net.UnixAddr{Name: p.path, Net: "unix"} }

// Aside returns where the daemon's own socket is while ours is in its place.
func (p *InPlace) Aside() string { return p.aside }

// Upstream returns the daemon. Its address is the one that everybody knows it by.
func (p *InPlace) Upstream() Upstream { return Upstream{Addr: p.Local(), reach: p.dial} }

// dial connects to the daemon's own socket.
func (p *InPlace) dial(ctx context.Context) (net.Conn, error) {
	p.moving.RLock()
	defer p.moving.RUnlock()
	var d net.Dialer
	return d.DialContext(ctx, "unix", p.daemonAt)
}

// Accept returns the next client. After Close it goes on until nobody is left who
// had found our socket before.
func (p *InPlace) Accept() (net.Conn, error) {
	select {
	case a := <-p.arrivals:
		return a.c, a.err
	case <-p.over:
		return nil, net.ErrClosed
	}
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
