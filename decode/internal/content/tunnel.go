package content

import (
	"strings"
	"time"

	"github.com/socktrace/socktrace/decode/internal/budget"
	"github.com/socktrace/socktrace/decode/internal/window"
	"github.com/socktrace/socktrace/wire"
)

// maxHeld bounds what is held back of a direction until it is known whether
// there is a connection inside.
const maxHeld = 64 << 10

// Tunnel is both directions of a stream that may have a connection inside: if
// both look like one they are, from their first bytes on, and if one begins as only
// such do; if one does not, both are what they would be otherwise. Where HTTP/2 was
// agreed on, who sends its preface is the client (as Docker's daemon is in the
// sessions of BuildKit).
type Tunnel struct {
	nester  Nester
	account *budget.Account
	parent  wire.Parent
	via     string
	sides   [2]*tunnelSide
	swaps   bool     // either side may be the client of what is inside
	swapped bool     // the server is
	certain bool     // there is one, and the server is its client, whatever both look like
	ended   [2]bool  // by direction
	tap     wire.Tap // not nil: there is one
}

// NewTunnel returns the directions of a stream of parent, which it agreed on as
// via. What they hold back is taken of a.
func NewTunnel(n Nester, a *budget.Account, parent wire.Parent, via string) *Tunnel {
	return &Tunnel{nester: n, account: a, parent: parent, via: via, swaps: strings.HasPrefix(via, "h2")}
}

// Side returns the content of direction dir, which is other if there is no
// connection inside.
func (t *Tunnel) Side(dir wire.Dir, other Content) Content {
	return t.side(dir, other)
}

func (t *Tunnel) side(dir wire.Dir, other Content) *tunnelSide {
	s := &tunnelSide{tunnel: t, dir: dir, other: other}
	t.sides[dir] = s
	return s
}

// tunnelSide is one direction of a Tunnel.
type tunnelSide struct {
	tunnel *Tunnel
	dir    wire.Dir
	other  Content
	letter *foundEnvelopes // not nil: what is inside is in messages
	begun  *glimpse        // of that, while it is not known
	out    Out             // nil: nothing has come
	held                   // while it is not known
	taken  int             // of the account
	looks  Looks
	last   time.Time
	lost   int     // before what comes
	raw    Content // of messages that are none; nil as long as they are
	gone   bool    // other has its place
	ended  bool    // before anything came; what the other side says decides
	how    End
}

func (s *tunnelSide) Write(out Out, at window.Place, b []byte) {
	s.last, s.out = at.Time, out
	if s.tunnel.tap != nil {
		s.pass(at, b)
		return
	}
	s.Add(at, b)
	n := s.tunnel.account.Take(len(b))
	switch s.taken += n; {
	case n < len(b):
		s.looks = No
	case s.begun != nil:
		s.lookInto(at, b)
	case s.looks == TooFew:
		s.look(s.Bytes())
	}
	s.decide()
}

// look finds out what s looks like, which begins with b.
func (s *tunnelSide) look(b []byte) {
	t := s.tunnel
	s.looks = t.nester.Looks(s.dir, b)
	if t.swaps && s.looks != Sure {
		switch other := t.nester.Looks(s.dir.Other(), b); {
		case other == Sure:
			s.looks, t.swapped = Sure, true
		case other == TooFew && s.looks == No:
			s.looks = TooFew
		}
		return
	}
	if s.early() && b[0] != beginsSettings && s.looks != Sure {
		s.looks = No
	}
}

// lookInto finds out what the messages look like that s consists of.
func (s *tunnelSide) lookInto(at window.Place, b []byte) {
	s.begun.letter.write(at, b)
	if looks, swapped := s.begun.looks(s.tunnel.nester, s.dir); s.looks == TooFew {
		s.looks, s.tunnel.swapped = looks, s.tunnel.swapped || swapped
	}
}

// early reports whether s is a server that speaks before its client has asked:
// what answers no question is not held back.
func (s *tunnelSide) early() bool {
	client := s.tunnel.sides[wire.ToServer]
	return s.dir == wire.ToClient && (client == nil || client.looks != Yes)
}

// handsOver gives back what was taken: s holds nothing any more.
func (s *tunnelSide) handsOver() {
	s.tunnel.account.Give(s.taken)
	s.taken = 0
	if s.begun != nil {
		s.begun.letter.stop()
		s.begun = nil
	}
}

// decide nests a connection, or gives it up, when enough is known; s has just
// told more.
func (s *tunnelSide) decide() {
	o := s.tunnel.sides[s.dir.Other()]
	switch {
	case s.looks == No, o != nil && o.looks == No:
		s.giveUp()
	case s.looks == Sure:
		s.nest()
	case s.looks == Yes && o != nil && o.looks == Yes:
		s.nest()
	case len(s.Bytes()) <= maxHeld:
	case s.uploads():
		s.nest()
	default:
		s.giveUp()
	}
}

// uploads reports whether s is a client that sends more than is held back before
// it is answered, through a tunnel that was made for what it says.
func (s *tunnelSide) uploads() bool {
	return s.dir == wire.ToServer && s.looks == Yes && s.tunnel.via == "connect"
}

// waited returns both directions: the one that has waited for s, and s. They go on
// in this order, which does not depend on how bytes were cut.
func (s *tunnelSide) waited() [2]*tunnelSide {
	return [2]*tunnelSide{s.tunnel.sides[s.dir.Other()], s}
}

// giveUp lets the directions be what they are without a connection inside.
func (s *tunnelSide) giveUp() {
	s.looks = No
	if s.tunnel.certain && !s.tunnel.nester.Full() {
		s.tunnel.swapped = true
		s.nest()
		return
	}
	for _, s := range s.waited() {
		if s != nil && s.out != nil && !s.gone {
			s.giveWay()
		}
	}
}

// giveWay lets other take the place of s, and what was held back.
func (s *tunnelSide) giveWay() {
	s.gone = true
	s.handsOver()
	if s.other = s.handTo(s.out, s.other); s.ended && s.other != nil {
		s.other.Close(s.out, s.how)
	}
}

// nest begins the connection inside.
func (s *tunnelSide) nest() {
	t, both := s.tunnel, s.waited()
	t.swapped = t.swapped || t.certain
	start := s.last
	for _, s := range both {
		if s != nil && len(s.Bytes()) > 0 {
			start = s.First().Time
			break
		}
	}
	t.tap = t.nester.Nest(wire.Conn{Parent: t.parent, Via: t.via, Start: start, Reversed: t.swapped})
	for _, s := range both {
		if s == nil {
			continue
		}
		s.handsOver()
		s.Release(func(at window.Place, b []byte) bool {
			s.pass(at, b)
			return true
		})
	}
	for _, s := range both {
		if s != nil && s.ended { // what the other one says tells what this was
			s.end(s.how)
		}
	}
}

// pass gives bytes of the stream to the connection inside.
func (s *tunnelSide) pass(at window.Place, b []byte) {
	if s.letter != nil {
		s.letter.write(at, b)
		return
	}
	s.chunk(at, b)
}

func (s *tunnelSide) chunk(at window.Place, b []byte) {
	s.tunnel.tap.Chunk(wire.Chunk{Time: at.Time, Dir: s.inside(), Data: b, Lost: s.lost})
	s.lost = 0
}

// inside returns the direction of the connection inside that s is.
func (s *tunnelSide) inside() wire.Dir {
	if s.tunnel.swapped {
		return s.dir.Other()
	}
	return s.dir
}

// misses tells the connection inside that n bytes of it were not captured.
func (s *tunnelSide) misses(at window.Place, n int64) {
	s.lost = int(max(n, -1))
	s.chunk(at, nil)
}

// Gap passes a gap on to the connection inside.
func (s *tunnelSide) Gap(out Out, at window.Place, n int64) {
	s.last = at.Time
	if s.tunnel.tap == nil {
		s.refuse(out)
	}
	switch {
	case s.tunnel.tap == nil:
		if s.other != nil {
			PassGap(out, s.other, at, n)
		}
	case s.letter != nil:
		s.letter.gap(at, n)
	default:
		s.misses(at, n)
	}
}

func (s *tunnelSide) Close(out Out, how End) {
	t := s.tunnel
	if t.tap == nil && t.swaps && s.out == nil && s.begun == nil {
		s.out, s.looks, s.ended, s.how = out, Yes, true, how
		if o := t.sides[s.dir.Other()]; o != nil && o.ended { // nobody has said anything
			s.looks = No
		}
		s.decide()
		return
	}
	if t.tap == nil {
		t.certain = t.certain && t.holds()
		s.refuse(out)
	}
	if t.tap == nil {
		if s.other != nil {
			s.other.Close(out, how)
		}
		return
	}
	s.end(how)
}

// end tells the connection inside that nothing more comes of s.
func (s *tunnelSide) end(how End) {
	if s.letter != nil {
		s.letter.close()
	}
	if how == Cut || s.letter != nil && how == Ended {
		s.tunnel.tap.Chunk(wire.Chunk{Time: s.last, Dir: s.inside(), EOF: true})
	}
}

// Ended says that nothing more comes of direction dir, whatever it was: what is inside
// ends with both.
func (t *Tunnel) Ended(dir wire.Dir) {
	if t.ended[dir] = true; t.ended[dir.Other()] && t.tap != nil {
		t.tap.End(time.Time{}, nil)
	}
}

// holds reports whether anything is held back.
func (t *Tunnel) holds() bool {
	for _, s := range t.sides {
		if s != nil && len(s.Bytes()) > 0 {
			return true
		}
	}
	return false
}

// refuse notes that there is no connection inside, because this direction has a
// gap or an end too early.
func (s *tunnelSide) refuse(out Out) {
	s.out, s.looks = out, No
	s.giveUp()
}
