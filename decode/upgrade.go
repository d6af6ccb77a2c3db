package decode

import (
	"fmt"
	"strings"

	"github.com/socktrace/socktrace/wire"
)

// maxHeld bounds what a client may send behind an upgrade before it is
// answered. What is longer is shown as raw bytes without waiting.
const maxHeld = 1 << 20

// held waits for the answer to a request that proposed another protocol. The
// bytes behind it belong to HTTP if it is refused, and to the new protocol if
// it is accepted (RFC 9110, section 7.8).
func held(d *Conn, h *half) bool {
	o := &d.half[h.dir.Other()]
	switch {
	case h.waits.answered, o.gaveUp, o.eof && len(o.win) == 0:
		h.state, h.waits = requestHead, nil
		return true
	case len(h.win) > maxHeld:
		d.anomaly(h, h.waits, h.off, codeHeldTooLong, fmt.Sprintf("%d bytes", len(h.win)))
		d.giveUp(h, len(h.win))
		return true
	}
	return len(h.win) == 0 && d.ended(h)
}

// upgrade makes both directions streams of the exchange whose response h has
// just read.
func (d *Conn) upgrade(h *half, f framing) {
	ex, resp := h.ex, h.ex.Response
	protocol := strings.ToLower(wire.FieldValue(resp.Fields, "Upgrade"))
	switch {
	case f == framingTunnel:
		protocol = "connect"
	case resp.Status != 101:
		protocol = "hijack"
	}
	if !ex.maySwitch {
		d.anomaly(h, ex, resp.Off, codeUnasked, protocol)
	}
	ex.Upgrade = &wire.Upgrade{Meta: resp.Meta, Protocol: protocol}
	if protocol == "websocket" {
		ex.Upgrade.Content = wire.KindWebSocket
	}
	d.startStream(h, ex)
	d.emit(ex.Upgrade)
	client := &d.half[wire.ToServer]
	if client.ex == ex {
		return // it is still sending the request: messageDone will go on
	}
	if client.ex != nil {
		d.breakOff(client) // another request, although an answer was due
	}
	d.startStream(client, ex)
}

// startStream makes h a stream of ex.
func (d *Conn) startStream(h *half, ex *exchange) {
	h.state, h.ex, h.waits = stream, ex, nil
	h.searched = 0
	m := &ex.side[h.dir]
	m.index, m.done = 0, false
	switch protocol := ex.Upgrade.Protocol; {
	case protocol == "websocket":
		m.content = d.wanted(h, func(*half) content { return newWebSocket(ex, h.dir) })
	case protocol != "tcp" && protocol != "hijack":
		m.content = d.wanted(h, newRaw)
	case h.dir == wire.ToServer:
		m.content = d.wanted(h, newStdin)
	default:
		d.chooseStream(h, m, wire.MediaType(wire.FieldValue(ex.Response.Fields, "Content-Type")))
	}
}

// stream takes a direction of an upgraded connection.
func stream(d *Conn, h *half) bool {
	if len(h.win) > 0 {
		d.feed(h, len(h.win))
		return true
	}
	if !h.eof {
		return false
	}
	if m := &h.ex.side[h.dir]; m.content != nil {
		m.content.close(d, h)
		m.content = nil
	}
	d.ended(h)
	h.state = opaque
	if d.stopped() {
		return false
	}
	d.done(h, d.err == nil)
	return true
}
