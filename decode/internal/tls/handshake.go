package tls

import (
	"fmt"

	"golang.org/x/crypto/cryptobyte"

	"github.com/socktrace/socktrace/wire"
)

// message takes a message of the handshake.
func (d *Decoder) message(h *half, typ byte, body []byte) {
	server := h.dir == wire.ToClient
	switch {
	case typ == typeClientHello && !server:
		d.clientHello(h, body)
	case typ == typeServerHello && server:
		d.serverHello(h, body)
	case typ == typeEncryptedExtensions && server:
		d.encryptedExtensions(body)
	case typ == typeCertificate && !d.told:
		if c := certificates(body, d.agreed.version); server {
			d.info.Server = c
		} else {
			d.info.Client = c
		}
	case typ == typeServerHelloDone && server:
		d.done = true
	case typ == typeEndOfEarlyData && h.epoch == inEarly:
		h.change(inHandshake)
	case typ == typeFinished && !h.finished:
		h.finished = true
		if d.agreed.version >= tls13 {
			h.change(inTraffic)
		}
	case typ == typeKeyUpdate && h.epoch == inTraffic && d.agreed.version >= tls13:
		if next, err := nextSecret(d.agreed.suite, h.secret); err != nil || !d.use(h, next) {
			d.giveUp("its keys cannot be updated")
		}
	}
	if d.halves[0].finished && d.halves[1].finished {
		d.shook()
	}
}

// clientHello takes the first, the one behind a HelloRetryRequest, or, before TLS 1.3,
// that of another handshake inside.
func (d *Decoder) clientHello(h *half, body []byte) {
	c, ok := parseClientHello(body)
	if !ok {
		d.giveUp("its ClientHello is malformed")
		return
	}
	d.agreed.client = c.random
	if h.state == sealed { // a new handshake: its keys go by its own random
		d.random = c.random
		return
	}
	if !h.seen {
		h.seen = true
		d.random = c.random
		d.early = c.early
		d.info.ServerName, d.info.Offered = c.serverName, c.protocols
	}
	h.state, h.skips = waits, false
}

// serverHello takes what the server chose.
func (d *Decoder) serverHello(h *half, body []byte) {
	s, ok := parseServerHello(body)
	client := &d.halves[wire.ToServer]
	switch {
	case !ok:
		d.giveUp("its ServerHello is malformed")
		return
	case s.random == retryRandom && !h.seen:
		client.state, client.skips, d.early = clear, d.early, false
		return
	}
	d.agreed.version, d.agreed.suite, d.agreed.server, d.agreed.encryptFirst = s.version, suiteOf(s.suite), s.random, s.encryptFirst
	d.openers = [2]opener{}
	if h.state == sealed { // of another handshake
		return
	}
	h.seen = true
	d.info.Version, d.info.Cipher = versionText(s.version), d.agreed.suite.name
	if d.info.Protocol = ""; len(s.protocols) > 0 {
		d.info.Protocol = s.protocols[0]
	}
	switch {
	case s.version < tls10 || s.version > tls13:
		d.giveUp(versionText(s.version) + " cannot be decrypted")
	case s.version == tls13:
		d.info.Resumed = s.preShared
		h.state, client.state = waits, waits
		if d.early {
			client.epoch = inEarly
		}
	default:
		client.state, client.skips = clear, false
	}
	switch {
	case d.agreed.suite.algorithm == unknown && s.version == tls13:
		d.giveUp(unreadable(d.agreed.suite))
	case s.compressed:
		d.giveUp("it is compressed")
	}
}

// unreadable says that a suite is not known how to decrypt.
func unreadable(s suite) string {
	return fmt.Sprintf("the cipher suite %s cannot be decrypted", s.name)
}

// encryptedExtensions takes the rest of what the server chose, in TLS 1.3.
func (d *Decoder) encryptedExtensions(body []byte) {
	var e hello
	e.extensions(cryptobyte.String(body), false)
	if d.encExt = true; len(e.protocols) > 0 {
		d.info.Protocol = e.protocols[0]
	}
	if client := &d.halves[wire.ToServer]; client.epoch == inEarly && !e.early { // it is rejected
		client.epoch, client.skips = inHandshake, true
	}
}

// changeCipherSpec has the next records of a direction be protected, before TLS 1.3.
func (d *Decoder) changeCipherSpec(h *half) {
	h.messages.reset(d.account)
	if h.dir == wire.ToClient && !d.done && !d.told {
		d.info.Resumed = true
	}
	h.change(h.epoch)
}
