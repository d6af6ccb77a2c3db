package content

import (
	"encoding/base64"
	"strings"

	"github.com/socktrace/socktrace/internal/jsontext"
	"github.com/socktrace/socktrace/wire"
)

// channels tells the streams apart that Kubernetes sends through one WebSocket:
// the first byte of a message says which (k8s.io/apimachinery,
// pkg/util/remotecommand and httpstream/wsstream).
type channels struct {
	base64 bool // messages are text: a digit, and base64
}

// The channels, by their numbers, and that which says that another is closed.
const (
	channelError  = 3
	channelResize = 4
	channelClose  = 255
)

var channelNames = map[byte]string{0: "stdin", 1: "stdout", 2: "stderr", channelError: "error", channelResize: "resize", channelClose: "close"}

// agreedChannels reads the Sec-WebSocket-Protocol of a response. It returns nil if
// messages are what they are.
func agreedChannels(protocol string) *channels {
	name, ok := strings.CutSuffix(strings.ToLower(strings.TrimSpace(protocol)), "channel.k8s.io")
	if !ok {
		return nil
	}
	version, encoded := strings.CutSuffix(name, "base64.")
	if version != "" && (len(version) != 3 || version[0] != 'v' || version[2] != '.') {
		return nil
	}
	return &channels{base64: encoded}
}

// minChannel is how many bytes of a message are kept where only sizes are asked
// for: what it is shows in them.
const minChannel = 64 << 10

// tell returns what the message u is; u itself if it belongs to no channel.
func (c *channels) tell(u Unit) Unit {
	if c == nil || u.Opcode != wire.OpText && u.Opcode != wire.OpBinary || len(u.Data) == 0 {
		return u
	}
	number, data := u.Data[0], u.Data[1:]
	if c.base64 {
		number -= '0'
	}
	name := channelNames[number]
	if name == "" || c.base64 && number == channelClose {
		return u
	}
	size := u.Size - 1
	if c.base64 {
		data, size = plainBase64(data, size, u.Cut)
	}
	u.Opcode, u.Data, u.Size = 0, data, size
	if number < channelError {
		u.Kind = wire.FrameKinds[number]
		return u
	}
	u.Name, u.Kind = name, wire.KindText
	if number == channelClose {
		return closed(u)
	}
	if json, _ := jsontext.Begins(data); json && len(data) > 0 {
		u.Kind = wire.KindJSON
	}
	return u
}

// closed returns u, which closes a channel, with the name of that.
func closed(u Unit) Unit {
	if len(u.Data) == 1 && channelNames[u.Data[0]] != "" {
		u.Data = []byte(channelNames[u.Data[0]])
		u.Size = int64(len(u.Data))
	} else {
		u.Kind = wire.KindRaw
	}
	return u
}

// plainBase64 returns what b, of size bytes, stands for. What is no base64 is as it
// is.
func plainBase64(b []byte, size int64, cut bool) ([]byte, int64) {
	text := b
	if cut {
		text = b[:len(b)/4*4]
	}
	plain, err := base64.StdEncoding.DecodeString(string(text))
	switch {
	case err != nil:
		return b, size
	case cut:
		return plain, max(size/4*3, int64(len(plain)))
	}
	return plain, int64(len(plain))
}
