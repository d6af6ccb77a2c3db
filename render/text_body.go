package render

import (
	"bytes"

	"github.com/socktrace/socktrace/internal/jsontext"
	"github.com/socktrace/socktrace/wire"
)

// body shows what the messages of a body did not: binary content, that it is
// not complete, trailers.
func (t *text) body(ev *wire.Body, x *wire.Exchange) {
	t.markDir(&ev.Meta)
	shown := x != nil && x.Messages[ev.Dir&1] > 0
	switch {
	case t.o.Bodies == BodiesNone:
		if ev.Bytes > 0 && !(t.short() && failed(ev, x)) {
			t.amount(ev)
			t.end()
			t.files(ev)
		}
	case ev.Content == wire.KindTar:
		t.archive(ev, x)
	case ev.Content == wire.KindGRPC: // its messages are shown
		t.files(ev)
	case ev.Bytes == 0 || ev.Content == wire.KindBinary && shown && x.Streams[wire.KindRaw].Frames > 0:
	case ev.Content == wire.KindBinary:
		t.binary(ev)
	case shown:
	case len(ev.Data) == 0 && len(ev.Masked) > 0:
		t.size(plain, ev.Bytes)
		t.own(roleMasked, ", masked")
		t.end()
	case ev.Content == wire.KindParts, ev.Content == wire.KindJSON && len(bytes.Trim(ev.Data, jsontext.Separators)) == 0:
		// There is nothing in it.
	default:
		t.document(func() int { t.lines(ev.Data); return 0 })
		if ev.Truncated {
			t.cut(len(ev.Data), ev.Bytes, ev.Masked)
		}
	}
	t.bodyEnd(ev)
}

// bodyEnd tells the trailers of a body. That it is not complete the end of the exchange
// says, which knows whether that is any news: the client may have left.
func (t *text) bodyEnd(ev *wire.Body) {
	for _, f := range ev.Trailer {
		switch {
		case !t.short():
			t.field(&f)
		case ofCall(f.Name): // the end of the exchange tells it
		case f.Name == wire.StatusDetails:
			t.details(f.Value)
		default:
			f.Line, f.Value = briefField(f)
			t.field(&f)
		}
	}
}

// failed says whether a body tells why it failed, which an answer in short says.
func failed(ev *wire.Body, x *wire.Exchange) bool {
	return ev.Dir == wire.ToClient && x != nil && x.Outcome.Error != "" && x.Response != nil && x.Response.Status >= 400
}
