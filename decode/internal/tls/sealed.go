package tls

import (
	"bytes"
	"sync"
	"time"

	"github.com/socktrace/socktrace/wire"
)

// maxEarly bounds early data that cannot be opened, in bytes: servers take much less.
const maxEarly = 1 << 20

// plains are buffers for what a record carries. One is only in use within a step.
var plains = sync.Pool{New: func() any { return new([maxFragment]byte) }}

// sealed opens a record.
func (d *Decoder) sealed(h *half) bool {
	r := h.peek()
	switch {
	case r.bad:
		d.unopened(h, timeOf(h.w, headSize))
		return true
	case !r.whole:
		return d.short(h)
	}
	now, kind := timeOf(h.w, r.size()), r.head.kind()
	if d.agreed.version >= tls13 && (kind == changeCipherSpec || kind == alert && !h.finished) { // not protected
		d.now = now
		h.w.Take(r.size())
		d.content(h, kind, r.fragment)
		return true
	}
	buf := plains.Get().(*[maxFragment]byte)
	defer plains.Put(buf)
	plain, ok := h.opener.open(buf[:0], h.seq, r.head, r.fragment)
	if !ok {
		if h.skips && h.skipped+r.size() <= maxEarly {
			h.skipped += r.size()
			h.w.Take(r.size())
			return true
		}
		d.unopened(h, now)
		return true
	}
	if d.agreed.version >= tls13 {
		kind, plain = inner(plain)
	}
	if kind == application && d.waitsForClient(h) {
		return false
	}
	d.now = now
	h.w.Take(r.size())
	h.seq++
	h.skips, h.lost = false, 0
	d.content(h, kind, plain)
	return true
}

// waitsForClient reports whether what the server says waits for the end of the
// handshake: it may begin to speak before it knows who its client is (RFC 8446, section
// 4.4.4).
func (d *Decoder) waitsForClient(h *half) bool {
	client := &d.halves[wire.ToServer]
	return h.dir == wire.ToClient && !d.told && !client.finished && !d.gone(client) && client.state != searches
}

// unopened has a direction search for the next record, since one cannot be opened; if it
// shows that the secrets are wrong, nothing can.
func (d *Decoder) unopened(h *half, at time.Time) {
	d.now = at
	if r := h.peek(); !r.bad && d.tests(h) {
		d.giveUp(wrongSecrets)
		return
	}
	if h.epoch == inTraffic || h.finished {
		d.fault(h, "a record cannot be decrypted")
	}
	h.state, h.pending, h.tried = searches, true, 0
}

// tests reports whether the next record is one that shows whether the secrets fit: the
// first under one of the key log, with nothing missing before it.
func (d *Decoder) tests(h *half) bool {
	switch {
	case d.gap || h.seq > 0 || h.skips:
		return false
	case d.agreed.version < tls13:
		return true
	case h.epoch == inTraffic: // or one behind an update of it
		return bytes.Equal(h.secret, d.keys.Secret(h.label(), d.random))
	}
	return h.epoch == inHandshake && !h.finished
}
