package http2

import (
	"github.com/socktrace/socktrace/decode/internal/anomaly"
	"github.com/socktrace/socktrace/decode/internal/body"
	"github.com/socktrace/socktrace/wire"
)

// version is how the version of a message is told.
const version = "HTTP/2"

// request begins an exchange with h, the head of a request of stream, which s has sent:
// its client, or a server that promises the answer (RFC 9113, section 8.4). It returns
// nil if there is no room for it.
func (d *Decoder) request(s *side, h *head, stream uint32) *exchange {
	d.opener(stream).opens(stream)
	if d.open.n >= maxOpen {
		d.tooMany(s, h, anomaly.TooManyOpen)
		return nil
	}
	room, ok := d.fit(h, body.ExchangeRoom, d.open.n == 0)
	if !ok {
		d.env.Account.Missed(h.Size)
		d.tooMany(s, h, anomaly.Spent)
		return nil
	}
	x := d.begin(stream, h.at, room)
	d.ask(s, x, h)
	return x
}

// ask tells the request of x.
func (d *Decoder) ask(s *side, x *exchange, h *head) {
	p := &h.pseudo
	fields := d.keep(x, int(wire.ToServer), h)
	x.fields[wire.ToServer] = fields
	x.asked, x.known[wire.ToServer] = true, !h.partial()
	d.opener(x.stream).opens(x.stream)
	x.request = wire.Request{
		Meta: d.metaOf(s, x, h), Method: h.known(p.method), Target: h.known(p.path), Version: version,
		Fields: d.told(fields), Scheme: p.scheme, Authority: p.authority, Stream: x.stream, HeadBytes: h.size,
	}
	if p.method == "CONNECT" {
		if x.protocol = p.protocol; x.protocol == "" {
			x.protocol, x.request.Target = "connect", h.known(p.authority)
		}
	}
	x.misses(h.torn)
	x.Recognise(&x.request, fields)
	d.env.Tell(&x.request)
	d.shortened(s, x, h)
	if fault := h.requestFault(x.protocol); fault != "" {
		d.wrong(s, x, h.at.Off, anomaly.BadHead, fault)
	}
}

// requestFault returns what is malformed about the head of a request.
func (h *head) requestFault(protocol string) string {
	p := &h.pseudo
	switch {
	case h.wrong != "":
		return h.wrong
	case h.partial():
		return ""
	case p.status != "":
		return "a request with :status"
	case p.method == "":
		return "no :method"
	case protocol == "connect" && (p.scheme != "" || p.path != ""):
		return "CONNECT with :scheme or :path"
	case protocol == "connect":
		return ""
	case p.scheme == "":
		return "no :scheme"
	case p.path == "":
		return "no :path"
	case protocol == "" && p.protocol != "":
		return ":protocol without CONNECT"
	}
	return ""
}

// requested takes the head h that a client has sent: of a request, or trailers.
func (d *Decoder) requested(s *side, f header, h *head) {
	x := d.open.get(h.stream)
	switch {
	case x == nil && h.stream&1 == 0:
		d.fault(s, f, wrongSide)
		return
	case x == nil && h.stream > s.last && !(s.late && h.ends()):
		x = d.request(s, h, h.stream)
	case x == nil:
		if x = d.unopened(s, f); x != nil {
			d.trailers(s, x, f, h)
		}
		return
	case !x.asked && !x.begun[s.dir] && !h.ends():
		x.Sides[wire.ToServer].Done = false
		d.ask(s, x, h)
	default:
		d.trailers(s, x, f, h)
		return
	}
	if x != nil && h.endStream {
		d.done(s, x, true)
	}
}

// promise takes the head of a request whose answer the server sends without being asked.
func (d *Decoder) promise(s *side, f header, h *head) {
	if h.promised == 0 || h.promised&1 == 1 || h.promised <= s.last {
		d.fault(s, f, wrongSetting)
		return
	}
	if x := d.request(s, h, h.promised); x != nil {
		x.Sides[wire.ToServer].Done = true
	}
}
