package intercept

import (
	"context"
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

// sighting is a socket at the path of a place that is not ours.
type sighting struct {
	id     fileID
	access access
	since  time.Time
}
