package decode

import (
	"time"

	"github.com/socktrace/socktrace/decode/internal/content"
	"github.com/socktrace/socktrace/decode/internal/http1"
	"github.com/socktrace/socktrace/decode/internal/http2"
	"github.com/socktrace/socktrace/wire"
)

// unknown is the protocol of a connection of which too little is known. It holds
// what comes until it is: HTTP/2 if the client sends its preface and the server does
// not answer with HTTP/1, or if the server speaks first, as one of HTTP/2 may (RFC
// 9113, section 3.4); nothing but a carrier, if it begins as those do (carried.go);
// all else is for HTTP/1 to understand.
type unknown struct{ d *Conn }

func (u *unknown) Step(wire.Dir) bool {
	if done, waits := u.d.carries(); done || waits {
		return done
	}
	if done, waits := u.d.secures(); done || waits {
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

// Lost decides by what has come; if that is nothing, by what comes next (lost.go).
func (u *unknown) Lost(dir wire.Dir, t time.Time, n int64) {
	client, server := u.d.windows[wire.ToServer].Bytes(), u.d.windows[wire.ToClient].Bytes()
	asked, _ := http2.IsPreface(client)
	switch {
	case len(client)+len(server) == 0:
		u.d.remember(wire.Chunk{Time: t, Dir: dir, Lost: int(n)})
		return
	case asked:
		u.d.speaksHTTP2(http2.Start{})
	case http2.AreFrames(client), http2.AreFrames(server):
		u.d.speaksHTTP2(http2.Start{Late: true})
	default:
		u.d.gaveUp()
	}
	u.d.drive(dir)
	u.d.proto.Lost(dir, t, n)
}

func (u *unknown) Spent(wire.Dir) { u.d.gaveUp() }

func (u *unknown) Silence(dir wire.Dir) {
	u.Step(dir)
	if u.d.proto == protocol(u) {
		u.d.gaveUp()
	}
	u.d.proto.Silence(dir)
}

func (u *unknown) End() {}
