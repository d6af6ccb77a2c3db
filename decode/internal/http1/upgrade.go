package http1

import (
	"fmt"
	"strings"

	"github.com/socktrace/socktrace/decode/internal/anomaly"
	"github.com/socktrace/socktrace/wire"
)

// hold waits for the answer to a request that proposed another protocol. The
// bytes behind it belong to HTTP if it is refused, and to the new protocol if
// it is accepted (RFC 9110, section 7.8).
func (d *Decoder) hold(s *side) bool {
	o := d.other(s)
	switch {
	case !s.waits.waits(), o.gaveUp, o.w.Ended() && o.w.Len() == 0:
		s.waits = nil
		s.on(answered)
		return true
	case s.w.Len() > d.limit.Held:
		d.wrong(s, s.waits, anomaly.HeldTooLong, fmt.Sprintf("%d bytes", s.w.Len()))
		d.giveUp(s, s.w.Len())
		return true
	}
	return s.w.Len() == 0 && d.ended(s)
}

// upgrade makes both directions streams of the exchange whose response s has
// just read.
func (d *Decoder) upgrade(s *side, f framing) {
	x := s.exchange
	resp := &x.response
	protocol := strings.ToLower(wire.FieldValue(x.fields[s.dir], "Upgrade"))
	switch {
	case f == framingTunnel:
		protocol = "connect"
	case resp.Status != 101:
		protocol = "hijack"
	}
	if !x.maySwitch {
		d.fault(s, x, resp.Off, anomaly.Fault{Code: anomaly.Unasked, Detail: protocol})
	}
	x.Upgrade = &wire.Upgrade{Meta: resp.Meta, Protocol: protocol}
	if protocol == "websocket" {
		x.Upgrade.Content = wire.KindWebSocket
	}
	d.streamFrom(s, x)
	x.TellUpgrade()
	client := &d.sides[wire.ToServer]
	if client.exchange == x {
		return // it is still sending the request: messageDone will go on
	}
	if client.exchange != nil {
		d.breakOff(client) // another request, although an answer was due
	}
	d.streamFrom(client, x)
}
