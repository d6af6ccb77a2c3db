package intercept

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/socktrace/socktrace/wire"
)

// Proxy accepts clients, connects each of them to the upstream, and relays
// what they say to each other. Its fields must not change once Serve runs.
type Proxy struct {
	Listener net.Listener // closed when Serve returns
	Upstream Upstream
	// TLS has clients speak TLS, with a certificate of Certificates or GetCertificate;
	// nil: they speak plain. The protocol (ALPN) is the one that the upstream chooses
	// of those that the client offers.
	TLS *tls.Config
	// Tap returns what is to see the bytes of a connection; nil if nothing
	// is. It is called once a connection, by goroutines of several connections
	// at once, before the first byte; if the upstream cannot be reached, End
	// follows at once and says why.
	Tap func(*wire.Conn) wire.Tap
	// TapFirst has the tap see each read before it is forwarded, and not while
	// it is on its way: what a recorder has of an exchange when its client has
	// all of it then does not depend on how the process ends.
	TapFirst bool
	// Describe adds to a client's process what is to be known of it, before the tap is asked
	// for. It is called for several connections at once. May be nil.
	Describe func(*wire.Process)
	// Refuse is asked, with TapFirst, when the tap has seen what was read and before that is
	// forwarded: if it returns an error, nothing more is, and the connection is closed at
	// both ends. It is called for several connections at once, and for both directions of
	// one. A connection whose tap has panicked is refused as well. May be nil.
	Refuse func(*wire.Conn) error
	// Meddle returns who changes on purpose what a connection carries; nil if nobody does. It
	// is called once a connection, before Tap is, for several at once. With a Meddler the
	// tap sees each read first, as by TapFirst. May be nil.
	Meddle func(*wire.Conn) Meddler
	// Numbers numbers the connections, among others if there are more sources. Nil:
	// they are numbered by themselves.
	Numbers *wire.Numbers
	// Warn gets messages for the user; each text once. It may be called by
	// several goroutines at once. May be nil.
	Warn func(error)

	accepted    atomic.Int64
	ended       atomic.Int64
	descriptors atomic.Int64 // messages that came with some
	larges      larges
	pipes       pipes
	seeker      seeker
	names       [2]names // of clients, and of the upstream

	mu     sync.Mutex
	warned map[string]bool
	stop   context.CancelFunc // of the Serve that runs, and
	done   chan struct{}      // closed when it returns
}

// maxWarnings bounds the texts that are remembered to be given once only: a
// hostile upstream could make up new ones for ever.
const maxWarnings = 1000

// Serve relays until ctx is done, then closes every connection at once (their
// taps see wire.ErrStopped); or until the listener is closed, by Drain or otherwise,
// and the open connections have come to their end. It returns after all its
// goroutines have, but for those that a tap holds for long after ctx is done: nil,
// or why the listener broke. Being out of descriptors or memory does not stop it.
// Serve may be called once.
func (p *Proxy) Serve(ctx context.Context) error {
	if p.Numbers == nil {
		p.Numbers = new(wire.Numbers)
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	done := make(chan struct{})
	defer close(done)
	p.mu.Lock()
	p.stop, p.done = stop, done
	p.mu.Unlock()

	defer p.names[0].close()
	defer p.names[1].close()
	defer p.Listener.Close()
	closing := context.AfterFunc(ctx, func() { p.Listener.Close() })
	defer closing()
	var open sync.WaitGroup
	defer p.wait(ctx, &open)
	room := newRoom(1 + p.Upstream.descriptors())
	p.pipes.within(room)
	for {
		room.enter(ctx, p.warn)
		client, err := p.accept(ctx)
		if errors.Is(err, net.ErrClosed) {
			return nil
		}
		if err != nil {
			p.warn(err)
			return err
		}
		p.accepted.Add(1)
		conn := &wire.Conn{ID: p.Numbers.Next(), Start: time.Now()}
		open.Go(func() {
			defer p.ended.Add(1)
			defer room.leave()
			p.serve(ctx, client, conn)
		})
	}
}

// grace is how long Serve waits, when all connections are closed, for a tap to
// let go of any of them.
const grace = time.Second

// wait waits for the open connections. When ctx is done their ends are closed, so
// only taps can hold them: it gives those up that hang.
func (p *Proxy) wait(ctx context.Context, open *sync.WaitGroup) {
	over := make(chan struct{})
	go func() {
		open.Wait()
		close(over)
	}()
	select {
	case <-over:
		return
	case <-ctx.Done():
	}
	tick := time.NewTicker(grace)
	defer tick.Stop()
	for last := p.ended.Load(); ; {
		select {
		case <-over:
			return
		case <-tick.C:
		}
		now := p.ended.Load()
		if now == last {
			return
		}
		last = now
	}
}

// Drain stops accepting, lets the open connections run to their end until ctx
// is done, closes those that are left, and returns when Serve has ended.
// Clients keep idle connections for long, so ctx should have a deadline.
func (p *Proxy) Drain(ctx context.Context) {
	p.Listener.Close()
	p.mu.Lock()
	stop, done := p.stop, p.done
	p.mu.Unlock()
	if done == nil {
		return // Serve was not called; it will find the listener closed
	}
	select {
	case <-done:
	case <-ctx.Done():
		stop()
		<-done
	}
}

// Connections returns how many connections have been accepted so far.
func (p *Proxy) Connections() int { return int(p.accepted.Load()) }

// Open returns how many connections are open now.
func (p *Proxy) Open() int { return int(p.accepted.Load() - p.ended.Load()) }

// DescriptorsLost returns how many messages came with descriptors of files, by way
// of a unix socket: the bytes of them were passed on, the descriptors were not.
func (p *Proxy) DescriptorsLost() int64 { return p.descriptors.Load() }

// pauses calls f with longer and longer pauses, up to a second, as long as it says
// that it is to be tried again and ctx has not ended.
func pauses(ctx context.Context, f func() (again bool)) {
	for pause := 5 * time.Millisecond; f(); pause = min(2*pause, time.Second) {
		select {
		case <-ctx.Done():
			return
		case <-time.After(pause):
		}
	}
}

// accept waits for the next client. When the process or the system has run out
// of something it waits for better times.
func (p *Proxy) accept(ctx context.Context) (c net.Conn, err error) {
	pauses(ctx, func() bool {
		c, err = p.Listener.Accept()
		if err == nil || errors.Is(err, net.ErrClosed) {
			return false
		}
		err = fmt.Errorf("accept: %w", cause(err))
		if !passing(err) {
			return false
		}
		p.warn(err)
		return true
	})
	if err != nil && ctx.Err() != nil {
		err = net.ErrClosed
	}
	return c, err
}

// dial connects to the upstream. It waits while descriptors or memory are short, or
// the queue of a unix socket is full: a client that connects there by itself would.
func (p *Proxy) dial(ctx context.Context, offered []string) (c net.Conn, s *secured, err error) {
	pauses(ctx, func() bool {
		c, s, err = p.Upstream.open(ctx, offered)
		short := err != nil && isShort(err)
		if short {
			p.warn(err)
		}
		return short || err != nil && errors.Is(err, syscall.EAGAIN)
	})
	return c, s, err
}

// pair connects client with the upstream. Where the client speaks TLS, that is done in
// the middle of its handshake: it gets the protocol that the upstream chooses.
func (p *Proxy) pair(ctx context.Context, client net.Conn) (ends [2]net.Conn, secure [2]*secured, err error) {
	ends[wire.ToServer] = client
	if p.TLS == nil {
		ends[wire.ToClient], secure[wire.ToClient], err = p.dial(ctx, nil)
		return ends, secure, err
	}
	front, err := acceptTLS(ctx, client, p.TLS, func(ctx context.Context, offered []string) (protocol string, err error) {
		var up *secured
		ends[wire.ToClient], up, err = p.dial(ctx, offered)
		switch {
		case err != nil:
			return "", err
		case up == nil:
			return plainChoice(offered), nil
		}
		secure[wire.ToClient] = up
		return up.conn.ConnectionState().NegotiatedProtocol, nil
	})
	switch {
	case err == nil:
		ends[wire.ToServer], secure[wire.ToServer] = front.conn, front
	case ends[wire.ToClient] != nil:
		ends[wire.ToClient].Close()
	}
	return ends, secure, err
}

// serve relays one connection from its acceptance to its end.
func (p *Proxy) serve(ctx context.Context, client net.Conn, conn *wire.Conn) {
	deepen()
	conn.Client = clientPeer(client, &p.names[wire.ToServer]) // at once: it may be short-lived
	p.describe(conn.Client.Process)
	conn.Server.Addr = p.Upstream.Addr.peer()
	owner := p.seeker.seek(client)
	ends, secure, err := p.pair(ctx, client)
	if of := owner(); of != nil {
		p.describe(of)
		conn.Client.Process = of
	}
	if err == nil {
		conn.Server.Process = processOf(ends[wire.ToClient], &p.names[wire.ToClient])
	}
	l := &link{
		conn:     conn,
		warn:     p.warn,
		ends:     ends,
		secure:   secure,
		names:    [2]string{"client", "upstream " + conn.Server.Addr},
		larges:   &p.larges,
		pipes:    &p.pipes,
		tapFirst: p.TapFirst,
		refuse:   p.Refuse,
		lost:     p.descriptorsLost,
	}
	if p.Meddle != nil {
		l.meddle(p.Meddle(conn))
		l.tapFirst = l.tapFirst || l.meddler != nil
	}
	if err == nil {
		detach := context.AfterFunc(ctx, l.abort)
		defer detach()
	}
	l.attach(p.Tap)
	defer l.finished()
	if err != nil {
		client.Close()
		var cut *TLSError
		switch {
		case ctx.Err() != nil:
			l.err = wire.ErrStopped
		case errors.Is(err, errSilent):
		case errors.As(err, &cut) && cut.Problem == TLSCut && isPeer(err, wire.ToServer):
			l.err = err // clients that go away are everyday life
		default:
			l.err = err
			p.warn(err)
		}
		return
	}
	l.relay()
}

// describe has Describe describe a process, if it is known.
func (p *Proxy) describe(of *wire.Process) {
	if of != nil && p.Describe != nil {
		p.Describe(of)
	}
}

// descriptorsLost counts a message that came with descriptors, and tells of the
// first.
func (p *Proxy) descriptorsLost() {
	p.descriptors.Add(1)
	p.warn(errors.New("descriptors of files were passed: the other side does not get them"))
}

// warn gives each distinct message to Warn once.
func (p *Proxy) warn(err error) {
	text := err.Error()
	p.mu.Lock()
	known := p.warned[text] || len(p.warned) >= maxWarnings
	if !known {
		if p.warned == nil {
			p.warned = make(map[string]bool)
		}
		p.warned[text] = true
	}
	p.mu.Unlock()
	if !known && p.Warn != nil {
		p.Warn(err)
	}
}
