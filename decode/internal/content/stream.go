package content

import (
	"github.com/socktrace/socktrace/decode/internal/anomaly"
	"github.com/socktrace/socktrace/wire"
)

// NewStream decodes what a container's streams should be: the output of one, which
// comes in frames or raw from a terminal. The header of the first frame tells.
// expected is what it should be by a label, KindNone if there is none, and reason
// how that is known.
// Standard output in frames may carry a connection: inner is nil where it does not.
func NewStream(l Limits, expected wire.Kind, reason string, inner *Framed) Content {
	s := &outputs{limits: l, expected: expected, reason: reason, other: wire.KindTerminal, inner: inner}
	return &sniffer{judge: s}
}

// NewUnknown decodes a stream of which nothing is known: it may be the output of a
// container, in frames, or anything.
func NewUnknown(l Limits) Content {
	s := &outputs{limits: l}
	return &sniffer{judge: s}
}

// outputs tells frames from a terminal's output.
type outputs struct {
	limits   Limits
	expected wire.Kind
	reason   string
	other    wire.Kind // if it is not in frames
	inner    *Framed
}

func (s *outputs) decide(b []byte, end bool) verdict {
	v := verdict{known: true, kind: s.other, reason: "sniffed"}
	switch {
	case len(b) == 0:
		v.kind, v.reason = s.expected, s.reason
		return v
	case !isFrame(b), len(b) < frameHeader && end:
	case len(b) < frameHeader:
		return verdict{}
	case s.expected == wire.KindTerminal && !isUsual(b):
	default:
		v.kind = wire.KindMultiplexed
	}
	switch s.expected {
	case wire.KindNone:
	case v.kind:
		v.reason = s.reason
	default:
		v.fault = s.contradiction(v.kind)
	}
	return v
}

// contradiction says that the bytes are not what their label says.
func (s *outputs) contradiction(found wire.Kind) anomaly.Fault {
	return mislabelled("by " + s.reason + " the stream is " + s.expected.String() + ", and it begins as " + found.String())
}

func (s *outputs) make(v verdict) Content {
	switch v.kind {
	case wire.KindMultiplexed:
		return newMultiplexed(s.limits, s.inner)
	case wire.KindTerminal:
		if s.inner != nil {
			return &unframed{pieces{kind: wire.KindTerminal}, s.inner}
		}
		return NewTerminal()
	}
	return NewRaw()
}

// isUsual says whether the header of a frame tells a length that daemons use, below
// 16 MiB: those of terminals may look like others.
func isUsual(header []byte) bool { return header[4] == 0 }
