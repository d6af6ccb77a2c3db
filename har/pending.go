package har

import (
	"strings"

	"github.com/socktrace/socktrace/internal/media"
	"github.com/socktrace/socktrace/wire"
)

// pending is what waits for the entry of an exchange, beside what the exchange
// itself tells: its messages, and where it is in the file so far.
type pending struct {
	n        int // the exchange's number
	messages messages
	eofs     []*wire.EOF
	parts    int  // entries that are in the file
	ticks    int  // how often Tick has seen it
	changed  bool // since it has

	provisional *provisional // its entry in the tail of the file; nil: none
}

// add keeps what ev tells and its exchange x does not.
func (p *pending) add(ev wire.Event, x *wire.Exchange) {
	p.changed = true
	switch ev := ev.(type) {
	case *wire.Message:
		// Text has no messages of its own, where the body is that text.
		t := bodyType(x, ev.Dir)
		if ev.Kind != wire.KindText || ev.Name != "" || p.messages.jsons[ev.Dir&1] > 0 || p.messages.lists || !t.Alone() || strings.HasPrefix(t.Media, "application/grpc") || !hasHead(x, ev.Dir) {
			p.messages.add(ev)
		}
	case *wire.EOF:
		if len(p.eofs) < 2 {
			e := *ev
			p.eofs = append(p.eofs, &e)
		}
	}
}

// empty says whether an entry of x and p would tell nothing that is not in the
// file.
func (p *pending) empty(x *wire.Exchange) bool {
	if p.n == 0 || p.parts > 0 {
		return len(p.messages.records) == 0 && len(x.Anomalies) == 0
	}
	return false
}

// hasHead reports whether the head of the message in direction d was seen: without it,
// the file has no place for its body.
func hasHead(x *wire.Exchange, d wire.Dir) bool {
	return d == wire.ToServer && x.Request != nil || d == wire.ToClient && x.Response != nil
}

// bodyType returns what the head says of the body in direction d.
func bodyType(x *wire.Exchange, d wire.Dir) media.Type {
	var fields []wire.Field
	switch {
	case d == wire.ToServer && x.Request != nil:
		fields = x.Request.Fields
	case d == wire.ToClient && x.Response != nil:
		fields = x.Response.Fields
	}
	return media.TypeOf(wire.FieldValue(fields, "Content-Type"))
}
