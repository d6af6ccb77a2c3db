package content

import (
	"strings"

	"github.com/socktrace/socktrace/decode/internal/anomaly"
	"github.com/socktrace/socktrace/decode/internal/window"
	"github.com/socktrace/socktrace/protobuf"
	"github.com/socktrace/socktrace/wire"
)

// sessionMethod is the method whose messages carry a connection on which the server
// asks its client: the one of a session of BuildKit's.
const sessionMethod = "moby.buildkit.v1.Control/Session"

// MayCarry reports whether the messages of a method may carry a connection: those that
// are nothing but bytes, and those of which nothing is known.
func MayCarry(m protobuf.Method) bool { return isBytes(m.Input) && isBytes(m.Output) }

func isBytes(t *protobuf.Type) bool {
	return t == nil || strings.HasSuffix(t.Name(), ".BytesMessage")
}

// Messages returns the content of a direction of a call whose messages may carry a
// connection, which is other if they do not. late says that it may begin within a message.
func (t *Tunnel) Messages(c Call, late bool, other Content) Content {
	dir := wire.ToServer
	if c.FromServer {
		dir = wire.ToClient
	}
	t.certain = t.tap == nil && c.Method.Name == sessionMethod
	s := t.side(dir, other)
	s.begun = new(glimpse)
	s.letter = newEnvelopes(c.Coding, t.account, late, s)
	s.begun.letter = newEnvelopes(c.Coding, t.account, late, s.begun)
	return s
}

// wrong tells why nothing more of the stream is inside, and rest what comes then.
func (s *tunnelSide) wrong(off int64, f anomaly.Fault) { s.out.Anomaly(off, f.Code, f.Detail) }

func (s *tunnelSide) rest(at window.Place, b []byte) {
	if s.raw == nil {
		s.raw = NewRaw()
	}
	s.raw.Write(s.out, at, b)
}
