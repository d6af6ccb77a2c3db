package intercept

import (
	"io"
	"net"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/socktrace/socktrace/wire"
)

// Meddler changes on purpose what one connection carries. It knows what the bytes mean, since
// the tap of the connection has seen them before it is asked; the link does what it says.
//
// Next is called by one goroutine, Piece and Cut by another; the tap is called by both.
type Meddler interface {
	// Next says what is to be done with data: all that the client has sent, and that nothing
	// was done with yet; last says that it will send no more. It is asked again, with what is
	// left, until it says nothing: then the rest is held until there is more.
	Next(data []byte, last bool) Step
	// Piece returns how many bytes of data, which the daemon has sent, the tap and the client
	// get as one: one at least.
	Piece(data []byte) int
	// Cut is asked when they have got it: why both ends are closed there; nil if they are not.
	Cut() error
}

// Step is what is to be done next with what a client sends, in the order of the fields. Its
// zero value is nothing.
type Step struct {
	Take   int             // so many bytes are done with:
	Drop   bool            // they are not forwarded; else they are
	Turn   <-chan struct{} // closed when what was asked before is answered; nil: it is
	Wait   time.Duration   // before anything else
	Answer []byte          // for the client, in the daemon's place
	Stall  bool            // nothing is forwarded any more, until the client leaves
	Close  bool            // both ends are closed
	Reset  bool            // with Close: the client sees a reset, if the transport has one
	Why    error           // the connection ends, of what closes it, or of Stall
}

// IsNothing reports whether there is nothing to do.
func (s *Step) IsNothing() bool {
	return s.Take == 0 && s.Turn == nil && s.Wait == 0 && s.Answer == nil && !s.Stall && !s.Close
}

// meddling is what a link has for its meddler.
type meddling struct {
	meddler Meddler       // nil: there is none, and all bytes go on as they come
	held    []byte        // of what the client has sent; the copier to the daemon has it
	handing sync.Mutex    // held while the client is given something
	stalled atomic.Bool   // nothing is forwarded any more
	over    chan struct{} // closed when the ends are; nil without a meddler
	leaving sync.Once
}

// meddle has the meddler, if there is one, say what becomes of a connection.
func (m *meddling) meddle(with Meddler) {
	if with != nil {
		m.meddler, m.over = with, make(chan struct{})
	}
}

// leave says that the ends are closed.
func (m *meddling) leave() {
	if m.over != nil {
		m.leaving.Do(func() { close(m.over) })
	}
}

// pass gives on what was read of d as the meddler says. It reports whether d goes on.
func (l *link) pass(d wire.Dir, data []byte) bool {
	if d == wire.ToClient {
		return l.portion(data)
	}
	l.announce(wire.Chunk{Conn: l.conn, Time: time.Now(), Dir: d, Data: data})
	if err := l.refused(); err != nil {
		l.turnAway(err)
		return false
	}
	return l.steer(data, false)
}

// steer does with what a client sends what the meddler says. It reports whether the direction
// goes on.
func (l *link) steer(data []byte, last bool) bool {
	if len(l.held) > 0 {
		l.held = append(l.held, data...)
		data = l.held
	}
	all := len(data)
	for {
		s := l.meddler.Next(data, last)
		if s.IsNothing() {
			break
		}
		if !l.do(s, data[:s.Take]) {
			return false
		}
		data = data[s.Take:]
	}
	if len(l.held) == 0 || len(data) < all {
		l.held = append([]byte(nil), data...)
	}
	return true
}

// do takes a step with bytes of the client's. It reports whether the direction goes on.
func (l *link) do(s Step, bytes []byte) bool {
	if len(bytes) > 0 && !s.Drop {
		if _, err := l.ends[wire.ToClient].Write(bytes); err != nil {
			l.outputFailed(wire.ToServer, err)
			return false
		}
	}
	if !l.await(s) {
		return false
	}
	if s.Answer != nil && !l.answer(s.Answer) {
		return false
	}
	switch {
	case s.Stall:
		l.stall(s.Why)
		return false
	case s.Close:
		l.part(s.Why, s.Reset)
		return false
	}
	return true
}

// await waits as a step says, and reports whether the link is still there then.
func (l *link) await(s Step) bool {
	var late <-chan time.Time
	if s.Wait > 0 {
		t := time.NewTimer(s.Wait)
		defer t.Stop()
		late = t.C
	}
	for s.Turn != nil || late != nil {
		select {
		case <-s.Turn:
			s.Turn = nil
		case <-late:
			late = nil
		case <-l.over:
			return false
		}
	}
	return true
}

// stall reads what a client sends, for the tap alone, until it leaves. The daemon, which may
// leave before, is not missed.
func (l *link) stall(why error) {
	l.stalled.Store(true)
	src, b := l.ends[wire.ToServer], make([]byte, smallBuffer)
	for {
		n, err := src.Read(b)
		if n > 0 {
			l.announce(wire.Chunk{Conn: l.conn, Time: time.Now(), Dir: wire.ToServer, Data: b[:n]})
		}
		if err != nil {
			l.inputStalled(err)
			l.part(why, false)
			return
		}
	}
}

// inputStalled tells the end of what a client sends that nothing answers, and waits until that
// has left.
func (l *link) inputStalled(err error) {
	if err != io.EOF {
		return
	}
	l.announce(wire.Chunk{Conn: l.conn, Time: time.Now(), Dir: wire.ToServer, EOF: true})
	src := l.ends[wire.ToServer]
	if _, tells := transport(src).(*net.UnixConn); tells { // others look the same when they have left
		_, _ = hangup(src)
	}
}

// part closes both ends on purpose; the client first gets what was written to it, unless it is
// to see a reset.
func (l *link) part(why error, reset bool) {
	l.mu.Lock()
	if l.err == nil {
		l.err = why
	}
	l.mu.Unlock()
	var err error
	if reset {
		err = syscall.ECONNRESET
	}
	l.finish(wire.ToClient, err)
}

// portion gives the tap and the client what the daemon has sent, piece by piece. It reports
// whether the direction goes on.
func (l *link) portion(data []byte) bool {
	for len(data) > 0 {
		n := l.meddler.Piece(data)
		more, err := l.hand(data[:n])
		if err != nil {
			l.outputFailed(wire.ToClient, err)
		}
		if !more {
			return false
		}
		if err := l.meddler.Cut(); err != nil {
			l.part(err, false)
			return false
		}
		data = data[n:]
	}
	return true
}

// answer gives the client bytes in the daemon's place, and reports whether the link goes on.
func (l *link) answer(bytes []byte) bool {
	more, err := l.hand(bytes)
	if err != nil {
		l.fail(wire.ToServer, err)
		l.finish(wire.ToServer, err)
	}
	return more
}

// hand gives the tap, and then the client, some bytes with nothing in between. It reports
// whether the link goes on; with an error, the client takes no more.
func (l *link) hand(bytes []byte) (more bool, err error) {
	l.handing.Lock()
	defer l.handing.Unlock()
	l.announce(wire.Chunk{Conn: l.conn, Time: time.Now(), Dir: wire.ToClient, Data: bytes})
	if err := l.refused(); err != nil {
		l.turnAway(err)
		return false, nil
	}
	_, err = l.ends[wire.ToServer].Write(bytes)
	return err == nil, err
}
