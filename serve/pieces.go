package serve

import (
	"bytes"
	"encoding/binary"
	"time"

	"github.com/socktrace/socktrace/internal/jsontext"
	"github.com/socktrace/socktrace/wire"
)

// epoch is what the times of exchanges count from until all are there.
var epoch = time.Unix(0, 0)

// sinceEpoch returns the time of an event as the others of the recording count.
func sinceEpoch(t time.Time) time.Duration { return t.Sub(epoch) }

// newline ends each document of a stream, as Docker's daemon does it.
const newline = "\r\n"

// cutBody returns the parts of a body in which it came, and why they are not all of it;
// empty if they are. said are the messages in it, which tell when.
func cutBody(b *wire.Body, said []*wire.Message) (parts []piece, lacks string) {
	switch {
	case b == nil:
		return nil, ""
	case !b.Truncated && (len(b.Data) > 0 || b.Bytes == 0):
		return alongMessages(b, said), ""
	}
	return join(said, b)
}

// alongMessages cuts the whole body at the ends of its messages, as far as these are
// found in it.
func alongMessages(b *wire.Body, said []*wire.Message) (parts []piece) {
	rest := b.Data
	for _, m := range said {
		n := lengthIn(rest, m)
		if n < 0 {
			break
		}
		if n > 0 {
			parts = append(parts, piece{data: rest[:n:n], at: sinceEpoch(m.End)})
		}
		rest = rest[n:]
	}
	if len(rest) > 0 {
		parts = append(parts, piece{data: rest, at: sinceEpoch(b.End)})
	}
	return parts
}

// lengthIn returns how many bytes at the beginning of b are the message m, with what is
// around it; -1 if b does not begin with it.
func lengthIn(b []byte, m *wire.Message) int {
	n := 0
	switch kind, framed := m.Kind, len(b) >= wire.FrameHeader; {
	case m.Kind.IsJSON():
		n = len(b) - len(bytes.TrimLeft(b, jsontext.Separators))
	case framed:
		if k, is := wire.FrameKind(b[:wire.FrameHeader]); is && k == kind && bytes.HasPrefix(b[wire.FrameHeader:], m.Data) {
			n = wire.FrameHeader
		}
	}
	if len(m.Data) == 0 || !bytes.HasPrefix(b[n:], m.Data) {
		return -1
	}
	n += len(m.Data)
	if m.Kind.IsJSON() {
		n += len(b[n:]) - len(bytes.TrimLeft(b[n:], jsontext.Separators))
	}
	return n
}

// join makes a body, or a stream, of the messages that it consisted of. b is the body, of
// which not all was kept; nil for a stream.
func join(said []*wire.Message, b *wire.Body) (parts []piece, lacks string) {
	for _, m := range said {
		if m.Truncated && m.Missing == 0 && len(m.Masked) == 0 {
			return nil, notKept
		}
		if data := bytesOf(m); data != nil {
			parts = append(parts, piece{data: data, at: sinceEpoch(m.End)})
		}
	}
	switch {
	case len(parts) > 0 || b == nil || b.Bytes == 0:
		return parts, ""
	case len(b.Masked) > 0:
		return nil, isMasked
	}
	return nil, notKept
}

// Why an answer cannot be served.
const (
	notKept  = "not all of its answer was recorded: record it with a larger --max-body"
	isMasked = "its answer is masked: record it, and serve it, with --show-secrets"
)

// bytesOf returns m as it was sent; nil if it does not tell.
func bytesOf(m *wire.Message) []byte {
	switch m.Kind {
	case wire.KindEntry, wire.KindGRPC, wire.KindWebSocket:
		return nil
	case wire.KindJSON:
		return append(bytes.Clone(m.Data), newline...)
	}
	for stream, kind := range wire.FrameKinds {
		if kind == m.Kind {
			header := make([]byte, wire.FrameHeader, wire.FrameHeader+len(m.Data))
			header[0] = byte(stream)
			binary.BigEndian.PutUint32(header[4:], uint32(len(m.Data)))
			return append(header, m.Data...)
		}
	}
	return bytes.Clone(m.Data)
}
