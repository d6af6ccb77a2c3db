package tls

import (
	"fmt"

	"github.com/socktrace/socktrace/decode/internal/anomaly"
	"github.com/socktrace/socktrace/wire"
)

// Why what follows cannot be read.
const (
	noKeyLog  = "there is no key log"
	noSecrets = "its keys are not in the key log"
	noClient  = "its ClientHello was not captured"
	noServer  = "its ServerHello was not captured"
	// The first record they are for cannot be opened, though nothing is missing.
	wrongSecrets = "the secrets in the key log do not fit"
)

// versions are how versions are told.
var versions = map[uint16]string{ssl30: "SSL 3.0", tls10: "TLS 1.0", tls11: "TLS 1.1", tls12: "TLS 1.2", tls13: "TLS 1.3"}

// versionText returns how a version is told.
func versionText(v uint16) string {
	if s, ok := versions[v]; ok {
		return s
	}
	return fmt.Sprintf("version 0x%04X", v)
}

// shook tells what the handshake agreed on, if that was not told.
func (d *Decoder) shook() {
	if d.told {
		return
	}
	d.told = true
	d.info.End = d.now
	d.out.Shook(&d.info)
}

// giveUp ends reading: what follows is opaque, for this reason.
func (d *Decoder) giveUp(reason string) {
	if d.opaque {
		return
	}
	d.opaque = true
	if d.told {
		d.fault(&d.halves[0], "what follows cannot be read: "+reason)
		return
	}
	d.info.Opaque = reason
	d.shook()
}

// fault tells that the traffic breaks the rules of TLS.
func (d *Decoder) fault(h *half, detail string) {
	d.shook()
	d.out.Fault(h.dir, d.now, anomaly.Fault{Code: anomaly.BadTLS, Detail: detail})
}

// tellMissed tells what is known to be missing, n bytes of what was inside, or of the
// handshake if there is nothing inside yet.
func (d *Decoder) tellMissed(h *half, n int64) {
	if h.pending = false; n == 0 {
		return
	}
	d.shook()
	d.out.Missed(h.dir, d.now, n)
}

// end tells that a direction has ended.
func (d *Decoder) end(h *half) {
	if h.ended {
		return
	}
	if h.pending {
		d.tellMissed(h, -1)
	}
	h.ended = true
	if d.vain() {
		d.giveUp(wrongSecrets)
	}
	d.shook()
	d.out.End(h.dir, d.now)
}

// vain reports whether there are secrets for both directions, with which nothing that was
// seen can be opened.
func (d *Decoder) vain() bool {
	for i := range d.halves {
		if h := &d.halves[i]; h.state != searches || h.opener != nil || h.lost <= 0 {
			return false
		}
	}
	return !d.gap
}

// who names the peer that sends a direction.
func who(h *half) string {
	if h.dir == wire.ToServer {
		return "the client"
	}
	return "the server"
}
