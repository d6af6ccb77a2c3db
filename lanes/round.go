package lanes

import (
	"slices"

	"github.com/socktrace/socktrace/wire"
)

// The bounds of a round: so many operations, and bytes of traffic.
const (
	maxOperations = 512
	maxBytes      = 256 << 10
)

// kind is what an operation does.
type kind uint8

const (
	begin kind = iota // a connection begins
	handshake
	chunk
	end
)

// operation is a call of a tap.
type operation struct {
	kind  kind
	lane  int
	tap   *tap
	tls   *wire.TLS
	chunk wire.Chunk // with end, its time
	err   error
}

// round is a row of operations. It belongs to the reader until it is sent; each lane then
// has its own work in it, and the teller all of what lanes have published.
type round struct {
	first      int64 // number of its first operation
	operations []operation
	data       []byte // of the chunks
	work       []work // by lane
}

// work is what one lane does in a round.
type work struct {
	mine  []int // its operations, by their places in the round
	bytes int   // how much that is, about
	held  int   // how much is held, or was told, of what they have come to, about
	results
	published results // as far as the teller may know them; guarded by Lanes.mu

	messages []wire.Message // memory of those in items
	data     []byte         // memory of what is in messages
}

// results are what operations have come to.
type results struct {
	items []item
	ends  []int // of each operation that is done: how many items there are behind it
}

// item is an event to be told, or something else that has its place among them.
type item struct {
	event wire.Event
	told  interface{ Told() } // if there is no event: what is to know that it is its turn
}

func newRound(lanes int) *round {
	return &round{data: make([]byte, 0, maxBytes), work: make([]work, lanes)}
}

// perOperation is about what an operation costs that has no bytes, as so many of them.
const perOperation = 256

// add adds an operation, and copies its data.
func (r *round) add(op operation) {
	if n := len(op.chunk.Data); n > 0 {
		if n > cap(r.data)-len(r.data) {
			op.chunk.Data = slices.Clone(op.chunk.Data) // the round is full with it
			r.data = r.data[:cap(r.data)]
		} else {
			r.data = append(r.data, op.chunk.Data...)
			op.chunk.Data = r.data[len(r.data)-n : len(r.data) : len(r.data)]
		}
	}
	w := &r.work[op.lane]
	w.mine = append(w.mine, len(r.operations))
	w.bytes += len(op.chunk.Data) + perOperation
	r.operations = append(r.operations, op)
}

// full says that nothing more should be added.
func (r *round) full() bool {
	return len(r.operations) >= maxOperations || len(r.data) == cap(r.data)
}

// idlest returns the lane with the least to do, that one if others have not less.
func (r *round) idlest(lane int) int {
	for i := range r.work {
		if r.work[i].bytes < r.work[lane].bytes {
			lane = i
		}
	}
	return lane
}

// maxSpare bounds the memory for messages that is kept for the next round, in bytes.
const maxSpare = 1 << 20

// reset makes r empty, to be filled again.
func (r *round) reset() {
	clear(r.operations)
	r.operations, r.data = r.operations[:0], r.data[:0]
	for i := range r.work {
		w := &r.work[i]
		clear(w.items)
		clear(w.messages)
		w.published = results{}
		w.mine, w.items, w.ends, w.messages, w.data = w.mine[:0], w.items[:0], w.ends[:0], w.messages[:0], w.data[:0]
		w.bytes, w.held = 0, 0
	}
}
