package http2

import (
	"strconv"

	"github.com/socktrace/socktrace/decode/internal/anomaly"
	"github.com/socktrace/socktrace/wire"
)

// responded takes the head h that a server has sent: of a response, or trailers.
func (d *Decoder) responded(s *side, f header, h *head) {
	x := d.open.get(h.stream)
	if x == nil {
		if x = d.unopened(s, f); x == nil {
			return
		}
	}
	switch {
	case x.answered, x.begun[s.dir], h.ends() && (s.late || !x.asked):
		d.trailers(s, x, f, h)
		return
	case !d.resumes(s, x, f):
		return
	}
	if d.answer(s, x, h); h.endStream {
		d.done(s, x, true)
	}
}

// answer tells the response of x.
func (d *Decoder) answer(s *side, x *exchange, h *head) {
	status, err := strconv.ParseUint(h.pseudo.status, 10, 10)
	interim := status/100 == 1
	room, _ := d.fit(h, 0, true)
	resp := &x.response
	if interim { // there may be many
		resp = &wire.Response{Fields: append([]wire.Field(nil), h.Fields...)}
		d.env.Account.Refund(room) // nothing is held of it
	} else {
		x.charged += room
		x.answered, x.known[s.dir] = true, !h.partial()
		x.fields[s.dir] = d.keep(x, int(s.dir), h)
		resp.Fields = x.fields[s.dir]
	}
	*resp = wire.Response{
		Meta: d.metaOf(s, x, h), Version: version, Status: int(status), Fields: d.told(resp.Fields), HeadBytes: h.size, Interim: interim,
	}
	x.misses(h.torn)
	d.env.Tell(resp)
	d.shortened(s, x, h)
	fault := h.wrong
	switch {
	case fault != "" || h.partial():
	case h.pseudo.method != "":
		fault = "a response with :method"
	case err != nil || status < 100 || status == 101:
		fault = ":status " + strconv.Quote(h.pseudo.status)
	case interim && h.endStream:
		fault = "an interim response that ends the stream"
	}
	if fault != "" {
		d.wrong(s, x, h.at.Off, anomaly.BadHead, fault)
	}
	if x.protocol != "" && status/100 == 2 && !h.endStream {
		d.upgrade(s, x)
	}
}

// upgrade makes both directions of x streams, which the response agrees to (RFC 9113,
// section 8.5; RFC 8441, section 4).
func (d *Decoder) upgrade(s *side, x *exchange) {
	client := &x.Sides[wire.ToServer]
	if x.begun[wire.ToServer] {
		client.End(true) // it did not wait for the answer
	}
	x.Upgrade = &wire.Upgrade{Meta: x.response.Meta, Protocol: x.protocol}
	if x.protocol == "websocket" {
		x.Upgrade.Content = wire.KindWebSocket
	}
	x.Sides[s.dir].Stream(s.w, x.fields[s.dir])
	x.TellUpgrade()
	if !client.Done {
		client.Stream(d.other(s).w, x.fields[s.dir])
	}
}
