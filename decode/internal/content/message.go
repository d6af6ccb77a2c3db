package content

import (
	"github.com/socktrace/socktrace/decode/internal/anomaly"
	"github.com/socktrace/socktrace/decode/internal/window"
	"github.com/socktrace/socktrace/protobuf"
	"github.com/socktrace/socktrace/wire"
)

// message decodes a body that is one message of protocol buffers, as Connect and OTLP
// send them.
type message struct {
	call     Call
	limits   Limits
	buf      []byte // as far as it is kept
	full     bool   // buf takes no more
	size     int64
	from, to window.Place
}

// NewMessage decodes a body that is one message.
func NewMessage(c Call, l Limits) Content { return &message{call: c, limits: l} }

func (m *message) Write(_ Out, at window.Place, b []byte) {
	if m.size == 0 {
		m.from = at
	}
	m.size += int64(len(b))
	m.to = at.Plus(len(b) - 1)
	if n := min(len(b), m.limits.Message-len(m.buf)); n > 0 && !m.full {
		if m.limits.Account.Take(n) == n {
			m.buf = append(m.limits.Account.Grow(m.buf, n, m.limits.Message, true), b[:n]...)
		} else {
			m.full = true
		}
	}
}

func (m *message) Close(out Out, _ End) {
	if m.size == 0 {
		return
	}
	cut := int64(len(m.buf)) < m.size
	if m.limits.Message > 0 && !cut && !protobuf.IsMessage(m.buf) {
		out.Found(wire.KindBinary, "")
		out.Anomaly(m.from.Off, anomaly.Mislabelled, "it is no message of protocol buffers")
	} else {
		u := Unit{Kind: wire.KindGRPC, From: m.from, To: m.to, Size: m.size, Cut: cut}
		shown := m.call.show(out, &u, m.buf, m.size-int64(len(m.buf)), m.limits, nil, nil)
		out.Send(u)
		m.limits.Forget(shown)
	}
	m.limits.Account.Give(len(m.buf))
	m.limits.Account.Free(m.buf)
	m.buf = nil
}
