package flow

import "github.com/socktrace/socktrace/wire"

// Filtering is what Options.Filter is called when it fails.
const Filtering = "filtering"

// tell gives all sinks an event of c; r is the record of its exchange, if it has one
// that is open. With a filter, that of an exchange waits until it is decided.
func (b *Book) tell(c *conn, r *record, ev wire.Event) {
	switch {
	case b.o.Filter != nil:
		b.sift(c, r, ev)
	case r != nil:
		b.give(ev, &r.x)
	default:
		b.give(ev, nil)
	}
}

// give gives all sinks an event.
func (b *Book) give(ev wire.Event, x *wire.Exchange) {
	for _, o := range b.outlets {
		o.event(ev, x)
	}
}

// sift gives all sinks an event that they are to be told of by now: of an exchange
// that is shown, or of a connection of which one was.
func (b *Book) sift(c *conn, r *record, ev wire.Event) {
	if r != nil {
		b.judge(c, r, ev)
		return
	}
	n := ev.EventMeta().Exchange
	if t, ok := ev.(*wire.TLS); ok {
		if len(c.handshakes) < maxHandshakes && c.account.Need(wire.DataBytes(t)) {
			c.handshakes = append(c.handshakes, t)
		}
		if !c.shows {
			return
		}
	}
	if n == 0 && c.shows || c.shown.has(n) {
		b.give(ev, nil)
	}
}

// judge has the filter look at an event of an exchange that is not decided, and does
// what it says.
func (b *Book) judge(c *conn, r *record, ev wire.Event) {
	if r.sieve == nil {
		r.sieve = b.sieve()
	}
	s := r.sieve
	if s.verdict == wire.Undecided {
		r.x.TLS = c.handshakes
		if err := s.ask(ev, &r.x); err != nil && !b.unfit[s.verdict].Swap(true) {
			b.o.Failed(Filtering, err)
		}
		switch s.verdict {
		case wire.Shown:
			b.show(c, r)
		case wire.Hidden:
			s.clear(&c.account)
		default:
			s.wait(ev, &r.x, &c.account)
		}
	}
	if s.passed() {
		b.give(ev, &r.x)
	}
}

// Hides reports whether Options.Filter has decided that sinks are not told of the exchange n of w, which is open:
// nobody but Options.Mask and Options.Learn sees more of it. It must not be called within Event for w.
func (b *Book) Hides(w *wire.Conn, n int) bool {
	known, ok := b.conns.Load(w)
	if !ok || b.o.Filter == nil || b.o.Explain != nil { // which speaks of all
		return false
	}
	c := known.(*conn)
	if b.locks {
		c.mu.Lock()
		defer c.mu.Unlock()
	}
	r := c.find(n)
	return r != nil && r.sieve != nil && r.sieve.verdict == wire.Hidden
}

// show tells what waits of an exchange, which is shown from here on: before it, that
// its connection has begun.
func (b *Book) show(c *conn, r *record) {
	b.unveil(c)
	c.shown.add(r.x.Exchange)
	s := r.sieve
	if s.closeGap() {
		b.counter.anomalies.Add(1)
	}
	for i := s.next(); i != nil; i = s.next() {
		b.give(i.ev, i.exchange())
		s.reuse(i)
	}
	s.clear(&c.account)
}

// unveil tells that c has begun, if that was not told; and before it that those have
// which carry it.
func (b *Book) unveil(c *conn) {
	ev, shown := c.opening, c.shows
	c.opening, c.shows = nil, true
	if ev != nil {
		b.inside(ev, func(parent *conn, r *record) {
			if parent != nil {
				b.unveil(parent)
			}
			if r != nil && r.sieve.passed() {
				b.give(ev, &r.x)
			} else {
				b.give(ev, nil)
			}
		})
	}
	if shown {
		return
	}
	for _, t := range c.handshakes {
		b.give(t, nil)
	}
}

// maxHandshakes is how many handshakes of a connection are kept, for the filter and for the
// first exchange that is shown: one with each side.
const maxHandshakes = 2

// inside calls f with the connection that carries another, and the record of its
// exchange that does; nil for what is not known. The connection is locked then.
func (b *Book) inside(ev *wire.Open, f func(*conn, *record)) {
	known, inside := b.conns.Load(ev.Conn.Parent.Conn)
	if !inside {
		f(nil, nil)
		return
	}
	c := known.(*conn)
	if b.locks {
		c.mu.Lock()
		defer c.mu.Unlock()
	}
	f(c, c.find(ev.Conn.Parent.Exchange))
}

// judged notes that r, which has ended, is not looked at any more.
func (b *Book) judged(r *record) {
	s := r.sieve
	if s == nil {
		return
	}
	if s.passed() {
		b.counter.shown.Add(1)
	}
	r.sieve = nil
	s.reset()
	b.sieves.Put(s)
}

// sieve returns one that is new.
func (b *Book) sieve() *sieve {
	if s, ok := b.sieves.Get().(*sieve); ok {
		return s
	}
	return newSieve(b.o.Filter.Judge())
}
