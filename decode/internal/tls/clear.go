package tls

import "github.com/socktrace/socktrace/wire"

// gone reports whether a direction says nothing more that matters.
func (d *Decoder) gone(h *half) bool {
	return d.over || d.held() > maxHeld || h.state == closed || h.w.Ended() && h.w.Len() == 0
}

// clear reads a record of the handshake that is not protected.
func (d *Decoder) clear(h *half) bool {
	if client := &d.halves[wire.ToServer]; h.dir == wire.ToClient && !client.seen {
		if !d.gone(client) {
			return false
		}
		d.giveUp(noClient)
		return true
	}
	if h.doubtful {
		switch Recognize(h.w.Bytes()) {
		case Server:
			h.doubtful = false
		case TooFew:
			if !d.gone(h) {
				return false
			}
			fallthrough
		default:
			d.now = timeOf(h.w, headSize)
			d.giveUp(noServer)
			return true
		}
	}
	r := h.peek()
	if r.bad {
		d.now = timeOf(h.w, headSize)
		d.giveUp("it is not TLS what " + who(h) + " says")
		return true
	}
	if !r.whole {
		return d.short(h)
	}
	if d.now = timeOf(h.w, r.size()); d.info.Start.IsZero() {
		d.info.Start = timeOf(h.w, 1)
	}
	h.w.Take(r.size())
	switch kind := r.head.kind(); {
	case kind == application && h.skips: // early data, which is not accepted
	case kind == application || kind == heartbeat:
		d.giveUp("its handshake is not over when data comes")
	case kind == changeCipherSpec && !d.halves[wire.ToClient].seen: // RFC 8446, appendix D.4
	default:
		d.content(h, kind, r.fragment)
	}
	return true
}

// await waits for what the next record is opened with.
func (d *Decoder) await(h *half) bool {
	server := &d.halves[wire.ToClient]
	if !server.seen {
		switch {
		case server.state == closed:
			h.state = closed
		case !d.gone(server):
			return false
		default:
			d.giveUp(noServer)
		}
		return true
	}
	if d.agreed.suite.algorithm == unknown {
		d.giveUp(unreadable(d.agreed.suite))
		return true
	}
	if d.agreed.version >= tls13 {
		if r := h.peek(); !r.whole && !r.bad {
			return d.short(h)
		} else if r.head.kind() == changeCipherSpec && !r.bad {
			h.w.Take(r.size())
			return true
		}
		if h.epoch == inEarly && !d.encExt {
			if d.encExt = d.gone(server) || server.state == searches; !d.encExt {
				return false
			}
		}
	}
	switch {
	case d.arm(h):
	case d.holds():
		return false
	case h.epoch == inEarly:
		h.epoch, h.skips = inHandshake, true
		d.tellMissed(h, -1)
	case h.epoch == inHandshake && d.agreed.version >= tls13 && d.keys != nil && d.keys.Secret((&half{dir: h.dir, epoch: inTraffic}).label(), d.random) != nil:
		h.epoch, h.state, h.opener = inTraffic, searches, nil
	default:
		d.lacks()
	}
	return true
}
