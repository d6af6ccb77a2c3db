package fault

import (
	"fmt"
	"sync"

	"github.com/socktrace/socktrace/intercept"
	"github.com/socktrace/socktrace/wire"
)

const (
	// maxHead is how much of the head of a request is held until it is whole, in bytes. A
	// longer one goes on, so that a daemon that is not to see it has its beginning.
	maxHead = 64 << 10
	// maxHeld is the same for all connections together.
	maxHeld = 16 << 20
)

// Conn is what a plan makes of one connection. It is told the events of the connection by whoever
// decodes it (Event), and says where bytes are to be changed (intercept.Meddler). It may be used
// by several goroutines at once.
//
// A client's request goes on when its head is whole, so that it can be kept from the daemon. So
// what may be the beginning of a head is held: nothing that a daemon of HTTP would answer.
type Conn struct {
	plan *Plan
	conn *wire.Conn

	mu    sync.Mutex
	at    int64   // where what Next is given begins, in what the client sends
	head  int64   // where the next head begins, if that is not known yet; -1: anywhere
	held  int     // bytes that wait at the end, which the plan has counted
	begun opening // what they are
	drop  bool    // what comes is not forwarded
	todo  []turn
	due   *request // whose body is dropped, before it is answered

	open   map[int]bool // exchanges that have not ended
	first  chan struct{}
	before int // first is closed when no exchange before this one is open

	cuts map[int]*Action // of exchanges, until their answers have begun
	of   int             // the exchange whose answer is cut
	left int64           // bytes until then; -1: none is
	why  error
	line blank
}

// turn is something to be done at a place of what a client sends.
type turn struct {
	at   int64
	drop bool // from there on
	step intercept.Step
	nth  int // the exchange that has to be the first that is open; 0: it need not
}

// request is one that is answered in the daemon's place.
type request struct {
	*Action
	exchange int
	method   string
	closes   bool
	unsaid   bool // that it closes: see framing.switches
}

// Of returns what becomes of a connection: nothing is known of it yet.
func (p *Plan) Of(c *wire.Conn) *Conn {
	return &Conn{plan: p, conn: c, open: map[int]bool{}, cuts: map[int]*Action{}, left: -1}
}

// Event tells of an event of the connection, when its bytes have been seen. Those of others
// that are inside of it may come as well. It keeps nothing of ev. If that is a request that a
// rule is applied to, it returns what becomes of it; else nil.
func (c *Conn) Event(ev wire.Event) *Action {
	if m := ev.EventMeta(); m.Conn != c.conn {
		return nil
	}
	switch e := ev.(type) {
	case *wire.Request:
		if e.Stream == 0 {
			return c.request(e)
		}
	case *wire.Body:
		c.body(e)
	case *wire.Response:
		c.response(e)
	case *wire.Upgrade:
		c.mu.Lock()
		c.head = -1
		c.mu.Unlock()
	case *wire.End:
		c.end(e.Exchange)
	case *wire.Close:
		c.mu.Lock()
		c.hold(0)
		c.mu.Unlock()
	}
	return nil
}

// request notes a request, and returns what is to become of it.
func (c *Conn) request(q *wire.Request) *Action {
	a := c.plan.Choose(q) // which may take its time
	c.mu.Lock()
	defer c.mu.Unlock()
	end := q.Off + q.HeadBytes
	c.open[q.Exchange] = true
	f := framingOf(q)
	c.head = -1
	if f.empty {
		c.head = end
	}
	if a != nil {
		c.apply(a, q, f)
	}
	return a
}

// apply notes what is to be done with a request. c.mu is held.
func (c *Conn) apply(a *Action, q *wire.Request, f framing) {
	begin, end := q.Off, q.Off+q.HeadBytes
	why := fmt.Errorf("fault on purpose: %s", a.Rule)
	switch a.Kind {
	case Delay:
		c.todo = append(c.todo, turn{at: begin, step: intercept.Step{Wait: a.Delay}})
	case Cut:
		if len(c.cuts) == 0 {
			c.line = blank{} // nobody has looked for the end of a head meanwhile
		}
		c.cuts[q.Exchange] = a
	case Stall:
		c.todo = append(c.todo, turn{at: begin, step: intercept.Step{Stall: true, Why: why}})
	case Reset:
		c.todo = append(c.todo, turn{at: begin, drop: true}, turn{at: end, drop: true, nth: q.Exchange, step: intercept.Step{Close: true, Reset: true, Why: why}})
	case Answer:
		c.todo = append(c.todo, turn{at: begin, drop: true})
		// Of a head that has begun to go on, the daemon waits for the rest.
		r := &request{Action: a, exchange: q.Exchange, method: q.Method, closes: f.closes || begin < c.at, unsaid: f.switches}
		if f.empty || f.waits {
			c.answer(r, end)
		} else {
			c.due = r
		}
	}
}

// answer notes that a request is answered whose last byte is before a place. c.mu is held.
func (c *Conn) answer(r *request, at int64) {
	c.due = nil
	s := intercept.Step{Answer: r.response(r.method, r.closes && !r.unsaid), Close: r.closes}
	c.todo = append(c.todo, turn{at: at, drop: r.closes, step: s, nth: r.exchange})
}

// body notes the end of a request's body.
func (c *Conn) body(b *wire.Body) {
	if b.Dir != wire.ToServer {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	end := b.Off + b.WireBytes
	if b.Complete {
		c.head = end
	}
	if r := c.due; r != nil && r.exchange == b.Exchange {
		r.closes = r.closes || !b.Complete
		c.answer(r, end)
	}
}

// response notes where an answer begins that is to be cut: the piece that has its last line ends
// there.
func (c *Conn) response(r *wire.Response) {
	c.mu.Lock()
	defer c.mu.Unlock()
	a := c.cuts[r.Exchange]
	if a == nil || r.Interim {
		return
	}
	delete(c.cuts, r.Exchange)
	c.of, c.left, c.why = r.Exchange, a.After, fmt.Errorf("fault on purpose: %s", a.Rule)
}

// end notes that an exchange has ended.
func (c *Conn) end(exchange int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.open, exchange)
	delete(c.cuts, exchange)
	if c.of == exchange {
		c.left = -1 // the answer was shorter than that
	}
	if c.first != nil && c.isFirst(c.before) {
		close(c.first)
		c.first = nil
	}
}

// isFirst reports whether no exchange before the nth is open. c.mu is held.
func (c *Conn) isFirst(nth int) bool {
	for n := range c.open {
		if n < nth {
			return false
		}
	}
	return true
}

// Next implements intercept.Meddler.
func (c *Conn) Next(data []byte, last bool) intercept.Step {
	c.mu.Lock()
	defer c.mu.Unlock()
	if last && c.due != nil { // its end was not found
		c.due.closes = true
		c.answer(c.due, c.at+int64(len(data)))
	}
	for len(c.todo) > 0 {
		t := c.todo[0]
		c.todo = c.todo[1:]
		s := c.take(t, min(int(max(t.at-c.at, 0)), len(data))) // what it is at was seen
		if !s.IsNothing() {
			return s
		}
	}
	waits := 0
	if !c.drop && !last {
		waits = c.waiting(data)
	}
	c.hold(waits)
	n := len(data) - waits
	c.at += int64(n)
	return intercept.Step{Take: n, Drop: c.drop}
}

// take returns the step of a turn, with the n bytes before it. c.mu is held.
func (c *Conn) take(t turn, n int) intercept.Step {
	s := t.step
	s.Take, s.Drop = n, c.drop
	c.at += int64(n)
	c.drop = t.drop
	if t.nth > 0 && !c.isFirst(t.nth) {
		c.first, c.before = make(chan struct{}), t.nth
		s.Turn = c.first
	}
	return s
}

// waiting returns how many bytes at the end of data may be the beginning of a head, which is
// not known yet: they are held. c.mu is held.
func (c *Conn) waiting(data []byte) int {
	if c.head < 0 {
		return 0
	}
	from := max(c.head-c.at, 0)
	if from >= int64(len(data)) {
		return 0
	}
	rest := data[from:]
	if begin := c.at + from; c.begun.at != begin {
		c.begun = opening{at: begin}
	}
	room := maxHeld - c.plan.held.Load() + int64(c.held)
	if len(rest) > maxHead || int64(len(rest)) > room || !c.begun.lacks(rest) {
		return 0
	}
	return len(rest)
}

// hold counts the bytes that wait. c.mu is held.
func (c *Conn) hold(n int) {
	c.plan.held.Add(int64(n - c.held))
	c.held = n
}

// Piece implements intercept.Meddler.
func (c *Conn) Piece(data []byte) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := len(data)
	if c.left >= 0 {
		n = int(max(min(c.left, int64(n)), 1)) // 0 is cut before
	}
	if len(c.cuts) > 0 {
		n = c.line.behind(data[:n])
	}
	if c.left >= 0 {
		c.left -= int64(n)
	}
	return n
}

// Cut implements intercept.Meddler.
func (c *Conn) Cut() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.left == 0 {
		return c.why
	}
	return nil
}
