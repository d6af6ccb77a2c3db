package render

import (
	"iter"
	"slices"
	"time"

	"github.com/socktrace/socktrace/wire"
)

// The ages at which a line says that an exchange is still open; then one follows
// each sayEvery.
const (
	sayFirst  = time.Second
	saySecond = 10 * time.Second
	sayThird  = time.Minute
	sayEvery  = 5 * time.Minute
)

// lines returns how many lines say that an exchange of that age is open.
func lines(age time.Duration) int {
	switch {
	case age <= sayFirst:
		return 0
	case age <= saySecond:
		return 1
	case age <= sayThird:
		return 2
	}
	return 3 + int((age-1)/sayEvery)
}

// Tick shows a line for each exchange that has come to an age at which there is
// one since the last call.
func (c *compact) Tick(now time.Time, open iter.Seq[*wire.Exchange]) error {
	var due []*wire.Exchange
	for x := range open {
		if x.Request != nil && lines(now.Sub(x.Start)) > lines(c.ticked.Sub(x.Start)) {
			due = append(due, reduced(x))
		}
	}
	c.ticked = now
	slices.SortStableFunc(due, func(a, b *wire.Exchange) int { return a.Start.Compare(b.Start) })
	c.begin(c.o.width())
	for _, x := range due {
		c.stillOpen(x, now)
	}
	return flush(c.w, c.out)
}

// reduced returns what stillOpen tells of x, which is valid only while it is
// looked at.
func reduced(x *wire.Exchange) *wire.Exchange {
	return &wire.Exchange{Meta: x.Meta, Request: x.Request, Response: x.Response, Streams: x.Streams, Messages: x.Messages, Subject: x.Subject}
}

// stillOpen shows that an exchange has not ended.
func (c *compact) stillOpen(x *wire.Exchange, now time.Time) {
	c.head(x, c.glyphs.more, roleFaint, now.Sub(x.Start), true)
	c.about(x)
	c.own(roleNote, c.glyphs.more+" open")
	c.part(part{})
	c.streamed(x)
	c.path(x)
	c.client(x.Conn)
	c.finish()
}
