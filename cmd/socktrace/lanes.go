package main

import (
	"runtime"

	"github.com/socktrace/socktrace/intercept/pcap"
	"github.com/socktrace/socktrace/lanes"
	"github.com/socktrace/socktrace/wire"
)

// maxLanes bounds how many goroutines decode captures: one who reads packets, and one who
// tells what there was in them, have not enough to do for more.
const maxLanes = 8

// scarceShare is how much of what may be held is held by decoders and the book before
// captures are decoded one chunk at a time: what there is no memory for is left out of what
// is told, and must not depend on who was faster.
const scarceShare = 4

// lanes returns what decodes captures on several processors; nil where one goroutine does
// that: since there is one processor; since an output gets the bytes themselves, or looks at
// each read; since what is decoded depends on what has been told, with a filter; or since
// nobody looks into bodies, and to hand the rest on costs as much as to decode it.
func (t *trace) lanes() *lanes.Lanes {
	n := min(runtime.GOMAXPROCS(0), maxLanes)
	if n < 2 || t.recorders.reads() || t.decode.Hidden != nil || !t.decode.Needs.Messages && t.decode.Needs.Body == 0 {
		return nil
	}
	o, all := t.decode, t.memory.Left()
	var l *lanes.Lanes
	l = lanes.New(lanes.Options{
		Lanes: n,
		Decode: func(c *wire.Conn, order lanes.Order, emit func(wire.Event)) wire.Tap {
			o := o
			o.Order, o.Numbers = order, l.Numbers()
			return &firstLook{
				Tap:   t.decoder(c, o, masking(t.book.Masker(), emit)),
				mixed: func(c *wire.Conn, toServer bool) { order.Later(mixed{t.mixed, c, toServer}) },
			}
		},
		Tell:    t.book.Masked,
		Numbers: &t.numbers,
		Scarce:  func() bool { return t.memory.Left() < all-all/scarceShare },
	})
	return l
}

// inLanes returns how captures are read that l decodes.
func (t *trace) inLanes(l *lanes.Lanes) pcap.Options {
	o := t.capture()
	o.Numbers = l.Numbers()
	if next := o.KeyLog; next != nil {
		o.KeyLog = func(text []byte) { // for what comes behind it
			l.Wait()
			next(text)
		}
	}
	return o
}

// masking returns what masks events before next gets them.
func masking(mask func(wire.Event) wire.Event, next func(wire.Event)) func(wire.Event) {
	return func(ev wire.Event) {
		if ev = mask(ev); ev != nil {
			next(ev)
		}
	}
}

// mixed is told, in its place, that TLS and plain text were mixed.
type mixed struct {
	all      *mixing
	conn     *wire.Conn
	toServer bool
}

// Told tells it.
func (m mixed) Told() { m.all.tell(m.conn, m.toServer) }
