package decode

import (
	"time"

	"github.com/socktrace/socktrace/wire"
)

// state is what a half does with the bytes it has: it takes some, or changes
// the state, and returns true; or it needs more bytes, or the other half to
// move first, and returns false.
type state func(d *Conn, h *half) bool

// half is one direction of a connection: its state, and the bytes that were
// seen and not yet taken.
//
//	        off              off+len(win)
//	stream ──┼────────┬───────────┼──────►
//	         │ win: searched │ new │
//
// win borrows the bytes of the chunk while Chunk runs; what is left of them
// afterwards is copied to own. So the usual chunk, which is taken whole, is
// never copied.
type half struct {
	dir      wire.Dir
	state    state
	win      []byte
	own      []byte // storage of win between chunks
	borrowed bool   // win is not in own
	searched int    // this much of win has no end of the line or head in it
	off      int64  // of win[0]
	marks    []mark // when the bytes of win, and the one before it, were seen
	last     time.Time
	eof      bool // no more bytes will come
	hungUp   bool // its sender has ended it
	told     bool // the EOF event was sent
	lineSeen bool // the first line of win is a start line
	gaveUp   bool // raw bytes came where a message should
	midLine  bool // resync is within a line that is no start line
	missed   bool // bytes were not captured, and no message has begun since

	decoding *decoding   // of the body this half is in; nil if it has no codings
	coders   []*coder    // running for this half
	json     *jsonStream // of the body this half is in, and then of the next; nil before the first

	ex    *exchange // whose message this half is in; nil between messages
	left  int64     // bytes of the sized body or chunk that are still to come
	waits *exchange // held: the one whose answer decides
}

// mark says that the bytes from off on were seen at time t, up to the next
// mark's.
type mark struct {
	off int64
	t   time.Time
}

// maxMarks bounds how many reads of a half are told apart by time while their
// bytes are held: a head of 1 MiB may come in as many.
const maxMarks = 4096

// maxOwn is the storage a half keeps while it is empty: most of 10,000 idle
// connections hold nothing.
const maxOwn = 16 << 10

// push appends what a read saw.
func (h *half) push(t time.Time, b []byte) {
	if len(h.marks) >= maxMarks {
		h.thin()
	}
	h.marks = append(h.marks, mark{h.off + int64(len(h.win)), t})
	h.last = t
	if len(h.win) == 0 {
		h.win, h.borrowed = b, true
		return
	}
	h.win = append(h.win, b...)
}

// thin leaves out every other mark but the first: bytes between two marks get
// the time of the earlier one.
func (h *half) thin() {
	n := 1
	for i := 2; i < len(h.marks); i += 2 {
		h.marks[n] = h.marks[i]
		n++
	}
	h.marks = h.marks[:n]
}

// keep makes what is left of win ours, before the caller reuses its memory.
func (h *half) keep() {
	switch {
	case len(h.win) == 0:
		h.win, h.borrowed = nil, false
		if cap(h.own) > maxOwn {
			h.own = nil
		}
	case h.borrowed:
		h.own = append(h.own[:0], h.win...)
		h.win, h.borrowed = h.own, false
	default:
		h.own = h.win[:0] // append may have moved it
	}
}

// take removes the first n bytes of win.
func (h *half) take(n int) []byte {
	b := h.win[:n]
	h.win = h.win[n:]
	h.off += int64(n)
	h.searched, h.lineSeen = 0, false
	k := 0
	for k+1 < len(h.marks) && h.marks[k+1].off < h.off {
		k++
	}
	if k > 0 {
		h.marks = append(h.marks[:0], h.marks[k:]...)
	}
	return b
}

// timeAt returns when the byte at off was seen. Bytes that were taken long ago
// have the time of the oldest mark.
func (h *half) timeAt(off int64) time.Time {
	for i := len(h.marks) - 1; i >= 0; i-- {
		if h.marks[i].off <= off {
			return h.marks[i].t
		}
	}
	if len(h.marks) > 0 {
		return h.marks[0].t
	}
	return h.last
}

// seenTogether returns how many of the next n bytes of win were seen at the
// time of the first one.
func (h *half) seenTogether(n int) int {
	for _, m := range h.marks {
		if m.off > h.off && m.off < h.off+int64(n) {
			return int(m.off - h.off)
		}
	}
	return n
}

// skip moves past n bytes that were not captured.
func (h *half) skip(n int64) {
	h.off += n
	h.searched = 0
	h.marks = h.marks[:0]
}
