package body

import "time"

// Passes reports whether nobody asks for more of the rest of the body than its size: it
// has begun, nothing more of it is kept, and nothing looks inside.
func (b *Body) Passes() bool {
	return b.event != nil && b.event.Bytes > 0 && b.event.Truncated &&
		b.content == nil && b.chain == nil && b.trial == nil && b.digest == nil
}

// Passed notes that n bytes of content went by at time t, which the window does not get;
// it is empty.
func (b *Body) Passed(t time.Time, n int64) {
	b.event.WireBytes += n
	b.event.Bytes += n
	b.event.End = t
	b.w.Pass(t, n)
}
