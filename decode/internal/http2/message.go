package http2

import (
	"fmt"
	"strconv"

	"github.com/socktrace/socktrace/decode/internal/anomaly"
	"github.com/socktrace/socktrace/decode/internal/body"
	"github.com/socktrace/socktrace/wire"
)

// beginBody begins the body of the message that s sends in x, where s is, if it has not.
func (d *Decoder) beginBody(s *side, x *exchange) {
	if x.begun[s.dir] || x.Upgrade != nil {
		return
	}
	x.begun[s.dir] = true
	x.Sides[s.dir].Begin(s.w, body.Head{Fields: x.fields[s.dir], Status: x.response.Status, Unknown: !x.known[s.dir]})
}

// trailers takes h, which ends a message (RFC 9113, section 8.1).
func (d *Decoder) trailers(s *side, x *exchange, f header, h *head) {
	if !d.resumes(s, x, f) {
		return
	}
	if !h.endStream {
		d.fault(s, f, badTrailer)
	}
	if h.wrong == "" && h.pseudo != (pseudo{}) {
		h.malformed("pseudo-header fields in trailers")
	}
	if h.wrong != "" {
		d.wrong(s, x, h.at.Off, anomaly.BadHead, h.wrong)
	}
	x.misses(h.torn)
	d.beginBody(s, x)
	if room, ok := d.fit(h, 0, false); ok && x.Upgrade == nil {
		x.charged += room
		if d.env.Needs.Fields {
			x.Sides[s.dir].Trailer(d.keep(x, behind+int(s.dir), h))
		} else if d.env.Needs.Lines {
			x.Sides[s.dir].Trailer(ofCall(h.Fields))
		}
	} else {
		h.short = true
	}
	if d.shortened(s, x, h); h.endStream {
		d.messageEnds(s, x)
	}
}

// messageEnds ends the side of x that s sends, with the end of its stream.
func (d *Decoder) messageEnds(s *side, x *exchange) {
	d.look(s, x)
	d.checkLength(s, x)
	d.done(s, x, true)
}

// checkLength looks whether the body is as long as its head says (RFC 9113, section
// 8.1.1).
func (d *Decoder) checkLength(s *side, x *exchange) {
	says, ok := wire.JoinedValues(x.fields[s.dir], "content-length")
	if !ok || !x.begun[s.dir] || x.state == wire.StatePartial || x.request.Method == "HEAD" {
		return
	}
	if n, err := strconv.ParseInt(says, 10, 64); err != nil || n != x.size[s.dir] {
		d.wrong(s, x, s.w.Off(), anomaly.BadLength, fmt.Sprintf("content-length: %s, and there are %d bytes", says, x.size[s.dir]))
	}
}
