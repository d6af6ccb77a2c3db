package pcap

import (
	"slices"
	"sort"
	"time"
)

// overhead is what a held segment counts besides its data: its place in the
// queue, half of whose room may be free, and in memory.
const overhead = 192

// held is a segment that cannot be delivered yet. Its data is a copy.
type held struct {
	seq, ack uint32
	flags    byte
	cut      int
	data     []byte
	time     time.Time // of its packet
	nth      int64     // packet of the capture
}

func (q *held) end() uint32 { return q.seq + uint32(len(q.data)+q.cut) }

// behind reports whether q belongs behind a segment with this number and so many
// bytes.
func (q *held) behind(seq uint32, n int) bool {
	if q.seq != seq {
		return before(seq, q.seq)
	}
	return n < len(q.data)
}

// queue is held segments by number, and then by length; they may overlap. It is in
// pieces, none of which is empty, so that a segment has few to move, wherever it
// belongs: most of a long download may wait for its first packet, and in any
// order.
type queue struct {
	pieces [][]held
	n      int
}

const maxPiece = 128

// first returns the first segment, of a queue that has one.
func (q *queue) first() *held { return &q.pieces[0][0] }

// pop takes the first segment away.
func (q *queue) pop() held {
	s := q.pieces[0][0]
	q.pieces[0][0] = held{}
	if q.pieces[0] = q.pieces[0][1:]; len(q.pieces[0]) == 0 {
		q.pieces[0] = nil
		q.pieces = q.pieces[1:]
	}
	if q.n--; q.n == 0 {
		q.pieces = nil
	}
	return s
}

// find returns the place of the first segment that has the number seq and at least
// n bytes, or a higher number: a piece, and where in it. The place may be behind
// the last of the piece before that with the next segment.
func (q *queue) find(seq uint32, n int) (piece, i int) {
	reaches := func(h *held) bool { return h.seq == seq && len(h.data) == n || h.behind(seq, n) }
	piece = sort.Search(len(q.pieces), func(i int) bool {
		p := q.pieces[i]
		return reaches(&p[len(p)-1])
	})
	if piece == len(q.pieces) {
		return piece, 0
	}
	p := q.pieces[piece]
	return piece, sort.Search(len(p), func(i int) bool { return reaches(&p[i]) })
}

// at returns the segment in a place that find has returned, or nil.
func (q *queue) at(piece, i int) *held {
	if piece == len(q.pieces) {
		return nil
	}
	return &q.pieces[piece][i]
}

// insert puts s into a place that find has returned for it.
func (q *queue) insert(piece, i int, s held) {
	q.n++
	if last := len(q.pieces) - 1; piece > last {
		if last < 0 || len(q.pieces[last]) == maxPiece {
			q.pieces = append(q.pieces, nil)
			last++
		}
		q.pieces[last] = append(q.pieces[last], s)
		return
	}
	if p := q.pieces[piece]; len(p) == maxPiece {
		const half = maxPiece / 2
		q.pieces = slices.Insert(q.pieces, piece+1, slices.Clone(p[half:]))
		clear(p[half:])
		q.pieces[piece] = p[:half]
		if i > half {
			piece, i = piece+1, i-half
		}
	}
	q.pieces[piece] = slices.Insert(q.pieces[piece], i, s)
}

// before compares numbers, which wrap.
func before(a, b uint32) bool { return int32(a-b) < 0 }
