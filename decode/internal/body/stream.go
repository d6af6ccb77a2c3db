package body

import (
	"github.com/socktrace/socktrace/decode/internal/content"
	"github.com/socktrace/socktrace/decode/internal/window"
	"github.com/socktrace/socktrace/wire"
)

// The types of streams that Docker sends.
const (
	typeRaw         = "application/vnd.docker.raw-stream"
	typeMultiplexed = "application/vnd.docker.multiplexed-stream"
)

// IsStream reports whether a media type is that of a container's output.
func IsStream(typ string) bool { return typ == typeRaw || typ == typeMultiplexed }

// Stream makes the side a direction of what follows the upgrade, which response
// agreed to.
func (b *Body) Stream(w *window.Window, response []wire.Field) {
	x := b.exchange
	b.w, b.sent, b.Done = w, 0, false
	switch protocol := x.Upgrade.Protocol; {
	case protocol == "websocket":
		list, _ := wire.JoinedValues(response, "Sec-WebSocket-Extensions")
		b.decode(func() content.Content { return content.NewWebSocket(b.limits(false), b.dir, list) })
	case protocol != "tcp" && protocol != "hijack":
		b.decode(content.NewRaw)
	case b.dir == wire.ToServer:
		b.decode(content.NewStdin)
	default:
		b.chooseStream(wire.MediaType(wire.FieldValue(response, "Content-Type")))
	}
	if x.Upgrade.Content == wire.KindNone {
		b.mayNest()
	}
}

// mayNest watches whether both directions look like a connection, as long as
// nothing else is known of what the daemon sends. Then they are one.
func (b *Body) mayNest() {
	x := b.exchange
	e := x.env
	if e.Nester == nil {
		return
	}
	if x.tunnel == nil {
		x.tunnel = content.NewTunnel(e.Nester, e.Account, wire.Parent{Conn: e.Conn, Exchange: x.Number}, x.Upgrade.Protocol)
	}
	b.content = x.tunnel.Side(b.dir, b.content)
}

// chooseStream decides whether the output of a container comes in frames or raw
// from a terminal, and says how it is known.
func (b *Body) chooseStream(typ string) {
	x := b.exchange
	tty := x.tty
	if tty == ttyUnknown {
		tty = x.env.Terminals.tty(x.Call.Subject)
	}
	switch {
	case typ == typeMultiplexed:
		b.framed("content-type")
	case typ == typeRaw && x.Call.Typed():
		b.terminal("content-type")
	case tty == ttyOne:
		b.terminal("tty")
	case tty == ttyNone:
		b.framed("tty")
	default:
		b.Found(wire.KindNone, "")
		b.decode(func() content.Content { return content.NewStream(b.limits(false)) })
	}
}

func (b *Body) framed(reason string) {
	b.Found(wire.KindMultiplexed, reason)
	b.decode(func() content.Content { return content.NewMultiplexed(b.limits(false)) })
}

func (b *Body) terminal(reason string) {
	b.Found(wire.KindTerminal, reason)
	b.decode(content.NewTerminal)
}
