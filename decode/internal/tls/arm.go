package tls

import (
	"github.com/socktrace/socktrace/keylog"
	"github.com/socktrace/socktrace/wire"
)

// maxHeld is how much is held of a connection whose keys may be known later, in bytes.
const maxHeld = 64 << 10

// label returns what the secret of an epoch is called.
func (h *half) label() keylog.Label {
	switch {
	case h.epoch == inEarly:
		return keylog.ClientEarly
	case h.epoch == inHandshake && h.dir == wire.ToServer:
		return keylog.ClientHandshake
	case h.epoch == inHandshake:
		return keylog.ServerHandshake
	case h.dir == wire.ToServer:
		return keylog.ClientTraffic
	}
	return keylog.ServerTraffic
}

// seal has a direction open its next records with o.
func (h *half) seal(o opener) { h.state, h.opener, h.seq = sealed, o, 0 }

// use has a direction open its next records with a secret of TLS 1.3. It reports
// whether it can.
func (d *Decoder) use(h *half, secret []byte) bool {
	if len(secret) != d.agreed.suite.hash.Size() {
		return false
	}
	o, err := opener13(d.agreed.suite, secret)
	if err != nil {
		return false
	}
	h.secret = secret
	h.seal(o)
	return true
}

// arm finds what a direction opens its next records with, which it waits for. It
// reports whether that is known.
func (d *Decoder) arm(h *half) bool {
	if d.keys == nil {
		return false
	}
	if d.agreed.version >= tls13 {
		return d.use(h, d.keys.Secret(h.label(), d.random))
	}
	if d.openers[h.dir] == nil {
		master := d.keys.Secret(keylog.Master, d.random)
		if master == nil {
			return false
		}
		o, err := openers12(d.agreed, master)
		if err != nil {
			return false
		}
		d.openers = o
	}
	h.seal(d.openers[h.dir])
	return true
}

// holds reports whether it is worth waiting for keys: some may come, and not too much
// waits for them.
func (d *Decoder) holds() bool {
	return !d.over && d.keys != nil && d.keys.Expects() && d.held() <= maxHeld
}

// held is how much waits.
func (d *Decoder) held() int { return d.halves[0].w.Len() + d.halves[1].w.Len() }

// lacks gives up since there are no keys.
func (d *Decoder) lacks() {
	if d.keys == nil || !d.keys.Given() {
		d.giveUp(noKeyLog)
		return
	}
	d.giveUp(noSecrets)
}
