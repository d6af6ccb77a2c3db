package render

import "github.com/socktrace/socktrace/wire"

// message shows one message. Units of a stream are labelled with their kind and
// time; a body that is one document is shown as it is. A message after the first
// proves a stream.
func (t *text) message(ev *wire.Message, x *wire.Exchange) {
	if t.o.Bodies == BodiesNone || isTrace(ev) || t.repeats(ev, x) {
		return // the end tells how much there was, and what went wrong; the next message what it is
	}
	t.markDir(&ev.Meta)
	stream := ev.Index > 0 || streams(x, ev.Dir)
	var at []byte
	if x != nil && x.Request != nil {
		at = t.since(x.Start, ev.End)
	}
	switch ev.Kind {
	case wire.KindEntry:
		t.entry(ev, x)
	case wire.KindGRPC:
		t.grpc(ev, x, at)
	case wire.KindJSON:
		if !t.happened(ev, x, at) && !t.says(ev, x, at) && !t.inspected(ev, x) {
			t.json(ev, x, stream, at)
		}
	case wire.KindText:
		if ev.Name != "" && listsEntries(x) {
			t.file(ev)
		} else if stream || ev.Name != "" {
			t.labelled(ev, at)
		} else {
			t.document(func() int { t.lines(ev.Data); return 0 })
		}
	case wire.KindTerminal, wire.KindStdin, wire.KindStdout, wire.KindStderr, wire.KindSystemErr:
		t.labelled(ev, at)
	case wire.KindWebSocket:
		t.webSocket(ev, at)
	default:
		t.label(ev, at)
		t.labelGap()
		t.named(ev)
		t.size(plain, ev.Size)
		t.bytes(ev.Data, ev.Masked)
	}
	t.hang = 0
	if told := ev.Kind == wire.KindRaw && len(ev.Data) == 0; ev.Truncated && !told { // that has its size
		t.cut(len(ev.Data), ev.Size, ev.Masked)
	}
}
