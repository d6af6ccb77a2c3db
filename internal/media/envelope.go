package media

import (
	"encoding/binary"
	"strings"
)

// envelopeHead is the size of what stands before each message of gRPC-Web and
// Connect: flags, and the length as a big-endian number of 32 bits.
const envelopeHead = 5

// Flags of messages: in gRPC-Web, trailers; in Connect, the end of the stream.
const (
	flagCompressed = 0x01
	flagEnd        = 0x02
	flagTrailers   = 0x80
)

type envelopeKind uint8

const (
	noEnvelope envelopeKind = iota
	plainEnvelope
	base64Envelope // gRPC-Web-Text
)

// envelope says whether bodies of the type are messages behind such heads, which
// are not in Protocol Buffers.
func (t Type) envelope() envelopeKind {
	kind, format, _ := strings.Cut(strings.TrimPrefix(t.Media, "application/"), "+")
	switch {
	case format != "json":
		return noEnvelope
	case kind == "grpc-web" || kind == "grpc" || kind == "connect":
		return plainEnvelope
	case kind == "grpc-web-text":
		return base64Envelope
	}
	return noEnvelope
}

// envelopes takes apart messages with heads.
type envelopes struct {
	left int64 // of the message
}

func (e *envelopes) consume(to Taker, off int64, b []byte, end bool) int {
	n := 0
	for n < len(b) {
		rest, at := b[n:], off+int64(n)
		switch {
		case e.left > 0:
			k := int(min(e.left, int64(len(rest))))
			to.Data(at, rest[:k])
			e.left -= int64(k)
			n += k
		case len(rest) >= envelopeHead:
			to.Part(Part{Role: Frame, Sized: true})
			to.Data(at, rest[:envelopeHead])
			e.left = int64(binary.BigEndian.Uint32(rest[1:]))
			to.Part(messageOf(rest[0]))
			n += envelopeHead
		case end:
			to.Part(Part{Role: Frame})
			to.Data(at, rest)
			n = len(b)
		default:
			return n
		}
	}
	return n
}

// messageOf returns what a message with these flags is.
func messageOf(flags byte) Part {
	switch {
	case flags&flagCompressed != 0:
		return Part{Type: Type{Media: "application/octet-stream"}}
	case flags&flagTrailers != 0:
		return Part{Role: Head}
	}
	return Part{Type: oneJSON}
}
