package content

import (
	"strings"

	"github.com/socktrace/socktrace/internal/media"
)

// Variant is how messages of protocol buffers are in a body.
type Variant uint8

const (
	NoMessages Variant = iota // they are not
	GRPC
	GRPCWeb     // ends in trailers
	GRPCWebText // the same, in base64
	Connect     // ends in a document
	OneMessage
)

// VariantOf returns how bodies of type t hold messages.
func VariantOf(t media.Type) Variant {
	if !strings.HasPrefix(t.Media, "application/") {
		return NoMessages
	}
	switch strings.TrimSuffix(t.Media[len("application/"):], "+proto") {
	case "grpc":
		return GRPC
	case "grpc-web":
		return GRPCWeb
	case "grpc-web-text":
		return GRPCWebText
	case "connect":
		if strings.HasSuffix(t.Media, "+proto") {
			return Connect
		}
	case "proto", "protobuf", "x-protobuf", "vnd.google.protobuf":
		return OneMessage
	}
	return NoMessages
}

// flags returns which bits the prefixes of messages may have, besides that they are
// compressed.
func (v Variant) flags() byte {
	switch v {
	case GRPCWeb:
		return webTrailers
	case Connect:
		return connectEnd
	}
	return 0
}

// Flags of messages: of gRPC-Web, trailers; of Connect, the end of the stream.
const (
	grpcCompressed = 0x01
	connectEnd     = 0x02
	webTrailers    = 0x80
)
