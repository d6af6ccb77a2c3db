package render

import (
	"bytes"
	"time"

	"github.com/socktrace/socktrace/internal/jsontext"
	"github.com/socktrace/socktrace/wire"
)

// labels name the kinds of messages in a column of six.
var labels = [wire.KindCount]string{
	wire.KindRaw: "raw", wire.KindJSON: "json", wire.KindText: "text", wire.KindTerminal: "tty",
	wire.KindStdin: "stdin", wire.KindStdout: "stdout", wire.KindStderr: "stderr", wire.KindSystemErr: "syserr",
	wire.KindWebSocket: "ws",
}

// labelRole returns the colour of a label.
func labelRole(k wire.Kind) role {
	switch k {
	case wire.KindStdin:
		return roleStdin
	case wire.KindStdout:
		return roleStdout
	case wire.KindStderr:
		return roleStderr
	case wire.KindSystemErr:
		return roleAnomaly
	case wire.KindTerminal, wire.KindWebSocket:
		return roleTerminal
	}
	return roleFaint
}

// labelColumns is how many columns a label and its time take.
const labelColumns = 6 + 1 + 9 + 2

// label begins a line with the kind of the message and the time since its
// exchange began, if that is known.
func (t *text) label(ev *wire.Message, since []byte) {
	kind := ev.Kind
	if kind >= wire.KindCount {
		kind = wire.KindRaw
	}
	name := labels[kind]
	if kind == wire.KindWebSocket {
		name = opcodeLabel(ev.Opcode)
	}
	t.own(labelRole(kind), name)
	if len(since) > 0 {
		t.spaces(labelColumns - 2 - len(name) - len(since))
		t.own(roleTime, string(since))
	}
	t.hang = labelColumns
}

// labelGap goes from the label to where text begins.
func (t *text) labelGap() { t.spaces(labelColumns - columns(t.line)) }

// since returns the time from the start of an exchange, "+182.4 ms".
func since(start, at time.Time) []byte {
	if start.IsZero() || at.IsZero() {
		return nil
	}
	return appendDuration([]byte{'+'}, at.Sub(start))
}

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
	t.markDir(&ev.Meta)
	stream := ev.Index > 0 || streams(x, ev.Dir)
	var at []byte
	if x != nil && x.Request != nil {
		at = since(x.Start, ev.End)
	}
	switch ev.Kind {
	case wire.KindJSON:
		t.json(ev, stream, at)
	case wire.KindText:
		if stream || ev.Name != "" {
			t.labelled(ev, at)
		} else {
			t.lines(ev.Data)
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
		t.end()
		t.hex(ev.Data)
	}
	t.hang = 0
	if ev.Truncated {
		t.cut(len(ev.Data), ev.Size, ev.Masked)
	}
}

// json shows a JSON value: on one line, labelled, if it is a short record of a
// stream; else over many lines, and the time before them if it is certain that
// it is a record.
func (t *text) json(ev *wire.Message, stream bool, at []byte) {
	if stream && t.isRecord(ev.Data) {
		t.label(ev, at)
		t.labelGap()
		t.named(ev)
		t.record(ev.Data)
		t.end()
		return
	}
	if ev.Index > 0 || ev.Name != "" {
		t.label(ev, at)
		if ev.Name != "" {
			t.labelGap()
			t.named(ev)
		}
		t.end()
		t.hang = 2
	}
	t.value(ev.Data)
	t.end()
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
		t.lines(ev.Data)
		if ev.Truncated {
			t.cut(len(ev.Data), ev.Bytes, ev.Masked)
		}
	}
	if !ev.Complete {
		t.own(roleAnomaly, "(incomplete: it ended after ")
		t.size(roleAnomaly, ev.WireBytes)
		t.own(roleAnomaly, ")")
		t.end()
	}
	for _, f := range ev.Trailer {
		t.field(f)
	}
}

// digestShown is how much of a digest is shown: with the name of the algorithm,
// twelve digits, as Docker shortens them.
const digestShown = len("sha256:") + 12

// binary shows what is known of a binary body, and how it begins.
func (t *text) binary(ev *wire.Body) {
	t.own(roleFaint, "binary ")
	if ev.Coding != "" {
		t.text(roleFaint, ev.Coding)
		t.own(roleFaint, ", ")
		t.size(plain, ev.WireBytes)
		t.own(roleFaint, " → ")
	}
	t.size(plain, ev.Bytes)
	if ev.Digest != "" {
		t.own(roleFaint, ", ")
		t.text(roleFaint, ev.Digest[:min(len(ev.Digest), digestShown)])
	}
	switch n := min(len(ev.Data), maxHex); {
	case len(ev.Masked) > 0:
		t.own(roleMasked, ", masked")
	case n > 0 && int64(n) < ev.Bytes:
		t.own(roleFaint, ", its first ")
		t.size(roleFaint, int64(n))
	}
	t.end()
	t.hex(ev.Data)
}
