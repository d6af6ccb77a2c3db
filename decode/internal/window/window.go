// Package window holds the bytes of one direction of a connection that were
// seen and not yet taken, with their places and times.
//
//	        off              off+len
//	stream ──┼────────┬────────┼──────►
//	         │searched│  new   │
//
// It borrows the bytes of a read while that is looked at; what is left of them
// afterwards it copies (Keep). So the usual read, which is taken whole, is never
// copied. Nothing here may be called concurrently.
package window

import (
	"bytes"
	"time"
)

// Window is the bytes of one direction. The zero value is at the beginning of
// it.
type Window struct {
	bytes    []byte
	own      []byte // storage of bytes between reads
	room     int    // of that storage, of which own may be the end
	borrowed bool   // bytes is not in own
	searched int    // this much of bytes has no end of the line or head in it
	off      int64  // of bytes[0]
	gone     int    // bytes that Shorten left out, which Take takes too
	marks    marks
	ended    bool
}

// maxOwn is the storage that is kept while it is empty, in bytes: most of 10,000
// idle connections hold nothing.
const maxOwn = 4 << 10

// Push appends what a read saw at time t. It borrows b until Keep.
func (w *Window) Push(t time.Time, b []byte) {
	w.marks.add(w.Next(), t)
	if len(w.bytes) == 0 {
		w.bytes, w.borrowed = b, true
		return
	}
	before := cap(w.bytes)
	if w.bytes = append(w.bytes, b...); cap(w.bytes) != before { // it has moved
		w.room = cap(w.bytes)
	}
}

// End says that no more bytes will come.
func (w *Window) End() { w.ended = true }

// Note says that something was seen at time t that is no byte.
func (w *Window) Note(t time.Time) { w.marks.last = t }

// Keep makes what is left ours, before the caller reuses its memory.
func (w *Window) Keep() {
	switch {
	case len(w.bytes) == 0:
		w.bytes, w.borrowed = nil, false
		if w.room > maxOwn {
			w.own, w.room = nil, 0
		}
		w.marks.shrink()
	case w.borrowed:
		w.store(w.own[:0])
	case w.room > maxOwn && len(w.bytes) < w.room/4: // most of it was taken
		w.store(nil)
	default:
		w.own = w.bytes[:0] // append may have moved it
	}
}

// store copies the bytes to the memory of own.
func (w *Window) store(own []byte) {
	before := cap(own)
	if w.own = append(own, w.bytes...); cap(w.own) != before {
		w.room = cap(w.own)
	}
	w.bytes, w.borrowed = w.own, false
}

// Room returns how much memory is used between reads, in bytes.
func (w *Window) Room() int { return w.room + markSize*cap(w.marks.list) }

// Bytes returns what was seen and not taken. It is valid until the next call of
// another method.
func (w *Window) Bytes() []byte { return w.bytes }

// Len returns how much that is.
func (w *Window) Len() int { return len(w.bytes) }

// Off returns the offset of its first byte.
func (w *Window) Off() int64 { return w.off }

// Next returns the offset of the byte that will come next.
func (w *Window) Next() int64 { return w.off + int64(w.gone+len(w.bytes)) }

// Gone returns how many bytes Shorten has left out.
func (w *Window) Gone() int { return w.gone }

// Shorten leaves only kept of the bytes, which become ours. What is left out is
// taken with the next that is.
func (w *Window) Shorten(kept []byte) {
	w.gone += len(w.bytes) - len(kept)
	w.bytes, w.own, w.room, w.borrowed, w.searched = kept, kept, cap(kept), false, 0
}

// Ended reports whether no more bytes will come.
func (w *Window) Ended() bool { return w.ended }

// Take removes the first n bytes.
func (w *Window) Take(n int) []byte {
	b := w.bytes[:n]
	w.bytes = w.bytes[n:]
	w.off += int64(n + w.gone)
	w.gone, w.searched = 0, 0
	w.marks.forget(w.off)
	return b
}

// TakeTogether removes bytes that were seen at one time, n of them at most, and
// returns where and when that was.
func (w *Window) TakeTogether(n int) (Place, []byte) {
	at := Place{w.off, w.TimeAt(w.off)}
	return at, w.Take(w.marks.together(w.off, n))
}

// Skip moves past n bytes that were not captured. There must be none before
// them.
func (w *Window) Skip(n int64) {
	w.off += n
	w.searched = 0
	w.marks.list = w.marks.list[:0]
}

// Pass moves past n bytes that went by at time t and are not looked at. There must be none
// before them.
func (w *Window) Pass(t time.Time, n int64) {
	w.marks.add(w.off, t)
	w.off += n
	w.searched = 0
	w.marks.forget(w.off)
}

// TimeAt returns when the byte at off was seen. Bytes that were taken long ago
// have the time of the oldest that is known.
func (w *Window) TimeAt(off int64) time.Time { return w.marks.at(off) }

// Last returns when something was seen last.
func (w *Window) Last() time.Time { return w.marks.last }

// Line returns the size of the first line, with its end, or 0 if that has not
// come. It looks at each byte once, however they are cut.
func (w *Window) Line() int {
	if j := bytes.IndexByte(w.bytes[w.searched:], '\n'); j >= 0 {
		return w.searched + j + 1
	}
	w.searched = len(w.bytes)
	return 0
}

// Head returns the size of the head at the beginning: up to and with its empty
// line, or 0 if that has not come. It looks at each byte once.
func (w *Window) Head() int {
	for i := w.searched; ; {
		j := bytes.IndexByte(w.bytes[i:], '\n')
		if j < 0 {
			break
		}
		i += j + 1
		switch rest := w.bytes[i:]; {
		case len(rest) > 0 && rest[0] == '\n':
			return i + 1
		case len(rest) > 1 && rest[0] == '\r' && rest[1] == '\n':
			return i + 2
		}
	}
	// The next search begins at the last line end that may be followed by an
	// empty line.
	w.searched = max(len(w.bytes)-2, 0)
	return 0
}

// Searched returns how much Line or Head have looked at.
func (w *Window) Searched() int { return w.searched }

// Rewind forgets what was looked at.
func (w *Window) Rewind() { w.searched = 0 }
