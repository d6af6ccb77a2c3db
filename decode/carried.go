package decode

import (
	"time"

	"github.com/socktrace/socktrace/decode/internal/anomaly"
	"github.com/socktrace/socktrace/decode/internal/proxyproto"
	"github.com/socktrace/socktrace/decode/internal/socks"
	"github.com/socktrace/socktrace/decode/internal/window"
	"github.com/socktrace/socktrace/wire"
)

// carried is the protocol of a connection that does nothing but carry another:
// behind what it began with, everything is of the one inside. It tells nothing of
// that itself.
type carried struct {
	d       *Conn
	tap     wire.Tap // of the connection inside
	ended   [2]bool  // by direction: the tap knows it
	swapped bool     // the server is the client of the one inside
}

// inside returns which direction of the connection inside dir is.
func (p *carried) inside(dir wire.Dir) wire.Dir {
	if p.swapped {
		return dir.Other()
	}
	return dir
}

func (p *carried) Step(dir wire.Dir) bool {
	w := &p.d.windows[dir]
	switch {
	case w.Len() > 0:
		at, b := w.TakeTogether(w.Len())
		p.tap.Chunk(wire.Chunk{Time: at.Time, Dir: p.inside(dir), Data: b})
	case w.Ended() && !p.ended[dir]:
		p.ended[dir] = true
		p.tap.Chunk(wire.Chunk{Time: w.Last(), Dir: p.inside(dir), EOF: true})
	default:
		return false
	}
	return true
}

func (p *carried) Lost(dir wire.Dir, t time.Time, n int64) {
	w := &p.d.windows[dir]
	p.tap.Chunk(wire.Chunk{Time: t, Dir: p.inside(dir), Lost: int(max(n, -1))})
	w.Skip(max(n, 0))
}

func (p *carried) Silence(dir wire.Dir) { p.ended[dir] = true }

func (p *carried) Spent(wire.Dir) {} // nothing is held

func (p *carried) End() {}

// maxUnknown bounds what a side may say of which the other has to say what it is.
const maxUnknown = 64 << 10

// opensProxy are the bytes that what a proxy or its client says begins with, of
// either side.
var opensProxy = [256]bool{'P': true, '\r': true, 5: true, 4: true, 0: true}

// carries finds out whether the connection begins with what a proxy is told, or
// tells, before the connection that it carries. done says that it does, and is
// understood; waits that more will tell.
func (d *Conn) carries() (done, waits bool) {
	client, server := &d.windows[wire.ToServer], &d.windows[wire.ToClient]
	if client.Len() == 0 || !opensProxy[client.Bytes()[0]] || d.depth() >= maxDepth {
		return false, false
	}
	switch h, may := proxyproto.Parse(client.Bytes()); {
	case h.Size > 0 && server.Len() == 0: // who is answered before has sent none
		d.proxied(client, h)
		return true, false
	case may && !client.Ended() && server.Len() == 0:
		return false, true
	}
	switch t := socks.Parse(client.Bytes(), server.Bytes()); t.State {
	case socks.Carries:
		d.connected(t)
		return true, false
	case socks.Refused:
		d.refused(t)
		return true, false
	case socks.Waits:
		next := [...]*window.Window{socks.Client: client, socks.Proxy: server}[t.Next]
		return false, !next.Ended() && client.Len() <= maxUnknown && server.Len() <= maxUnknown
	}
	return false, false
}

// proxied begins the connection behind a header of the PROXY protocol. Who is at
// its ends, the header says.
func (d *Conn) proxied(w *window.Window, h proxyproto.Header) {
	if h.Fault != "" {
		d.env.Anomaly(w, wire.ToServer, 0, w.Off(), anomaly.Fault{Code: anomaly.BadProxy, Detail: h.Fault})
	}
	start := w.TimeAt(w.Off() + int64(h.Size) - 1)
	w.Take(h.Size)
	d.carry(wire.Conn{Via: "proxy", Start: start, Client: wire.Peer{Addr: h.Client}, Server: wire.Peer{Addr: h.Server}})
}

// connected begins the connection that a proxy has made for its client by SOCKS,
// when it was asked to: clients need not wait before they go on.
func (d *Conn) connected(t socks.Talk) {
	w := &d.windows[wire.ToServer]
	start := w.TimeAt(w.Off() + int64(t.Sizes[socks.Client]) - 1)
	w.Take(t.Sizes[socks.Client])
	d.windows[wire.ToClient].Take(t.Sizes[socks.Proxy])
	d.carry(wire.Conn{Via: t.Version, Start: start, Client: d.conn.Client, Server: wire.Peer{Addr: "tcp://" + t.Target}})
}

// refused tells why a proxy does not connect its client. All that was said is raw.
func (d *Conn) refused(t socks.Talk) {
	w := &d.windows[wire.ToClient]
	d.env.Anomaly(w, wire.ToClient, 0, w.Off(), anomaly.Fault{Code: anomaly.Refused, Detail: t.Version + ": " + t.Reason})
	d.proto = &raw{d: d, secret: t.Secret}
}

// carry begins the connection inside.
func (d *Conn) carry(inside wire.Conn) {
	inside.Parent = wire.Parent{Conn: d.conn}
	d.proto = &carried{d: d, tap: d.env.Nester.Nest(inside), swapped: inside.Reversed}
}
