package har

import "github.com/socktrace/socktrace/wire"

// headlessNote is a body whose head was not seen, as a stream of HTTP/2 has in a
// capture that began late: the entry has no message for it.
type headlessNote struct {
	bodyNote
	Type      string `json:"type"`
	WireBytes int64  `json:"wire_bytes"`
	Data      []byte `json:"base64"`
	Truncated bool   `json:"truncated"`
	Trailers  []Pair `json:"trailers"`
}

// headless writes the bodies without heads.
func (o *object) headless(e *entry) {
	opened := false
	for dir, b := range [...]*wire.Body{e.RequestBody, e.ResponseBody} {
		if b == nil || hasHead(e.Exchange, wire.Dir(dir)) {
			continue
		}
		if !opened {
			o.Open("headless", '[')
			opened = true
		}
		o.Open("", '{')
		o.String("type", direction(b.Dir))
		o.bodyNote(e, b, true)
		o.Int("wire_bytes", b.WireBytes)
		o.Base64("base64", b.Data)
		o.Flag("truncated", b.Truncated)
		if len(b.Trailer) > 0 {
			o.fields("trailers", b.Trailer)
		}
		o.Close('}')
	}
	if opened {
		o.Close(']')
	}
}

// headless gives x the bodies without heads.
func (r *restorer) headless(x *wire.Exchange) {
	for i := range r.trace.Headless {
		n := &r.trace.Headless[i]
		b := r.body(&n.bodyNote, dirNamed(n.Type))
		b.Bytes, b.WireBytes, b.Truncated = n.Bytes, n.WireBytes, n.Truncated
		if len(n.Data) > 0 {
			b.Data = n.Data
		}
		if b.Trailer = fieldsOf(n.Trailers); len(b.Trailer) > 0 {
			for i := range b.Trailer {
				b.Trailer[i].Line = ""
			}
		}
		if b.Dir == wire.ToServer {
			x.RequestBody = b
		} else {
			x.ResponseBody = b
		}
	}
}
