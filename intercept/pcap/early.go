package pcap

import "time"

// maxAsked is how much of what is no request waits for its answer, which may be
// one of HTTP all the same: servers call it a bad request.
const maxAsked = 16 << 10

// early is what came before it was clear whether a connection is HTTP.
type early struct {
	chunks []earlyChunk
	said   [2][]byte // the bytes of all chunks, by side
	torn   [2]bool   // by side: some are missing
	held   int       // what it counts in memory
}

// earlyChunk is the next n bytes that a side said.
type earlyChunk struct {
	side int
	time time.Time
	n    int
	lost int // how many are missing before them
	eof  bool
}

// each calls f for every chunk.
func (e *early) each(f func(c earlyChunk, data []byte)) {
	var at [2]int
	for _, c := range e.chunks {
		f(c, e.said[c.side][at[c.side]:at[c.side]+c.n])
		at[c.side] += c.n
	}
}
