package render

import (
	"encoding/binary"
	"strconv"
	"unicode/utf8"

	"github.com/socktrace/socktrace/internal/jsontext"
	"github.com/socktrace/socktrace/wire"
)

// webSocket shows a WebSocket message: text by lines, or as a record; binary by
// lines if it can be read, as attaching to a container sends it, else in
// hexadecimal; control frames by what they say.
func (t *text) webSocket(ev *wire.Message, at []byte) {
	switch {
	case len(ev.Data) == 0:
		t.labelled(ev, at)
	case ev.Opcode == wire.OpText && !ev.Truncated && t.isRecord(ev.Data):
		t.label(ev, at)
		t.labelGap()
		t.record(ev.Data)
		t.end()
	case ev.Opcode == wire.OpText, ev.Opcode == wire.OpBinary && readable(ev.Data):
		t.labelled(ev, at)
	case ev.Opcode == wire.OpClose && len(ev.Data) >= 2:
		t.label(ev, at)
		t.labelGap()
		t.int(plain, int64(binary.BigEndian.Uint16(ev.Data)))
		if reason := ev.Data[2:]; len(reason) > 0 {
			t.text(plain, " "+strconv.Quote(string(reason)))
		}
		t.end()
	case ev.Opcode >= wire.OpClose:
		t.label(ev, at)
		t.labelGap()
		t.text(plain, strconv.Quote(string(ev.Data)))
		t.end()
	default:
		t.label(ev, at)
		t.labelGap()
		t.size(plain, ev.Size)
		t.bytes(ev.Data, ev.Masked)
	}
}

// readable reports whether b is text, maybe with escape sequences, whose end may
// be missing.
func readable(b []byte) bool {
	for _, c := range b {
		if c < ' ' && c != '\n' && c != '\r' && c != '\t' && c != '\b' && c != '\a' && c != 0x1b || c == 0x7f {
			return false
		}
	}
	whole, _ := jsontext.TrimPartial(b)
	return utf8.Valid(whole)
}
