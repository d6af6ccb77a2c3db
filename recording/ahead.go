package recording

import (
	"io"
	"sync"
)

// ahead reads from another reader in a goroutine of its own, a few pieces ahead of who
// reads from it: decompressing takes as long as decoding what comes of it. It begins with
// the second Read, since of many files only the first bytes are wanted.
type ahead struct {
	of     io.ReadCloser
	asked  bool
	piece  []byte // what is left of the last
	buffer []byte // its memory
	err    error  // behind it

	full    chan aheadPiece
	empty   chan []byte
	stop    chan struct{}
	closing sync.Once
	stopped chan struct{} // the goroutine has ended
}

// aheadPiece is what was read, and how that ended.
type aheadPiece struct {
	buffer []byte
	err    error
}

// How much is read ahead: so many pieces of so many bytes.
const (
	aheadPieces = 4
	aheadBytes  = 128 << 10
)

// readAhead returns a reader that is ahead of its own, and closes it.
func readAhead(r io.ReadCloser) *ahead { return &ahead{of: r} }

// Read returns the next bytes. It is for one goroutine, who also calls Close.
func (a *ahead) Read(b []byte) (int, error) {
	if !a.asked {
		a.asked = true
		return a.of.Read(b)
	}
	if a.full == nil {
		a.begin()
	}
	for len(a.piece) == 0 {
		if a.err != nil {
			return 0, a.err
		}
		if a.buffer != nil {
			a.empty <- a.buffer[:cap(a.buffer)]
		}
		p := <-a.full
		a.piece, a.buffer, a.err = p.buffer, p.buffer, p.err
	}
	n := copy(b, a.piece)
	a.piece = a.piece[n:]
	return n, nil
}

// begin starts the goroutine.
func (a *ahead) begin() {
	a.full, a.empty = make(chan aheadPiece, aheadPieces), make(chan []byte, aheadPieces)
	a.stop, a.stopped = make(chan struct{}), make(chan struct{})
	for range aheadPieces {
		a.empty <- make([]byte, aheadBytes)
	}
	go a.run()
}

// run reads until there is an error, or Close.
func (a *ahead) run() {
	defer close(a.stopped)
	for {
		select {
		case <-a.stop:
			return
		case b := <-a.empty:
			n, err := a.of.Read(b)
			a.full <- aheadPiece{b[:n], err} // there is room for all
			if err != nil {
				return
			}
		}
	}
}

// Close stops reading, as soon as the read that is under way returns, and closes the other
// reader.
func (a *ahead) Close() error {
	if a.full != nil {
		a.closing.Do(func() { close(a.stop) })
		<-a.stopped
	}
	return a.of.Close()
}
