package har

import (
	"cmp"
	"slices"

	"github.com/socktrace/socktrace/wire"
)

// reel tells steps. The file has one exchange after the other, as they ended, but the
// streams of HTTP/2 run side by side, and beside what they are for. As soon as the
// file has one, all waits until the end, to be told in the order of time: who reads on
// has seen what was said before, be it in another stream. With ReadByTime it waits from the
// beginning.
type reel struct {
	emit func(wire.Event)
	runs bool // what is added waits
	cues []cue
	size int // of what waits, in bytes
}

// cue is a step that waits, and the connection that it is of: its number, and in how
// many others that is.
type cue struct {
	step
	conn, depth int
	size        int
}

const (
	// maxReeled bounds what waits, in bytes. Beyond it the first half is told, and what
	// the file tells later of that time comes behind it.
	maxReeled = 32 << 20
	// perCue is about what a cue costs beside its bytes.
	perCue = 512
)

// add tells st, of a connection that is so deep in others, at once or in its time.
func (r *reel) add(depth int, st step) {
	if !r.runs {
		r.tell(&st)
		return
	}
	c := cue{step: st, depth: depth, size: perCue + wire.DataBytes(st.ev)}
	if m := st.ev.EventMeta(); m.Conn != nil {
		c.conn = m.Conn.ID
	}
	r.cues = append(r.cues, c)
	if r.size += c.size; r.size > maxReeled {
		r.first((len(r.cues) + 1) / 2)
	}
}

// rest tells all that waits.
func (r *reel) rest() { r.first(len(r.cues)) }

// first tells the first n of what waits.
func (r *reel) first(n int) {
	slices.SortStableFunc(r.cues, byTime)
	for i := range r.cues[:n] {
		c := &r.cues[i]
		r.size -= c.size
		r.tell(&c.step)
	}
	r.cues = slices.Delete(r.cues, 0, n)
}

// tell tells st, and before a body the documents in it.
func (r *reel) tell(st *step) {
	if b, ok := st.ev.(*wire.Body); ok && st.documents {
		documents(b, st.typ, func(m *wire.Message) { r.emit(m) }) // there may be many
	}
	r.emit(st.ev)
}

// byTime compares cues by their time. At one moment exchanges come in the order of
// their numbers, what carries a connection before what is in it; and last what ends,
// of what is inside first, in the order of the file.
func byTime(a, b cue) int {
	if n := cmp.Or(a.at.Compare(b.at), ending(a.ev)-ending(b.ev)); n != 0 {
		return n
	}
	if ending(a.ev) > 0 {
		return b.depth - a.depth
	}
	return cmp.Or(a.depth-b.depth, a.conn-b.conn, a.ev.EventMeta().Exchange-b.ev.EventMeta().Exchange)
}

// ending returns 1 for the end of an exchange, or of a connection, and 0 for all else.
func ending(ev wire.Event) int {
	switch ev.(type) {
	case *wire.End, *wire.Close:
		return 1
	}
	return 0
}
