package tls

import (
	"bytes"

	"github.com/socktrace/socktrace/decode/internal/anomaly"
)

// content takes what a record carried.
func (d *Decoder) content(h *half, kind contentType, b []byte) {
	switch kind {
	case handshake:
		d.handshake(h, b)
	case application:
		d.data(h, b)
	case alert:
		d.alert(h, b)
	case changeCipherSpec:
		if d.agreed.version < tls13 {
			d.changeCipherSpec(h)
		}
	}
}

// handshake takes a part of the handshake. What follows the end of an epoch is under
// other keys, and cannot be in the same record (RFC 8446, section 5.1).
func (d *Decoder) handshake(h *half, b []byte) {
	h.messages.write(d.account, b)
	before := h.state
	for h.state == before && !d.opaque {
		typ, body, ok := h.messages.next(d.account)
		if !ok {
			return
		}
		d.message(h, typ, body)
	}
	h.messages.reset(d.account)
}

// data passes on what was inside. What the other direction has lost before is told
// first, though not how much.
func (d *Decoder) data(h *half, b []byte) {
	if len(b) == 0 {
		return
	}
	d.shook()
	if o := &d.halves[h.dir.Other()]; o.pending {
		d.tellMissed(o, -1)
	}
	h.begun = true
	d.out.Data(h.dir, d.now, b)
}

// alert takes an alert: the end of a direction, in order or not (RFC 8446, section 6).
func (d *Decoder) alert(h *half, b []byte) {
	if len(b) != 2 {
		return
	}
	level, description := b[0], b[1]
	switch {
	case description == closeNotify:
		h.state = closed
		d.end(h)
	case level == fatal:
		h.state = closed
		d.shook()
		d.out.Fault(h.dir, d.now, anomaly.Fault{Code: anomaly.TLSAlert, Detail: who(h) + " says: " + alertText(description)})
	}
}

// inner returns what is inside of what a record of TLS 1.3 carries: a type stands behind
// it, and behind that padding (RFC 8446, section 5.4).
func inner(b []byte) (kind contentType, plain []byte) {
	if b = bytes.TrimRight(b, "\x00"); len(b) == 0 {
		return 0, nil
	}
	return contentType(b[len(b)-1]), b[:len(b)-1]
}
