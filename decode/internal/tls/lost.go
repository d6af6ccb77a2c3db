package tls

import (
	"time"

	"github.com/socktrace/socktrace/wire"
)

// lose deals with n bytes that were not captured, behind less than a record.
func (d *Decoder) lose(h *half, t time.Time, n int64) {
	d.now = t
	have := h.w.Len()
	r := h.peek()
	switch {
	case h.state == closed:
	case h.dir == wire.ToClient && !h.seen && h.state == clear && have == 0 && h.w.Off() > 0:
		h.doubtful = true // it may have been the end of what asks for another ClientHello
		d.out.Lost(h.dir, t, n)
	case !h.seen:
		h.w.Take(have)
		d.out.Lost(h.dir, t, n)
		reason := noClient
		if h.dir == wire.ToClient {
			reason = noServer
		}
		d.giveUp(reason)
	case h.state == clear:
		h.w.Take(have)
		d.out.Lost(h.dir, t, n)
		h.messages.reset(d.account)
		h.state, h.lost, h.pending, h.said = searches, -1, true, true
	case h.state == torn && n >= 0 && n <= int64(h.left):
		h.left -= int(n)
	case h.state == sealed && have >= headSize && !r.bad && n >= 0 && int64(have)+n <= int64(r.size()):
		d.tear(h, r.size()-have-int(n))
	default:
		if h.state != searches {
			h.lost, h.tried = 0, 0
		}
		h.state, h.pending, h.said = searches, true, false
		if h.lost += int64(have) + n; n < 0 || h.lost < 0 {
			h.lost = -1
		}
	}
	h.w.Take(h.w.Len())
	h.w.Skip(max(n, 0))
}

// tear leaves out the record that the window begins with, of which left bytes will still come.
func (d *Decoder) tear(h *half, left int) {
	r := h.peek()
	h.state, h.left = torn, left
	h.unsealed = d.agreed.version >= tls13 && r.head.kind() != application
	switch _, sized := h.opener.(*aead); {
	case h.unsealed || d.agreed.version >= tls13 && h.epoch != inTraffic || !h.finished:
		d.out.Lost(h.dir, d.now, int64(r.size()))
	case sized && h.begun:
		d.tellMissed(h, max(int64(r.head.size()-h.opener.overhead()), -1))
	default:
		d.tellMissed(h, -1)
	}
}

// mend takes what is left of a torn record.
func (d *Decoder) mend(h *half) bool {
	n := min(h.left, h.w.Len())
	h.w.Take(n)
	if h.left -= n; h.left == 0 {
		h.state = sealed
		if !h.unsealed {
			h.seq++
		}
		h.messages.reset(d.account)
	}
	return true
}
