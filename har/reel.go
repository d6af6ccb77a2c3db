package har

import (
	"cmp"
	"slices"

	"github.com/socktrace/socktrace/wire"
)

// reel has what is told of a connection with HTTP/2, and of those inside of it, until
// they end: the file has one exchange after the other, as they ended, and the streams
// of such a connection run side by side. It tells all in the order of time, so that
// who reads on has seen what was said before, be it in another stream.
type reel struct{ cues []cue }

// cue is a step, and how deep in others its connection is.
type cue struct {
	step
	depth int
	size  int
}

// reels tell steps, at once or in their time.
type reels struct {
	emit func(wire.Event)
	size int // of all that waits, in bytes
}

const (
	// maxReeled bounds what waits in all reels, in bytes. Beyond it the first half of
	// a reel is told, and what the file tells later of that time comes behind it.
	maxReeled = 32 << 20
	// perCue is about what a cue costs beside its bytes.
	perCue = 512
)

// add tells st, of a connection that is so deep in others, in its time; at once if r
// is nil.
func (k *reels) add(r *reel, depth int, st step) {
	if r == nil {
		k.tell(&st)
		return
	}
	c := cue{st, depth, perCue + wire.DataBytes(st.ev)}
	r.cues = append(r.cues, c)
	if k.size += c.size; k.size > maxReeled {
		k.first(r, (len(r.cues)+1)/2)
	}
}

// rest tells all that waits in r.
func (k *reels) rest(r *reel) {
	if r != nil {
		k.first(r, len(r.cues))
	}
}

// first tells the first n of what waits in r.
func (k *reels) first(r *reel, n int) {
	slices.SortStableFunc(r.cues, byTime)
	for i := range r.cues[:n] {
		c := &r.cues[i]
		k.size -= c.size
		k.tell(&c.step)
	}
	r.cues = slices.Delete(r.cues, 0, n)
}

// tell tells st, and before a body the documents in it.
func (k *reels) tell(st *step) {
	if b, ok := st.ev.(*wire.Body); ok && st.documents {
		documents(b, st.typ, func(m *wire.Message) { k.emit(m) }) // there may be many
	}
	k.emit(st.ev)
}

// byTime compares cues by their time. At one moment ends come last; exchanges come in
// the order of their numbers, and what carries a connection before what is in it, but
// ends behind it.
func byTime(a, b cue) int {
	last, depth := isEnd(a.ev)-isEnd(b.ev), a.depth-b.depth
	if isEnd(a.ev) == 1 {
		depth = -depth
	}
	p, q := a.ev.EventMeta(), b.ev.EventMeta()
	return cmp.Or(a.at.Compare(b.at), last, depth, p.Conn.ID-q.Conn.ID, p.Exchange-q.Exchange)
}

// isEnd returns 1 for the end of an exchange, and 0 for all else.
func isEnd(ev wire.Event) int {
	if _, ok := ev.(*wire.End); ok {
		return 1
	}
	return 0
}
