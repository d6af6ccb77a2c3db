package intercept

import (
	"sync"
	"sync/atomic"
	"time"
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
	unheard chan struct{} // closed when the client takes no more
	leaving sync.Once
}

// meddle has the meddler, if there is one, say what becomes of a connection.
func (m *meddling) meddle(with Meddler) {
	if with != nil {
		m.meddler, m.over, m.unheard = with, make(chan struct{}), make(chan struct{})
	}
}

// leave says that the ends are closed.
func (m *meddling) leave() {
	if m.over != nil {
		m.leaving.Do(func() { close(m.over) })
	}
}
