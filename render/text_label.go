package render

import (
	"time"

	"github.com/socktrace/socktrace/wire"
)

// labels name the kinds of messages in a column of six.
var labels = [wire.KindCount]string{
	wire.KindRaw: "raw", wire.KindJSON: "json", wire.KindText: "text", wire.KindTerminal: "tty",
	wire.KindStdin: "stdin", wire.KindStdout: "stdout", wire.KindStderr: "stderr", wire.KindSystemErr: "syserr",
	wire.KindWebSocket: "ws", wire.KindGRPC: "grpc", wire.KindEntry: "file",
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
	t.labelAs(labelRole(kind), name, since)
}

// labelAs begins a line with a label of its own.
func (t *text) labelAs(r role, name string, since []byte) {
	t.own(r, name)
	if len(since) > 0 {
		t.spaces(labelColumns - 2 - len(name) - len(since))
		t.line = t.colors.appendBytes(t.line, roleTime, since)
	}
	t.hang = labelColumns
}

// labelGap goes from the label to where text begins.
func (t *text) labelGap() { t.spaces(labelColumns - columns(t.line)) }

// since returns the time from the start of an exchange, "+182.4 ms". It is valid until the next call.
func (t *text) since(start, at time.Time) []byte {
	if start.IsZero() || at.IsZero() {
		return nil
	}
	t.ago = appendDuration(append(t.ago[:0], '+'), at.Sub(start))
	return t.ago
}

// opcodeLabel returns the name of an opcode: what stands before a message on a
// connection that is known to be a WebSocket.
func opcodeLabel(opcode byte) string {
	switch opcode {
	case wire.OpText:
		return "text"
	case wire.OpBinary:
		return "binary"
	case wire.OpClose:
		return "close"
	case wire.OpPing:
		return "ping"
	case wire.OpPong:
		return "pong"
	}
	return labels[wire.KindWebSocket]
}
