package content

import (
	"bytes"

	"github.com/socktrace/socktrace/decode/internal/window"
	"github.com/socktrace/socktrace/wire"
)

// Framed is the direction to the client of a stream whose bytes come in frames of
// their own, such as those of a container's output, and may have a connection
// inside: that of a command which passes on what a daemon says, such as
// "buildctl dial-stdio". The beginning of the first frame decides.
type Framed struct{ side *tunnelSide }

// firstBytes is how many bytes of the first frame decide: a server begins with one
// of HTTP/2, or with a version.
const firstBytes = 9

// Framed returns the direction to the client, of which frames are offered.
func (t *Tunnel) Framed() *Framed {
	s := &tunnelSide{tunnel: t, dir: wire.ToClient, gone: true}
	t.sides[s.dir] = s
	return &Framed{s}
}

// inside reports whether there is a connection inside.
func (f *Framed) inside() bool { return f.side.tunnel.tap != nil }

// refused reports whether there is none, and never will be.
func (f *Framed) refused() bool { return !f.inside() && f.side.looks == No }

// wants returns how many bytes may be offered before it is decided.
func (f *Framed) wants() int { return firstBytes - len(f.side.Bytes()) }

// offer gives it b, the next bytes of frames; end says that the frame ends. If there
// is no connection inside, it returns all that it was given.
func (f *Framed) offer(out Out, at window.Place, b []byte, end bool) []byte {
	s := f.side
	s.out, s.last = out, at.Time
	if f.inside() {
		s.chunk(at, b)
		return nil
	}
	if s.Add(at, b); f.wants() > 0 && !end {
		return nil
	}
	return f.decide()
}

// end is the end of all frames. It returns what has not come to a decision.
func (f *Framed) end(out Out) []byte {
	if f.inside() || len(f.side.Bytes()) == 0 {
		return nil
	}
	f.side.out = out
	return f.decide()
}

// decide finds out whether there is a connection inside. If there is none, it returns
// what was held back.
func (f *Framed) decide() []byte {
	s := f.side
	first := bytes.Clone(s.Bytes())
	if s.look(first); s.looks == TooFew {
		s.looks = No
	}
	s.decide()
	if client := s.tunnel.sides[wire.ToServer]; !f.inside() && s.looks != No && client != nil {
		client.refuse(client.out)
	}
	if f.inside() {
		return nil
	}
	s.looks = No
	s.Release(func(window.Place, []byte) bool { return false })
	return first
}

// close ends the direction.
func (f *Framed) close(out Out, how End) { f.side.Close(out, how) }

// unframed is output that turned out to come in no frames: nothing is inside.
type unframed struct {
	pieces
	inner *Framed
}

func (u *unframed) Write(out Out, at window.Place, b []byte) {
	u.inner.side.refuse(out)
	u.pieces.Write(out, at, b)
}

func (u *unframed) Gap(out Out, at window.Place, n int64) {
	u.inner.side.refuse(out)
	u.pieces.Gap(out, at, n)
}

func (u *unframed) Close(out Out, how End) {
	u.inner.side.refuse(out)
	u.pieces.Close(out, how)
}
