package serve

import (
	"encoding/base64"
	"strings"

	"github.com/socktrace/socktrace/wire"
)

// channels puts messages together again that decoders have taken apart: in a WebSocket of Kubernetes
// the first byte says which stream the rest is of (k8s.io/apimachinery, pkg/util/remotecommand and
// httpstream/wsstream).
type channels struct {
	base64 bool // messages are text: a digit, and base64
}

// numbered are the channels that are no streams.
var numbered = map[string]byte{"error": 3, "resize": 4, "close": 255}

// channelsOf returns the channels of a WebSocket, of which fields are those of the answer.
func channelsOf(fields []wire.Field) channels {
	return channels{strings.Contains(strings.ToLower(wire.FieldValue(fields, "Sec-WebSocket-Protocol")), "base64.")}
}

// asSent returns a message as it was sent: m itself if it was in no channel.
func (c channels) asSent(m *wire.Message) *wire.Message {
	number, is := numberOf(m)
	if !is {
		return m
	}
	sent := *m
	body, size := m.Data, int(m.Size)
	if m.Name == "close" && m.Kind == wire.KindText {
		body, size = []byte{named(string(m.Data))}, 1
	}
	sent.Kind = wire.KindWebSocket
	if c.base64 {
		sent.Opcode, sent.Size = wire.OpText, int64(1+base64.StdEncoding.EncodedLen(size))
		sent.Data = base64.StdEncoding.AppendEncode([]byte{'0' + number}, body)
	} else {
		sent.Opcode, sent.Size = wire.OpBinary, int64(1+size)
		sent.Data = append([]byte{number}, body...)
	}
	return &sent
}

// numberOf returns the number of the channel that a message was in, if it was in one.
func numberOf(m *wire.Message) (number byte, is bool) {
	if m.Name != "" {
		number, is = numbered[m.Name]
		return number, is
	}
	for i, kind := range wire.FrameKinds {
		if kind == m.Kind {
			return byte(i), true
		}
	}
	return 0, false
}

// named returns the number of a channel that is named as a message of it is.
func named(channel string) byte {
	for i, kind := range wire.FrameKinds {
		if kind.String() == channel {
			return byte(i)
		}
	}
	return numbered[channel]
}
