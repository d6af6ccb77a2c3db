package har

import (
	"iter"
	"sync/atomic"

	"github.com/socktrace/socktrace/wire"
)

// Refresh is what Tick does once a second.
func (w *Writer) Refresh(open iter.Seq[*wire.Exchange]) { w.refresh(open) }

// Behind reports whether entries wait for the file.
func (w *Writer) Behind() bool { return w.spool.Behind() }

// slowMedium is a medium that waits before it is written to.
type slowMedium struct {
	medium
	wait func()
}

func (m *slowMedium) extend(entry, tail []byte, changed bool) error {
	m.wait()
	return m.medium.extend(entry, tail, changed)
}

func (m *slowMedium) finish(tail []byte) error {
	m.wait()
	return m.medium.finish(tail)
}

// Slow has wait called before each write, from now on. Nobody may use w
// meanwhile.
func (w *Writer) Slow(wait func()) { w.out.doc = &slowMedium{w.out.doc, wait} }

// MaxWriting is how many entries are made at once.
const MaxWriting = maxWriting

// CountBuffers counts in n the buffers that are made for entries.
func (w *Writer) CountBuffers(n *atomic.Int32) {
	w.buffers.New = func() any {
		n.Add(1)
		return new(object)
	}
}

// MaxReeled is how much waits to be told in the order of time.
const MaxReeled = maxReeled
