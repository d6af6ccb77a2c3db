package http1

import (
	"github.com/socktrace/socktrace/decode/internal/anomaly"
	"github.com/socktrace/socktrace/decode/internal/body"
	"github.com/socktrace/socktrace/decode/internal/window"
	"github.com/socktrace/socktrace/wire"
)

// Limits bound what is held of a direction. The zero value is the usual.
type Limits struct {
	Head int // of a head or a trailer section; 0 is 1 MiB
	Held int // of what a client sends behind an upgrade before it is answered; 0 is 1 MiB
}

// maxLine bounds a line that is looked at on its own: a chunk size with its
// extensions, or a line where a start line is searched.
const maxLine = 16 << 10

// maxDetail bounds what an anomaly says of the bytes that are wrong.
const maxDetail = 1 << 10

// Decoder decodes the messages of one connection, and pairs requests with
// responses.
type Decoder struct {
	env   *body.Env
	limit Limits
	sides [2]side     // by direction
	open  []*exchange // begun and not ended, oldest first
	spare *exchange   // to be used again, where events are lent
	begun int         // exchanges
	pairs pairing
	h2    func(begun int, told [2]bool) // takes over: the client begins to speak HTTP/2
}

// side is one direction of the connection.
type side struct {
	dir      wire.Dir
	w        *window.Window
	state    state
	exchange *exchange // whose message this side is in; nil between messages
	left     int64     // bytes of the sized body or chunk that are still to come
	waits    *exchange // held: the one whose answer decides

	told     bool   // the end of the direction
	lineSeen bool   // the first line of the window is a start line
	simple   bool   // it has no version: it may be all of the request, as in HTTP/0.9
	gaveUp   bool   // raw bytes came where a message should
	midLine  bool   // the next byte does not begin a line
	torn     bool   // the head in the window is not all there, and never will be
	begun    int64  // where the body of the message begins
	inside   inside // of the last body whose length was known
	turn     int64  // where the other side had the last word: see turn.go; -1 if nowhere
}

// New returns a decoder of what the windows get, by direction. It calls h2 when
// the client begins to speak HTTP/2 where a request should begin; h2 takes over
// what is in the windows, and the decoder is not used any more. begun is how many
// exchanges there were; told says which directions have ended, and that this was told.
func New(e *body.Env, windows *[2]window.Window, l Limits, h2 func(begun int, told [2]bool)) *Decoder {
	if l.Head == 0 {
		l.Head = 1 << 20
	}
	if l.Held == 0 {
		l.Held = 1 << 20
	}
	d := &Decoder{env: e, limit: l, h2: h2}
	for dir := range d.sides {
		d.sides[dir] = side{dir: wire.Dir(dir), w: &windows[dir], turn: -1}
	}
	return d
}

// on changes the state of s.
func (s *side) on(e event) {
	to := next[s.state][e]
	if to == states {
		panic("http1: no way from state " + s.state.String() + " on event " + e.String())
	}
	s.state = to
}

// other returns the opposite side.
func (d *Decoder) other(s *side) *side { return &d.sides[s.dir.Other()] }

// take takes the next n bytes of s, which belong to a head or to nothing.
func (s *side) take(n int) {
	s.w.Take(n)
	s.lineSeen, s.simple = false, false
}

// fault reports what is wrong with the bytes of s at off.
func (d *Decoder) fault(s *side, x *exchange, off int64, f anomaly.Fault) {
	if len(f.Detail) > maxDetail {
		f.Detail = f.Detail[:maxDetail] + "…"
	}
	d.env.Anomaly(s.w, s.dir, x.number(), off, f)
}

// wrong is fault for what is at the beginning of the window.
func (d *Decoder) wrong(s *side, x *exchange, code, detail string) {
	d.fault(s, x, s.w.Off(), anomaly.Fault{Code: code, Detail: detail})
}

// ended tells, once, that a direction has ended between messages.
func (d *Decoder) ended(s *side) bool {
	if !s.w.Ended() || s.told {
		return false
	}
	s.told = true
	x := s.exchange
	if x == nil && len(d.open) > 0 {
		x = d.open[len(d.open)-1]
	}
	d.env.EOF(s.w, s.dir, x.number())
	return true
}
