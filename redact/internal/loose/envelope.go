package loose

import (
	"encoding/binary"

	"github.com/socktrace/socktrace/redact/internal/jsonmask"
)

// envelope is the size of what stands before each message of gRPC, gRPC-Web and
// Connect: flags, and the size of the message.
const envelope = 5

// isEnveloped says whether b begins with the envelope of a message in JSON.
func isEnveloped(b []byte) bool {
	return len(b) > envelope && b[0]&0x7f < 4 && b[1] == 0 && jsonmask.Begins(b[envelope:])
}

// envelopes returns the messages of b that are JSON.
func envelopes(b []byte, ended bool) (all []span) {
	for i := 0; i+envelope < len(b); {
		from := i + envelope
		size := int64(binary.BigEndian.Uint32(b[i+1:]))
		to := int(min(int64(len(b)), int64(from)+size))
		if jsonmask.Begins(b[from:to]) {
			all = append(all, span{from, to, ended || to < len(b)})
		}
		i = to
	}
	return all
}
