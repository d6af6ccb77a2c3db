package decode

import (
	"time"

	"github.com/socktrace/socktrace/decode/internal/anomaly"
	"github.com/socktrace/socktrace/decode/internal/content"
	"github.com/socktrace/socktrace/decode/internal/http1"
	"github.com/socktrace/socktrace/decode/internal/http2"
	"github.com/socktrace/socktrace/decode/internal/socks"
	"github.com/socktrace/socktrace/wire"
)

// unknown is the protocol of a connection of which too little is known. It holds
// what comes until it is: HTTP/2 if the client sends its preface and the server does
// not answer with HTTP/1, or if the server speaks first, as one of HTTP/2 may (RFC
// 9113, section 3.4); nothing but a carrier, if it begins as those do (carried.go);
// all else is for HTTP/1 to understand.
type unknown struct {
	d    *Conn
	lost []loss // before anything has come
}

func (u *unknown) Step(wire.Dir) bool {
	if len(u.lost) > 0 {
		ended := u.d.windows[0].Ended() || u.d.windows[1].Ended()
		if ended {
			u.goesOn(0, nil)
		}
		return ended
	}
	if done, waits := u.d.carries(); done || waits {
		return done
	}
	client, server := &u.d.windows[wire.ToServer], &u.d.windows[wire.ToClient]
	asked, mayAsk := http2.IsPreface(client.Bytes())
	greeted, mayGreet := http2.IsSettings(server.Bytes())
	refused := http1.Looks(wire.ToClient, server.Bytes())
	switch {
	case asked && refused == content.TooFew && !server.Ended() && !client.Ended() && client.Len() <= maxUnknown:
		return false
	case asked && refused == content.Yes:
		u.d.speaksHTTP1()
	case !asked && u.late() == content.Yes:
		u.d.speaksHTTP2(http2.Start{Late: true})
	case !asked && u.late() == content.TooFew:
		return false
	case asked, greeted && client.Len() == 0 && (client.Ended() || server.Len() > maxUnknown):
		u.d.speaksHTTP2(http2.Start{})
	case client.Len() > 0 && !mayAsk, server.Len() > 0 && !greeted && !mayGreet && (client.Len() == 0 || !mayAsk || refused == content.Yes),
		client.Ended(), server.Ended() && !greeted:
		u.d.gaveUp()
	default:
		return false
	}
	return true
}

// late tells whether a side is in the middle of HTTP/2, whose beginning was not seen. One
// is enough, as the other may begin within a frame; one that may be waits for more, but
// not behind the end of the other.
func (u *unknown) late() content.Looks {
	looks, ended := content.No, u.d.windows[0].Ended() || u.d.windows[1].Ended()
	for i := range u.d.windows {
		w := &u.d.windows[i]
		if w.Len() == 0 {
			continue
		}
		switch http2.IsLate(w.Bytes(), w.Ended()) {
		case content.Yes:
			return content.Yes
		case content.TooFew:
			if !ended {
				looks = content.TooFew
			}
		}
	}
	return looks
}

// loss is something that was not captured.
type loss struct {
	dir  wire.Dir
	time time.Time
	n    int64
}

// maxLost is how many losses are remembered until something comes.
const maxLost = 16

// Lost decides by what has come; if that is nothing, by what comes next.
func (u *unknown) Lost(dir wire.Dir, t time.Time, n int64) {
	u.lost, u.d.ahead = append(u.lost, loss{dir, t, n}), u.goesOn
	if u.d.windows[0].Len()+u.d.windows[1].Len() > 0 || len(u.lost) == maxLost {
		u.goesOn(0, nil)
	}
}

// goesOn decides, behind a loss, what the connection is: frames of one side are enough,
// also in b, with which dir goes on if it has said nothing, since what would have said
// more may be lost.
func (u *unknown) goesOn(dir wire.Dir, b []byte) {
	if len(u.lost) == 0 {
		return
	}
	u.d.ahead = nil
	said := [2][]byte{u.d.windows[0].Bytes(), u.d.windows[1].Bytes()}
	begins := len(said[0])+len(said[1]) == 0
	if len(said[dir]) == 0 {
		said[dir] = b
	}
	asked, _ := http2.IsPreface(said[wire.ToServer])
	swapped, _ := http2.IsPreface(said[wire.ToClient])
	switch swapped = swapped && u.d.depth() < maxDepth; {
	case asked:
		u.d.speaksHTTP2(http2.Start{})
	case swapped:
		u.d.carry(wire.Conn{Via: "h2c", Start: u.d.env.Now, Reversed: true})
	case http2.AreFrames(said[0]) || http2.AreFrames(said[1]):
		u.d.speaksLate(said)
	default:
		u.d.gaveUp()
	}
	for _, l := range u.lost {
		u.d.drive(l.dir)
		if begins && (asked && l.dir == wire.ToServer || swapped) {
			u.d.lostBefore(l)
		} else {
			u.d.proto.Lost(l.dir, l.time, l.n)
		}
	}
}

// lostBefore tells of a loss that lies before what the connection is known to be.
func (d *Conn) lostBefore(l loss) {
	w := &d.windows[l.dir]
	m := wire.Meta{Conn: d.conn, Dir: l.dir, Off: w.Next(), Start: l.time, End: l.time}
	d.env.Tell(&wire.Anomaly{Meta: m, Code: anomaly.Lost, Lost: max(l.n, -1)})
	w.Skip(max(l.n, 0))
}

// speaksLate goes on with a connection of HTTP/2 whose beginning was lost, and whose
// sides have said so much. Where the server is its client, as Docker's daemon is in the
// sessions of BuildKit, it is inside of what has opened it, which was not seen either.
func (d *Conn) speaksLate(said [2][]byte) {
	asks, known := http2.Sender(said[wire.ToServer])
	if !known {
		asks, known = http2.Sender(said[wire.ToClient])
		asks = asks.Other()
	}
	if known && asks == wire.ToClient && d.depth() < maxDepth {
		d.carry(wire.Conn{Via: "h2c", Start: d.env.Now, Reversed: true})
		return
	}
	d.speaksHTTP2(http2.Start{Late: true})
}

func (u *unknown) Spent(wire.Dir) { u.d.gaveUp() }

func (u *unknown) Silence(dir wire.Dir) {
	if u.goesOn(0, nil); u.d.proto == protocol(u) {
		u.Step(dir)
	}
	if u.d.proto == protocol(u) {
		u.d.gaveUp()
	}
	u.d.proto.Silence(dir)
}

func (u *unknown) End() {}

// gaveUp goes on with a connection of which not enough came to know what it
// is: as HTTP/1, which understands anything; but not if a password may be in it.
func (d *Conn) gaveUp() {
	client := d.windows[wire.ToServer].Bytes()
	if len(client) > 0 && opensProxy[client[0]] && socks.Parse(client, d.windows[wire.ToClient].Bytes()).Secret {
		d.proto = &raw{d: d, secret: true}
		return
	}
	d.speaksHTTP1()
}

// speaksHTTP1 notes what the connection speaks.
func (d *Conn) speaksHTTP1() {
	d.proto = http1.New(&d.env, &d.windows, limits, func(begun int, told [2]bool) {
		d.speaksHTTP2(http2.Start{Exchanges: begun, Told: told})
	})
}

// limits are those of what is held; tests make them small.
var (
	limits  http1.Limits
	limits2 http2.Limits
)

// speaksHTTP2 notes what the connection speaks.
func (d *Conn) speaksHTTP2(s http2.Start) { d.proto = http2.New(&d.env, &d.windows, limits2, s) }
