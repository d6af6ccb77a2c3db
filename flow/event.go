package flow

import "github.com/socktrace/socktrace/wire"

// Event takes an event of a decoder, or of a reader of recordings, and tells it to
// all sinks: to those that are called directly before it returns.
func (b *Book) Event(ev wire.Event) {
	if b.idle() {
		b.count(ev)
		return
	}
	b.event(b.conn(ev.EventMeta().Conn), ev)
}

// Of returns what is Event for the events of w, and needs not look for it. Those of
// other connections may come there too.
func (b *Book) Of(w *wire.Conn) func(wire.Event) {
	if b.idle() {
		return b.count
	}
	c := b.conn(w)
	return func(ev wire.Event) {
		if ev.EventMeta().Conn == w {
			b.event(c, ev)
		} else {
			b.Event(ev)
		}
	}
}

// Masked returns what is Of for events that a Masker has returned.
func (b *Book) Masked(w *wire.Conn) func(wire.Event) {
	if b.idle() {
		return b.count
	}
	c := b.conn(w)
	return func(ev wire.Event) {
		c := c
		if in := ev.EventMeta().Conn; in != w {
			c = b.conn(in)
		}
		if b.locks {
			c.mu.Lock()
			defer c.mu.Unlock()
		}
		b.take(c, ev)
	}
}

// count counts an event that nobody else sees.
func (b *Book) count(ev wire.Event) {
	switch ev := ev.(type) {
	case *wire.Open:
		b.counter.opened(ev)
	case *wire.Anomaly:
		b.counter.anomalies.Add(1)
	case *wire.End:
		b.counter.ended(ev.State, ev.Left)
	case *wire.Close:
		b.counter.closed(ev)
	}
}

// event takes an event of c.
func (b *Book) event(c *conn, ev wire.Event) {
	if b.locks {
		c.mu.Lock()
		defer c.mu.Unlock()
	}
	if b.o.Mask != nil {
		if ev = b.masked(&c.blind, ev); ev == nil {
			return
		}
	}
	b.take(c, ev)
}

// take takes an event of c that may be shown. The caller has locked c.
func (b *Book) take(c *conn, ev wire.Event) {
	switch ev := ev.(type) {
	case *wire.Open:
		b.counter.opened(ev)
		b.opens(ev)
		if b.o.Explain != nil {
			b.o.Explain(ev, nil)
		}
		b.announce(c, ev)
	case *wire.Anomaly:
		b.counter.anomalies.Add(1)
		b.part(c, ev)
	case *wire.End:
		b.end(c, ev)
	case *wire.Close:
		b.counter.closed(ev)
		b.forget(c, ev)
	default:
		b.part(c, ev)
	}
}

// part tells all sinks an event that may be part of an exchange; and that not all
// of that is kept, if it is not.
func (b *Book) part(c *conn, ev wire.Event) {
	r := c.see(ev)
	if r != nil {
		b.learn(ev, r)
		b.explain(ev, r)
	}
	b.tell(c, r, ev)
	if r != nil {
		b.tellSpent(c, r)
	}
}

// tellSpent tells all sinks that not all of an exchange is kept, once.
func (b *Book) tellSpent(c *conn, r *record) {
	if a := r.takeSpent(); a != nil {
		b.counter.anomalies.Add(1)
		b.tell(c, r, a)
	}
}

// announce tells all sinks that a connection has begun, and, if it is inside of
// another, what is known of the exchange that carries it. With a filter they are told
// when one of its exchanges is shown.
func (b *Book) announce(c *conn, ev *wire.Open) {
	if b.o.Filter != nil {
		later := *ev
		c.opening = &later
		return
	}
	b.inside(ev, func(_ *conn, r *record) {
		if r != nil {
			b.give(ev, &r.x)
		} else {
			b.give(ev, nil)
		}
	})
}

// end tells all sinks that an exchange has ended, and forgets it.
func (b *Book) end(c *conn, ev *wire.End) {
	r := c.end(ev)
	b.learn(&r.x, r)
	r.recall(ev) // names that are known by now were not when it was recorded
	b.explain(&r.x, r)
	b.tellSpent(c, r)
	b.counter.ended(r.x.State, r.x.Outcome.Left)
	b.tell(c, r, &r.x)
	b.judged(r)
	c.forgo(r)
	if !b.holds {
		c.release(r)
	}
}

// endOpen ends all exchanges of c that are open.
func (b *Book) endOpen(c *conn, s wire.State) {
	for len(c.open) > 0 {
		x := &c.open[0].x
		b.end(c, &wire.End{Meta: x.Meta, State: s})
	}
}

// forget tells all sinks that a connection has ended. Decoders have ended its
// exchanges before, unless they have failed.
func (b *Book) forget(c *conn, ev *wire.Close) {
	state := wire.StateAborted
	if ev.Stopped {
		state = wire.StateOpen
	}
	b.endOpen(c, state)
	b.closes(ev.End)
	own := *ev // that of the caller stays as it is
	if b.o.Explain != nil {
		b.o.Explain(&own, nil)
	} else {
		own.Story = nil // which a recording may tell
	}
	ev = &own
	b.tell(c, nil, ev)
	c.account.Close()
	b.conns.Delete(c.wire)
	b.last.CompareAndSwap(c, nil)
}

// Flush has sinks write what they have put together, if the caller is the only
// source.
func (b *Book) Flush() {
	for _, o := range b.outlets {
		o.flush()
	}
}
