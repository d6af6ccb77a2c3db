package http1

import (
	"bytes"
	"fmt"

	"github.com/socktrace/socktrace/decode/internal/anomaly"
	"github.com/socktrace/socktrace/wire"
)

// Spent lets go of what a side holds, since there is no memory for it. Of a head
// it keeps enough to read it when all of it has come: a request that is not seen
// would leave its answer to another.
func (d *Decoder) Spent(dir wire.Dir) {
	s := &d.sides[dir]
	n := s.w.Len()
	if s.state == chunkSize || s.state == trailer || s.state == held {
		d.env.Account.Missed(n)
	}
	switch s.state {
	case chunkSize:
		d.badFraming(s, anomaly.Spent, fmt.Sprintf("%d bytes of the line before a chunk", n))
	case resync: // they may begin a message, and are raw in any case
		d.raw(s, n)
	case start:
		s.w.Shorten(beginnings(s.w.Bytes()))
	case trailer:
		d.badFraming(s, anomaly.Spent, fmt.Sprintf("%d bytes of a trailer section", n))
	case held:
		d.wrong(s, s.waits, anomaly.Spent, fmt.Sprintf("%d bytes behind an upgrade that is not answered", n))
		d.giveUp(s, n)
		s.on(silenced) // there may be requests in them, whose answers belong to no others
	}
}

// beginnings returns what is kept of a head that is not all there: the lines that
// decide, as far as they have come, and the beginning and the end of others that
// are the first or the last.
func beginnings(b []byte) []byte {
	var kept []byte
	for first := true; len(b) > 0; first = false {
		n := bytes.IndexByte(b, '\n') + 1
		line := b[:n]
		if n == 0 {
			line = b
		}
		b = b[len(line):]
		switch {
		case first, n == 0, decides(string(line)):
			kept = append(kept, clipMiddle(line)...)
		}
	}
	return kept
}

// lastPart is how much is kept of the end of a line: a version and a line end.
const lastPart = 16

// clipMiddle returns the beginning and the end of a long line.
func clipMiddle(line []byte) []byte {
	if len(line) <= maxShort+lastPart {
		return line
	}
	return append(bytes.Clone(line[:maxShort]), line[len(line)-lastPart:]...)
}
