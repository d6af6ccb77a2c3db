package intercept

import (
	"io"
	"net"
	"syscall"
	"time"

	"github.com/socktrace/socktrace/wire"
)

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
		case <-s.Turn: // the tap has seen the end of the answer before, and now the client gets it
			s.Turn = nil
			l.handed()
		case <-late:
			late = nil
		case <-l.unheard:
			l.finish(wire.ToServer, nil)
			return false
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
			close(l.unheard) // who waits with the client's bytes need not
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

// handed waits until what the tap has seen of the daemon's is written to the client.
func (l *link) handed() {
	l.handing.Lock()
	defer l.handing.Unlock()
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
