package content

import (
	"encoding/binary"

	"github.com/socktrace/socktrace/protobuf"
	"github.com/socktrace/socktrace/wire"
)

// maxGuessed is how long messages are of a body of which nobody knows that it has any.
const maxGuessed = 16 << 20

// guessed looks at how a body begins of which the head is not known: whether it holds
// messages of gRPC.
type guessed struct {
	named bool // its method says that it should
	calls func() Content
	other func() Content
}

// NewGuessed decodes a body that may hold messages of gRPC, by its content: as calls
// does, or as other does. named says that the method of the request is one of gRPC, and
// that the body is whole: then its first prefix is enough.
func NewGuessed(named bool, calls, other func() Content) Content {
	g := &guessed{named, calls, other}
	return &sniffer{judge: g}
}

func (g *guessed) make(v verdict) Content {
	if v.kind == wire.KindGRPC {
		return g.calls()
	}
	return g.other()
}

// decide tells what b begins.
func (g *guessed) decide(b []byte, end bool) verdict {
	no, yes := verdict{known: true}, verdict{known: true, kind: wire.KindGRPC}
	for said := false; ; {
		switch {
		case len(b) > 0 && b[0] > grpcCompressed:
			return no
		case len(b) == 0 && end && said:
			return yes
		case len(b) < prefixSize:
			return verdict{known: end}
		}
		size := int64(binary.BigEndian.Uint32(b[1:]))
		switch msg := b[prefixSize:]; {
		case size > maxGuessed:
			return no
		case g.named:
			return yes
		case b[0] == grpcCompressed:
			return compressed(msg, end)
		case size > int64(len(msg)) && !end:
			return verdict{}
		case size > 0 && (size > int64(len(msg)) && len(msg) > 0 && protobuf.Begins(msg, size) || size <= int64(len(msg)) && protobuf.IsMessage(msg[:size])):
			return yes
		case size > 0 || said:
			return no
		default:
			said, b = true, msg // an empty one says little
		}
	}
}

// compressed tells whether b, what stands behind a prefix that says so, is.
func compressed(b []byte, end bool) verdict {
	const gzip = "\x1f\x8b"
	n := min(len(b), len(gzip))
	switch {
	case string(b[:n]) != gzip[:n], n < len(gzip) && end:
		return verdict{known: true}
	case n < len(gzip):
		return verdict{}
	}
	return verdict{known: true, kind: wire.KindGRPC}
}
