package otlp

import (
	"github.com/socktrace/socktrace/internal/protowire"
	"github.com/socktrace/socktrace/wire"
)

// Bounds of what spans tell of the messages in streams.
const (
	maxEvents = 128     // of one span, as SDKs have it (OTEL_SPAN_EVENT_COUNT_LIMIT)
	maxHeld   = 4 << 20 // bytes of those of all that are open
)

// stream is what is in the stream that an exchange is, as events of its span.
type stream struct {
	events  []byte // encoded
	count   int
	dropped int64
	last    [2]unit
}

// unit says which message of its direction one is a piece of.
type unit struct {
	kind  wire.Kind
	index int // from 1
}

// streams reports whether a message is of a stream, not of a document.
func streams(m *wire.Message) bool {
	switch m.Kind {
	case wire.KindJSON, wire.KindText, wire.KindEntry, wire.KindNone:
		return false
	}
	return true
}

// begins reports whether m is not a piece of the message before it.
func (st *stream) begins(m *wire.Message) bool {
	this := unit{m.Kind, m.Index + 1}
	last := st.last[m.Dir&1]
	st.last[m.Dir&1] = this
	return !m.Kind.Framed() || this != last
}

// tell adds an event, if there is room beside what all others hold.
func (st *stream) tell(m *wire.Message, held *int) {
	if st.count >= maxEvents || *held >= maxHeld {
		st.dropped++
		return
	}
	before := len(st.events)
	dst, ev := protowire.Begin(st.events, spanEvents)
	dst = protowire.AppendFixed64(dst, eventTime, nanos(m.End))
	dst = protowire.AppendBytes(dst, eventName, m.Kind.String())
	dst = appendInt(dst, eventAttributes, "socktrace.message.size", m.Size)
	if m.Kind != wire.KindStdin && m.Kind != wire.KindStdout && m.Kind != wire.KindStderr {
		dst = appendString(dst, eventAttributes, "socktrace.direction", m.Dir.String())
	}
	dst = appendText(dst, eventAttributes, "socktrace.message.type", m.Type)
	st.events = protowire.End(dst, ev)
	*held += len(st.events) - before
	st.count++
}
