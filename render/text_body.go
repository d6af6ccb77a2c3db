package render

import (
	"bytes"

	"github.com/socktrace/socktrace/internal/jsontext"
	"github.com/socktrace/socktrace/wire"
)

// cut tells that only kept bytes of size were shown, or that it was sent as far as
// that; of what is masked, nobody knows how many those were.
func (t *text) cut(kept int, size int64, masked []string) {
	switch {
	case len(masked) > 0:
		t.own(roleMasked, "… cut here, of ")
	case int64(kept) == size:
		t.own(roleMasked, "… ends here, after ")
	default:
		t.own(roleMasked, "… cut here: ")
		t.size(roleMasked, int64(kept))
		t.own(roleMasked, " of ")
	}
	t.size(roleMasked, size)
	t.end()
}

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
			t.field(f)
		case ofCall(f.Name): // the end of the exchange tells it
		case f.Name == wire.StatusDetails:
			t.details(f.Value)
		default:
			f.Line, f.Value = briefField(f)
			t.field(f)
		}
	}
}

// amount tells how much of a body there was, and of what kind.
func (t *text) amount(ev *wire.Body) {
	t.size(plain, ev.Bytes)
	if ev.Content != wire.KindNone {
		t.own(roleFaint, " "+ev.Content.String())
	}
}

// binary shows what is known of a binary body, and how it begins.
func (t *text) binary(ev *wire.Body) {
	t.own(roleFaint, ev.Content.String()+" ")
	if ev.Coding != "" {
		t.text(roleFaint, ev.Coding)
		t.own(roleFaint, ", ")
		t.size(plain, ev.WireBytes)
		t.own(roleFaint, " → ")
	}
	t.size(plain, ev.Bytes)
	if n := t.hexBytes(len(ev.Data)); len(ev.Masked) == 0 && n > 0 && int64(n) < ev.Bytes {
		t.own(roleFaint, ", its first ")
		t.size(roleFaint, int64(n))
	}
	t.bytes(ev.Data, ev.Masked)
}

// failed says whether a body tells why it failed, which an answer in short says.
func failed(ev *wire.Body, x *wire.Exchange) bool {
	return ev.Dir == wire.ToClient && x != nil && x.Outcome.Error != "" && x.Response != nil && x.Response.Status >= 400
}
