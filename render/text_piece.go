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

// repeats says whether a message says nothing but why the exchange has failed, which
// its last line says in short.
func (t *text) repeats(ev *wire.Message, x *wire.Exchange) bool {
	if !t.short() || t.o.Bodies != BodiesShort || x == nil || !failedLate(x) || ev.Dir != wire.ToClient {
		return false
	}
	return ev.Kind == wire.KindJSON && !ev.Truncated && t.doc.read(ev.Data, t.colors) && t.doc.saysNothingBut(x.Outcome.Error)
}

// named begins the text of a message with its name, if it has one.
func (t *text) named(ev *wire.Message) {
	if ev.Name != "" {
		t.text(roleKey, ev.Name)
		t.own(roleFaint, ": ")
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
