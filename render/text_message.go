package render

import (
	"bytes"

	"github.com/socktrace/socktrace/wire"
)

// streams says whether messages in direction dir of x, which may be nil, are
// units of a stream. That is not known for certain when the first comes: a
// response without a length is taken for one.
func streams(x *wire.Exchange, dir wire.Dir) bool {
	switch {
	case x == nil:
		return false
	case x.Upgrade != nil:
		return true
	}
	return dir == wire.ToClient && x.Response != nil && !wire.HasField(x.Response.Fields, "Content-Length")
}

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
		at = since(x.Start, ev.End)
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

// repeats says whether a message says nothing but why the exchange has failed, which
// its last line says in short.
func (t *text) repeats(ev *wire.Message, x *wire.Exchange) bool {
	if !t.short() || t.o.Bodies != BodiesShort || x == nil || !failedLate(x) || ev.Dir != wire.ToClient {
		return false
	}
	return ev.Kind == wire.KindJSON && !ev.Truncated && t.doc.read(ev.Data, t.colors) && t.doc.saysNothingBut(x.Outcome.Error)
}

// bytes ends a line about bytes that are no text, and shows how they begin. Where
// something is masked they are not what was sent.
func (t *text) bytes(b []byte, masked []string) {
	if len(masked) > 0 {
		t.own(roleMasked, ", masked")
		t.end()
		return
	}
	t.end()
	t.hex(b[:t.hexBytes(len(b))])
}

// shortRows is how many rows of binary data there are in short.
const shortRows = 4

// hexBytes returns how many of n bytes are shown.
func (t *text) hexBytes(n int) int {
	most := maxHex
	if t.short() {
		most = min(most, shortRows*t.perRow())
	}
	return min(n, most)
}

// labelled shows text by lines, each behind its label, the time before the
// first. Text that does not end with a line feed is marked.
func (t *text) labelled(ev *wire.Message, at []byte) {
	rest := ev.Data
	if len(rest) == 0 {
		t.label(ev, at)
		t.labelGap()
		t.named(ev)
		if !ev.Truncated {
			t.own(roleFaint, "(empty)")
		}
		t.end()
	}
	for len(rest) > 0 {
		line, after, ended := bytes.Cut(rest, []byte{'\n'})
		t.label(ev, at)
		t.labelGap()
		if len(rest) == len(ev.Data) {
			t.named(ev)
		}
		if ev.Kind == wire.KindText {
			line = bytes.TrimSuffix(line, []byte{'\r'})
		}
		switch {
		case ev.Kind == wire.KindTerminal, ev.Opcode == wire.OpBinary:
			t.data(plain, rest[:len(rest)-len(after)])
		case ended:
			t.expanded(plain, line)
		default:
			t.expanded(plain, line)
			t.unended(ev)
		}
		t.end()
		rest, at = after, nil
	}
}

// named begins the text of a message with its name, if it has one.
func (t *text) named(ev *wire.Message) {
	if ev.Name != "" {
		t.text(roleKey, ev.Name)
		t.own(roleFaint, ": ")
	}
}

// unended marks a frame of output that does not end with a line feed, such as
// a prompt. For the other kinds it means nothing: they follow the reads.
func (t *text) unended(ev *wire.Message) {
	switch ev.Kind {
	case wire.KindStdout, wire.KindStderr, wire.KindSystemErr:
		if !ev.Truncated {
			t.own(roleFaint, ` (no \n)`)
		}
	}
}

// lines shows text by lines, as it is.
func (t *text) lines(b []byte) {
	for len(b) > 0 {
		line, after, _ := bytes.Cut(b, []byte{'\n'})
		t.expanded(plain, bytes.TrimSuffix(line, []byte{'\r'}))
		t.end()
		b = after
	}
}
