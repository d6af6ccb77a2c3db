package content

import (
	"encoding/binary"

	"github.com/socktrace/socktrace/internal/protowire"
)

// The tag of the field 1 with bytes, and how many bytes of its length tell whether it is
// all that a message of less than 16 MiB has.
const (
	tagOfData  = 1<<3 | byte(protowire.BytesType)
	lengthSize = 4
)

// isEnvelope tells whether b begins with a message of gRPC that is not compressed and
// has nothing but a field 1 with bytes: two lengths that belong together.
func isEnvelope(b []byte) Looks {
	for i := 0; i < min(2, len(b)); i++ { // flags, and the highest byte of the length
		if b[i] != 0 {
			return No
		}
	}
	if len(b) <= prefixSize {
		return TooFew
	}
	if b[prefixSize] != tagOfData {
		return No
	}
	size, n := protowire.ConsumeVarint(b[prefixSize+1:])
	switch {
	case n == protowire.Truncated && len(b)-prefixSize-1 < lengthSize:
		return TooFew
	case n < 0, size == 0, uint64(binary.BigEndian.Uint32(b[1:])) != size+uint64(n)+1:
		return No
	}
	return Yes
}

// findEnvelope returns where in b the first one is, or may be when more comes; if
// nowhere, the length of b.
func findEnvelope(b []byte) (int, Looks) {
	for i := range b {
		if looks := isEnvelope(b[i:]); looks != No {
			return i, looks
		}
	}
	return len(b), No
}
