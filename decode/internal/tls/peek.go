package tls

import (
	"time"

	"github.com/socktrace/socktrace/decode/internal/window"
)

// record is one that a window begins with.
type record struct {
	head     head
	fragment []byte // valid until the window is used
	whole    bool   // it is all there; else the rest is not set
	bad      bool   // it is no record
}

// peek returns the record that the window begins with.
func (h *half) peek() (r record) {
	b := h.w.Bytes()
	var ok bool
	if r.head, ok = headOf(b); !ok {
		return r
	}
	if r.bad = !r.head.plausible(); r.bad || len(b) < r.size() {
		return r
	}
	r.fragment, r.whole = b[headSize:r.size()], true
	return r
}

// size is how long the record is, with its header.
func (r *record) size() int { return headSize + r.head.size() }

// timeOf returns when the last of the first n bytes of w was seen.
func timeOf(w *window.Window, n int) time.Time { return w.TimeAt(w.Off() + int64(max(n-1, 0))) }

// short deals with less than a record: more may come, but not behind the end.
func (d *Decoder) short(h *half) bool {
	if !h.w.Ended() {
		return false
	}
	n := h.w.Len()
	d.now = h.w.Last()
	h.w.Take(n)
	h.state = closed
	if !h.silent {
		d.fault(h, "the direction ends within a record")
	}
	return true
}
