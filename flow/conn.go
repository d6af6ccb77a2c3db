package flow

import (
	"slices"
	"sync"
	"time"

	"github.com/socktrace/socktrace/internal/memory"
	"github.com/socktrace/socktrace/wire"
)

// conn is what the book has of one connection, whose events come one at a time.
type conn struct {
	mu      sync.Mutex // guards what follows where Book.locks; held while sinks are called
	wire    *wire.Conn
	open    []*record // by the numbers of their exchanges
	begun   int       // highest number of an exchange
	skipped []int     // lower ones that have not begun
	spare   *record   // to be used next
	timed   bool      // latest is wanted
	latest  time.Time // the end of the latest event since takeLatest
	blind   bool      // Options.Mask has panicked: nothing of it is shown any more

	account memory.Account // what the records hold, and what waits for the filter
	refused bool           // there was no memory for a record

	sifts   bool       // there is a filter
	opening *wire.Open // is not told yet: no exchange was shown
	shows   bool       // one was
	// handshakes are those of TLS, if there is a filter. They wait like opening.
	handshakes []*wire.TLS
	shown      numbers // which were

	// Most connections have one exchange at a time: it is in one piece of memory
	// with them.
	first  record
	single [1]*record
}

func newConn(w *wire.Conn, timed, sifts bool, m *memory.Budget) *conn {
	c := &conn{wire: w, timed: timed, sifts: sifts, account: memory.Of(m)}
	c.spare, c.open = &c.first, c.single[:0]
	return c
}

// see notes ev, and returns what is known of its exchange then; nil if it is of
// none, or there is no memory for another.
func (c *conn) see(ev wire.Event) *record {
	m := ev.EventMeta()
	if c.timed && m.End.After(c.latest) {
		c.latest = m.End
	}
	if m.Exchange == 0 {
		return nil
	}
	r := c.find(m.Exchange)
	if r == nil {
		if m.Exchange <= c.begun && !begins(ev) && !c.skips(m.Exchange) {
			return nil
		}
		missed := c.refused && m.Exchange <= c.begun
		if r = c.begin(m, len(c.open) == 0); r == nil {
			return nil
		}
		if missed {
			r.lacks(&r.x, ev, 0)
		}
	}
	r.see(ev)
	return r
}

// begins says whether ev begins an exchange whose number is not the highest: a
// recording may tell those of one connection in the order in which they ended.
// Other events of such an exchange come behind its end.
func begins(ev wire.Event) bool {
	switch ev.(type) {
	case *wire.Request, *wire.Response:
		return true
	}
	return false
}

// begin opens the exchange that m belongs to. Unless it must, it returns nil where
// there is no memory for that.
func (c *conn) begin(m *wire.Meta, must bool) *record {
	if !c.account.Need(recordRoom) {
		if !must {
			c.account.Missed(recordRoom)
			c.refused, c.begun = true, max(c.begun, m.Exchange)
			return nil
		}
		c.account.Force(recordRoom)
	}
	r := c.spare
	if c.spare = nil; r == nil {
		r = new(record)
	}
	r.begin(m)
	r.account, r.charged = &c.account, recordRoom
	c.skip(m.Exchange)
	if m.Exchange > c.begun {
		c.open, c.begun = append(c.open, r), m.Exchange
		return r
	}
	i, _ := c.search(m.Exchange)
	c.open = slices.Insert(c.open, i, r)
	return r
}

// maxSkipped bounds the exchanges that are known not to have begun.
const maxSkipped = 64

// skip notes that exchange n begins: those before it that have not may do so later,
// as streams of HTTP/2 whose heads were not seen.
func (c *conn) skip(n int) {
	for before := c.begun + 1; before < n && len(c.skipped) < maxSkipped; before++ {
		c.skipped = append(c.skipped, before)
	}
	if i := slices.Index(c.skipped, n); i >= 0 {
		c.skipped = slices.Delete(c.skipped, i, i+1)
	}
}

// skips reports whether exchange n has not begun.
func (c *conn) skips(n int) bool { return slices.Contains(c.skipped, n) }

// find returns the record of the open exchange n, nil if there is none. It is
// most often the last.
func (c *conn) find(n int) *record {
	if n > c.begun {
		return nil
	}
	if i := len(c.open) - 1; i >= 0 && c.open[i].x.Exchange == n {
		return c.open[i]
	}
	if i, found := c.search(n); found {
		return c.open[i]
	}
	return nil
}

// search returns where the exchange n is among those that are open, or belongs.
func (c *conn) search(n int) (int, bool) {
	return slices.BinarySearchFunc(c.open, n, func(r *record, n int) int { return r.x.Exchange - n })
}

// end completes the exchange that ev ends, and forgets it. What it returns is
// used again if it is given to release.
func (c *conn) end(ev *wire.End) *record {
	r := c.find(ev.Exchange)
	if r == nil {
		r = c.begin(&ev.Meta, true)
		if c.refused {
			r.lacks(&r.x, ev, 0)
		}
	}
	r.end(ev)
	i := len(c.open) - 1
	if c.open[i] != r {
		i, _ = c.search(ev.Exchange)
	}
	c.open = slices.Delete(c.open, i, i+1)
	return r
}

// forgo gives back what was charged for r, which has ended.
func (c *conn) forgo(r *record) {
	c.account.Give(r.charged)
	r.charged = 0
}

// release lets the memory of r be used again.
func (c *conn) release(r *record) {
	*r = record{}
	c.spare = r
}

// id returns the number of the connection.
func (c *conn) id() int {
	if c.wire == nil {
		return 0
	}
	return c.wire.ID
}

// lock locks c, unless that takes more than is left of wait.
func (c *conn) lock(wait *time.Duration) bool {
	for !c.mu.TryLock() {
		if *wait <= 0 {
			return false
		}
		begin := time.Now()
		time.Sleep(time.Millisecond)
		*wait -= time.Since(begin) // it may be much more on a busy machine
	}
	return true
}

// takeLatest returns when the latest event ended since the last call, zero if
// there was none; or if c is busy with another.
func (c *conn) takeLatest() time.Time {
	if !c.mu.TryLock() {
		return time.Time{}
	}
	defer c.mu.Unlock()
	t := c.latest
	c.latest = time.Time{}
	return t
}

// each calls yield for each open exchange that is shown, until it returns false. c is locked,
// and is not when each has returned.
func (c *conn) each(yield func(*wire.Exchange) bool) bool {
	defer c.mu.Unlock()
	for _, r := range c.open {
		if (!c.sifts || r.sieve.passed()) && !yield(&r.x) {
			return false
		}
	}
	return true
}
