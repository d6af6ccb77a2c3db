package wire

import (
	"errors"
	"time"
)

// Tap sees the bytes of one connection: a decoder, or a recorder of raw bytes.
// Its methods are never called concurrently. A tap must be quick, since the
// next bytes of the direction wait for it, and must not fail.
type Tap interface {
	// Chunk is called for every read, in the order of the wire: a request
	// comes before the answer to it.
	Chunk(Chunk)
	// End is the last call. err says why the connection ended; it is nil if
	// both sides closed it in order.
	End(t time.Time, err error)
}

// TLSTap is a Tap that is told of the handshakes in which socktrace has ended TLS
// itself: before the first Chunk, that of the client before that of the server.
type TLSTap interface {
	Tap
	TLS(*TLS)
}

// Taps is several taps as one: each call goes to all of them, in order.
type Taps []Tap

var _ TLSTap = Taps(nil)

// TLS tells every tap that wants to know.
func (t Taps) TLS(ev *TLS) {
	for _, tap := range t {
		if tap, ok := tap.(TLSTap); ok {
			tap.TLS(ev)
		}
	}
}

// Chunk shows c to every tap.
func (t Taps) Chunk(c Chunk) {
	for _, tap := range t {
		tap.Chunk(c)
	}
}

// End ends every tap.
func (t Taps) End(at time.Time, err error) {
	for _, tap := range t {
		tap.End(at, err)
	}
}

// PeerError is the error of a connection that one of its peers broke off, or that
// could not be read from it or written to it any more.
type PeerError struct {
	Dir Dir // of what that peer sends
	Err error
}

// Error tells what happened.
func (e *PeerError) Error() string { return e.Err.Error() }

// Unwrap returns what happened.
func (e *PeerError) Unwrap() error { return e.Err }

// ErrStopped is the error that ends a connection because the trace ended, not
// because one of the peers wanted it.
var ErrStopped = errors.New("trace stopped")
