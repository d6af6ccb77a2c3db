package serve

import (
	"encoding/binary"
	"fmt"

	"github.com/socktrace/socktrace/protobuf"
	"github.com/socktrace/socktrace/wire"
)

// prefixSize is the size of what stands before each message of gRPC: flags, and the length
// as a big-endian number (gRPC over HTTP2, "Length-Prefixed-Message").
const prefixSize = 5

// messageOf returns a message as it is on the wire.
func messageOf(m *wire.Message) ([]byte, error) {
	if m.Kind != wire.KindGRPC || m.Truncated {
		return nil, fmt.Errorf("of %d bytes", m.Size)
	}
	if len(m.Data) == 0 {
		return nil, nil
	}
	s := protobuf.Embedded()
	return s.AppendMessage(nil, s.Named(m.Type), m.Data)
}

// shown returns a message of a type as JSON, as requests are compared by.
func shown(t *protobuf.Type, msg []byte) []byte {
	doc, _ := protobuf.Embedded().AppendJSON(nil, t, msg, protobuf.Limits{Size: maxCompared})
	return doc
}

// withPrefix returns a message with what stands before it.
func withPrefix(msg []byte) []byte {
	b := make([]byte, prefixSize, prefixSize+len(msg))
	binary.BigEndian.PutUint32(b[1:], uint32(len(msg)))
	return append(b, msg...)
}
