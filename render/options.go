package render

import (
	"fmt"
	"io"
	"time"
)

// Heads says how much of a request or response head is shown.
type Heads uint8

const (
	HeadsFull  Heads = iota // every field, as sent
	HeadsShort              // start lines as people read them, and the fields that say more; an answer is one line
	HeadsNone               // the same without fields
)

// Bodies says how much of bodies and streams is shown.
type Bodies uint8

const (
	BodiesFull  Bodies = iota // all that was kept
	BodiesShort               // documents without what says nothing: null, "", 0, false, [] and {}; cut if they are long
	BodiesNone                // only how much there was
)

// Options are those of the formats for people, text and compact.
type Options struct {
	Color bool // use colours; decided by the caller, see UseColor
	// Width returns the columns of the terminal; it is asked anew for each
	// event. Nil, or 0 returned, is unlimited: nothing is wrapped or cut.
	Width func() int
	// Heads and Bodies are of text.
	Heads  Heads
	Bodies Bodies
	Paths  bool // compact shows method and target of all requests, not only of those that nobody knows
	// Filtered says that not all exchanges are told of, and some late: text is silent on the ordinary
	// ends of connections then.
	Filtered bool
	ASCII    bool           // draw with ASCII alone: for a terminal that is not in UTF-8
	Zone     *time.Location // of clock times; nil is time.Local
}

// width returns the columns there are now, 0 if they are unlimited.
func (o *Options) width() int {
	if o.Width == nil {
		return 0
	}
	return max(o.Width(), 0)
}

// zone returns the time zone of clock times.
func (o *Options) zone() *time.Location {
	if o.Zone == nil {
		return time.Local
	}
	return o.Zone
}

// flush writes what one event became, in one call, so that the lines of an
// event stay together.
func flush(w io.Writer, out []byte) error {
	if len(out) == 0 {
		return nil
	}
	if _, err := w.Write(out); err != nil {
		return fmt.Errorf("write output: %w", err)
	}
	return nil
}

// maxKept is how much buffer is kept between events. A larger one is rare and
// would otherwise stay for the whole run.
const maxKept = 1 << 20

// recycle returns an empty buffer, b's memory if that is not too much to keep.
func recycle(b []byte) []byte {
	if cap(b) > maxKept {
		return nil
	}
	return b[:0]
}
