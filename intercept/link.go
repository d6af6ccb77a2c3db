package intercept

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"sync"
	"syscall"
	"time"

	"github.com/socktrace/socktrace/wire"
)

// link is one connection between a client and the upstream while it lasts.
//
// Each direction has a goroutine that copies it. A direction ends by the end
// of its input, which is passed on as a half-close, or because its output
// takes no more. The link ends when both directions have ended, or when one
// end turns out to be gone altogether.
type link struct {
	conn   *wire.Conn
	warn   func(error)
	ends   [2]net.Conn // by the direction whose input they are: client, upstream
	secure [2]*secured // what is known of those that speak TLS with us
	names  [2]string   // of the ends, for errors
	larges *larges
	pipes  *pipes

	tapFirst bool                   // see Proxy.TapFirst
	refuse   func(*wire.Conn) error // see Proxy.Refuse; nil: nothing is refused
	lost     func()                 // descriptors came with a message; may be called by both copiers

	tapping sync.Mutex // held while the tap runs, however long; guards what follows
	tap     wire.Tap   // nil: none, or it has panicked
	clock   clock
	ahead   [2]struct { // by direction: the chunk that is being forwarded
		chunk   wire.Chunk
		waiting bool // the tap has not seen it yet
	}

	mu    sync.Mutex // guards what follows
	ended int        // directions
	err   error      // the first

	finishing sync.Once

	meddling
}

// outputFailed ends d because its output takes no more bytes. What that end
// has sent before is still relayed: the other direction ends the link when it
// gets to the end of it.
func (l *link) outputFailed(d wire.Dir, err error) {
	l.fail(d.Other(), err)
	if l.end() {
		l.finish(d.Other(), err)
		return
	}
	// The sender is to see what it would have seen: that it cannot send.
	// TCP has no way to say so.
	if src, ok := l.ends[d].(*net.UnixConn); ok {
		src.CloseRead()
	}
}

// finish closes both ends because the one that d comes from is gone. The other
// one first gets all that was written to it. err tells whether it sees a reset,
// as it would have without us.
func (l *link) finish(d wire.Dir, err error) {
	l.finishing.Do(func() {
		defer l.leave()
		l.ends[d].Close()
		other := l.ends[d.Other()]
		if tcp, ok := transport(other).(*net.TCPConn); ok {
			awaitSent(tcp)
			if errors.Is(err, syscall.ECONNRESET) {
				tcp.SetLinger(0)
			}
		}
		other.Close()
	})
}

// abort closes both ends at once, whatever is under way: a tap that hangs, too.
func (l *link) abort() {
	l.mu.Lock()
	if l.err == nil {
		l.err = wire.ErrStopped
	}
	l.mu.Unlock()
	l.leave()
	for _, c := range l.ends {
		if c, ok := c.(*commandConn); ok {
			c.kill()
		}
		transport(c).Close()
	}
}

// refused returns why nothing more is forwarded; nil if it is.
func (l *link) refused() error {
	if l.refuse == nil {
		return nil
	}
	l.tapping.Lock()
	untapped := l.tap == nil
	l.tapping.Unlock()
	if untapped {
		return errors.New("it is not recorded any further")
	}
	return l.refuse(l.conn)
}

// turnAway closes both ends at once, and says why.
func (l *link) turnAway(err error) {
	err = fmt.Errorf("connection %d of %s was closed: %w", l.conn.ID, l.conn.Client, err)
	l.mu.Lock()
	first := l.err == nil
	if first {
		l.err = err
	}
	l.mu.Unlock()
	if first {
		l.warn(err)
	}
	l.abort()
}

// end counts a direction as ended, and reports whether it was the last.
func (l *link) end() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.ended++
	return l.ended == len(l.ends)
}

// fail records why the link ended, unless something before was the reason.
// side is the direction that comes from the end that failed.
func (l *link) fail(side wire.Dir, err error) {
	if errors.Is(err, net.ErrClosed) || errors.Is(err, fs.ErrClosed) {
		return // by finish or abort, which know why
	}
	if s := l.secure[side]; s != nil {
		err = s.explain(err)
	}
	err = &wire.PeerError{Dir: side, Err: fmt.Errorf("%s: %w", l.names[side], cause(err))}
	l.mu.Lock()
	first := l.err == nil || explains(err, l.err)
	if first {
		l.err = err
	}
	l.mu.Unlock()
	// Peers that go away are everyday life. What else an upstream fails with,
	// such as a refused certificate, its user wants to know.
	var errno syscall.Errno
	if first && side == wire.ToClient && !errors.As(err, &errno) {
		l.warn(err)
	}
}

// explains reports whether err, of TLS or of a command, says why what it comes behind has
// happened: a peer that refuses a certificate says so and closes, and what is written to it
// meanwhile fails before that is read. So it is with ssh that cannot connect.
func explains(err, before error) bool {
	var one, other *wire.PeerError
	return hasWords(err) && !hasWords(before) && errors.As(err, &one) && errors.As(before, &other) && one.Dir == other.Dir
}

// hasWords reports whether err is one that says more than that a peer is gone.
func hasWords(err error) bool {
	var tls *TLSError
	var command *commandError
	return errors.As(err, &tls) || errors.As(err, &command)
}

// attach asks for the tap of this connection.
func (l *link) attach(newTap func(*wire.Conn) wire.Tap) {
	l.tapping.Lock()
	defer l.unlock()
	l.conn.Start = l.clock.at(l.conn.Start)
	if newTap == nil {
		return
	}
	l.tap = newTap(l.conn)
	t, ok := l.tap.(wire.TLSTap)
	for _, s := range l.secure {
		if s != nil && s.shaken && ok {
			t.TLS(s.event(l.conn))
		}
	}
}

// announce gives a chunk its place in the order that the tap sees, before it is
// forwarded: the answer to it can only come behind it. The tap itself runs when
// the chunk is on its way, in show, or when the answer is about to be forwarded
// and it has still not run. So the peers need not wait for it.
//
// A large chunk may be long on its way, and is bulk, which nobody waits for: the
// tap sees it at once. With tapFirst it sees every chunk at once.
func (l *link) announce(c wire.Chunk) {
	l.tapping.Lock()
	defer l.unlock()
	c.Time = l.clock.at(c.Time)
	l.showWaiting(c.Dir.Other())
	if l.tapFirst || len(c.Data) > smallBuffer {
		l.tell(c)
		return
	}
	a := &l.ahead[c.Dir]
	a.chunk, a.waiting = c, true
}

// show shows the chunk that was announced to the tap, if it has not seen it.
func (l *link) show(d wire.Dir) {
	l.tapping.Lock()
	defer l.unlock()
	l.showWaiting(d)
}

// showWaiting is show with l.tapping held.
func (l *link) showWaiting(d wire.Dir) {
	if a := &l.ahead[d]; a.waiting {
		a.waiting = false
		l.tell(a.chunk)
	}
}

// tell shows a chunk to the tap. l.tapping is held.
func (l *link) tell(c wire.Chunk) {
	if l.tap != nil {
		l.tap.Chunk(c)
	}
}

// finished tells the tap that the connection has ended.
func (l *link) finished() {
	l.mu.Lock()
	err := l.err
	l.mu.Unlock()
	l.tapping.Lock()
	defer l.unlock()
	if l.tap != nil {
		l.tap.End(l.clock.at(time.Now()), err)
	}
}

// unlock ends a call of the tap. A tap that panicked is not called again.
func (l *link) unlock() {
	r := recover()
	if r != nil {
		l.tap = nil
	}
	l.tapping.Unlock()
	if r != nil {
		l.warn(fmt.Errorf("connection %d is not traced any further: panic: %v", l.conn.ID, r))
	}
}

// closeWrite passes the end of input on, and reports whether c can tell it
// apart from a close. It fails if the peer is gone, which its input will show.
func closeWrite(c net.Conn) bool {
	half, ok := c.(interface{ CloseWrite() error })
	if ok {
		half.CloseWrite()
	}
	return ok
}

// hungUp is hangup for what is known at once, of an end that has closed in order.
func hungUp(c net.Conn) bool {
	_, isCommand := c.(*commandConn)
	return !isCommand && isHungUp(transport(c))
}

// hangup waits for the full close behind an end whose input has ended; see
// awaitHangup.
func hangup(c net.Conn) (gone bool, err error) {
	if c, ok := c.(*commandConn); ok {
		return c.awaitExit(), nil
	}
	return awaitHangup(transport(c))
}
