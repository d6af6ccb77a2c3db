package body

import (
	"strings"

	"github.com/socktrace/socktrace/decode/internal/content"
	"github.com/socktrace/socktrace/decode/internal/window"
	"github.com/socktrace/socktrace/internal/media"
	"github.com/socktrace/socktrace/wire"
)

// IsStream reports whether a media type is that of a container's output.
func IsStream(typ string) bool { return media.Type{Media: typ}.IsStream() }

// Stream makes the side a direction of what follows the upgrade, which response
// agreed to. What was asked for decides, and what comes: the words of the
// agreement differ from daemon to daemon.
func (b *Body) Stream(w *window.Window, response []wire.Field) {
	x := b.exchange
	b.w, b.sent, b.Done = w, 0, false
	switch protocol := x.Upgrade.Protocol; {
	case protocol == "websocket":
		list, _ := wire.JoinedValues(response, "Sec-WebSocket-Extensions")
		names := wire.FieldValue(response, "Sec-WebSocket-Protocol")
		b.decode(func() content.Content { return content.NewWebSocket(b.limits(false), b.dir, list, names) })
	case protocol == "connect", strings.HasPrefix(protocol, "h2"):
		b.decode(content.NewRaw)
	case !x.Call.Hijacks() && protocol != "tcp" && protocol != "hijack":
		b.unknownStream()
	case b.dir == wire.ToServer:
		b.decode(content.NewStdin)
		if t := b.mayCarry(); t != nil && b.content != nil {
			b.content = t.Side(b.dir, b.content)
		}
	default:
		b.chooseStream(streamType(response))
	}
	if x.Upgrade.Content == wire.KindNone {
		b.mayNest()
	}
}

// streamType returns the type of a stream. Podman swaps the values of Content-Type
// and Upgrade.
func streamType(response []wire.Field) string {
	typ := wire.MediaType(wire.FieldValue(response, "Content-Type"))
	if swapped := wire.MediaType(wire.FieldValue(response, "Upgrade")); !IsStream(typ) && IsStream(swapped) {
		return swapped
	}
	return typ
}

// unknownStream decodes a direction of a stream of which nothing is known: what a
// daemon sends may come in frames all the same.
func (b *Body) unknownStream() {
	if b.dir == wire.ToServer {
		b.decode(content.NewRaw)
		return
	}
	b.decode(func() content.Content { return content.NewUnknown(b.limits(false)) })
}

// mayNest watches whether both directions look like a connection, as long as
// nothing else is known of what the daemon sends. Then they are one.
func (b *Body) mayNest() {
	if t := b.exchange.mayTunnel(b.exchange.Upgrade.Protocol); t != nil {
		b.content = t.Side(b.dir, b.content)
	}
}

// mayTunnel returns what finds a connection in both directions; nil if nobody looks
// for one.
func (x *Exchange) mayTunnel(via string) *content.Tunnel {
	e := x.env
	if x.tunnel == nil && e.Nester != nil {
		x.tunnel = content.NewTunnel(e.Nester, e.Account, wire.Parent{Conn: e.Conn, Exchange: x.Number}, via)
	}
	return x.tunnel
}

// mayCarry returns what finds a connection in the input of a command and in the
// frames of its output; nil if nobody looks for one, or it is not known to come in
// frames.
func (b *Body) mayCarry() *content.Tunnel {
	if u := b.exchange.Upgrade; u == nil || u.Content != wire.KindMultiplexed {
		return nil
	}
	return b.exchange.mayTunnel("stdout")
}

// chooseStream decides whether the output of a container should come in frames or
// raw from a terminal, and says how that is known. The first bytes have the last
// word.
func (b *Body) chooseStream(typ string) {
	x := b.exchange
	kind, reason := wire.KindNone, ""
	switch {
	case typ == media.Multiplexed:
		kind, reason = wire.KindMultiplexed, "content-type"
	case typ == media.Raw && x.Call.Typed():
		kind, reason = wire.KindTerminal, "content-type"
	default:
		switch x.terminal() {
		case ttyOne:
			kind, reason = wire.KindTerminal, "tty"
		case ttyNone:
			kind, reason = wire.KindMultiplexed, "tty"
		}
	}
	b.Found(kind, reason)
	b.decode(func() content.Content {
		var inner *content.Framed
		if t := b.mayCarry(); t != nil {
			inner = t.Framed()
		}
		return content.NewStream(b.limits(false), kind, reason, inner)
	})
}

// terminal returns whether the container of the exchange has a terminal, as far as is
// known.
func (x *Exchange) terminal() tty {
	if x.tty != ttyUnknown {
		return x.tty
	}
	return x.env.tty(x.Call.Subject)
}
