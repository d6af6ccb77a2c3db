package content

import (
	"strings"

	"github.com/socktrace/socktrace/decode/internal/anomaly"
	"github.com/socktrace/socktrace/decode/internal/window"
	"github.com/socktrace/socktrace/wire"
)

// glimpse is the beginning of what messages carry, as long as it is not known whether
// that is a connection: only how HTTP/2 begins is sure enough.
type glimpse struct {
	letter *foundEnvelopes
	begun  []byte // no more than the preface of HTTP/2 is long
	bad    bool   // they are no such messages
}

func (g *glimpse) chunk(_ window.Place, b []byte) {
	g.begun = append(g.begun, b[:min(len(b), len(wire.HTTP2Preface)-len(g.begun))]...)
}

func (g *glimpse) misses(window.Place, int64) {}

func (g *glimpse) wrong(int64, anomaly.Fault) { g.bad = true }

func (g *glimpse) rest(window.Place, []byte) {}

// looks tells what has come of direction dir, and whether it is what the other one of
// a connection begins with: the server is its client.
func (g *glimpse) looks(n Nester, dir wire.Dir) (l Looks, swapped bool) {
	b := string(g.begun)
	switch {
	case b == "" && (g.bad || g.letter.whole > 0):
		return No, false
	case b == "":
		return TooFew, false
	case n.Looks(dir, g.begun) == Sure:
		return Sure, false
	case n.Looks(dir.Other(), g.begun) == Sure:
		return Sure, true
	case !g.bad && (strings.HasPrefix(wire.HTTP2Preface, b) || b[0] == beginsSettings && len(b) < settingsSize):
		return TooFew, false
	}
	return No, false
}

// beginsSettings is how a server of HTTP/2 may begin before it is asked (RFC 9113,
// section 3.4): its settings are short. settingsSize is how many bytes of them are like
// nothing else.
const (
	beginsSettings = 0
	settingsSize   = 9
)
