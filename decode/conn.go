package decode

import (
	"errors"
	"fmt"
	"time"

	"github.com/socktrace/socktrace/wire"
)

// Conn decodes one connection. It is a wire.Tap; its methods must not be
// called concurrently.
type Conn struct {
	conn    *wire.Conn
	o       Options
	emit    func(wire.Event)
	half    [2]half
	open    []*exchange // begun and not ended, oldest first
	spare   *exchange   // to be used again, with Options.Transient
	n       int         // exchanges begun
	bytes   [2]int64
	now     time.Time
	message wire.Message // reused for every Message event
	broken  bool         // a decoder panicked: only Close is still sent
	err     error        // why the connection ended
}

var _ wire.Tap = (*Conn)(nil)

// New returns a decoder for c, and sends its Open event. It calls emit in the
// goroutine that calls its methods, before they return.
func New(c *wire.Conn, o Options, emit func(wire.Event)) *Conn {
	d := &Conn{conn: c, o: o, emit: emit, now: c.Start}
	d.half[wire.ToServer] = half{dir: wire.ToServer, state: requestHead, last: c.Start}
	d.half[wire.ToClient] = half{dir: wire.ToClient, state: responseHead, last: c.Start}
	emit(&wire.Open{Meta: wire.Meta{Conn: c, Start: c.Start, End: c.Start}})
	return d
}

// Chunk decodes what one read saw. It keeps nothing of c.Data.
func (d *Conn) Chunk(c wire.Chunk) {
	d.now = c.Time
	d.bytes[c.Dir] += int64(len(c.Data))
	if d.broken {
		return
	}
	defer d.rescue()
	h := &d.half[c.Dir]
	if c.Lost != 0 {
		d.lost(h, c)
	}
	if len(c.Data) > 0 && !h.eof {
		h.push(c.Time, c.Data)
		d.drive(h)
		h.keep()
	}
	if c.EOF && !h.eof {
		h.eof, h.hungUp = true, true
		h.last = c.Time
		d.drive(h)
	}
	d.half[c.Dir.Other()].keep()
}

// drive runs the states until neither half can go on. A half that waited for
// this one goes first: the rule that makes the order of events independent of
// how the bytes were cut.
func (d *Conn) drive(h *half) {
	o := &d.half[h.dir.Other()]
	for o.state(d, o) || h.state(d, h) {
	}
}

// End sends what is left: unfinished exchanges, and Close.
func (d *Conn) End(t time.Time, err error) {
	d.now = t
	if !d.broken {
		d.flush(err)
	}
	d.stopAll()
	c := &wire.Close{Meta: wire.Meta{Conn: d.conn, Start: t, End: t}, Bytes: d.bytes, Stopped: errors.Is(err, wire.ErrStopped)}
	if err != nil {
		c.Err = err.Error()
	}
	d.emit(c)
}

// flush ends both directions, so that every byte and every exchange is told.
func (d *Conn) flush(err error) {
	defer d.rescue()
	d.err = err
	for i := range d.half {
		h := &d.half[i]
		if !h.eof {
			h.eof, h.told = true, true // it did not end in order: no EOF event
		}
		d.drive(h)
	}
	for len(d.open) > 0 {
		ex := d.open[0]
		if d.stopped() {
			ex.State = wire.StateOpen
		} else if ex.State == wire.StateDone {
			ex.State = wire.StateAborted
		}
		d.finish(ex)
	}
}

// stopped reports whether the trace ended before the connection did.
func (d *Conn) stopped() bool { return errors.Is(d.err, wire.ErrStopped) }

// rescue turns a panic of a decoder into an anomaly: this connection is not
// decoded any more, its traffic and all others go on.
func (d *Conn) rescue() {
	if r := recover(); r != nil {
		d.broken = true
		d.stopAll()
		d.emit(&wire.Anomaly{
			Meta:   wire.Meta{Conn: d.conn, Start: d.now, End: d.now},
			Code:   codePanic,
			Detail: fmt.Sprint(r),
		})
	}
}

// lost notes that bytes are missing before those of c. A body of known length
// survives it; all else is raw until the next start line.
func (d *Conn) lost(h *half, c wire.Chunk) {
	d.drive(h)
	h.last = c.Time
	n := int64(c.Lost)
	ex := h.ex
	a := &wire.Anomaly{Meta: d.meta(h, ex, h.off+int64(len(h.win)), 0), Code: codeLost, Lost: max(n, -1)}
	a.Start, a.End = c.Time, c.Time
	d.emit(a)
	if n > 0 && ex != nil && len(h.win) == 0 && n <= h.left {
		d.gap(h, n)
		return
	}
	if ex != nil {
		ex.State = wire.StatePartial
	}
	if len(h.win) > 0 {
		d.giveUp(h, len(h.win))
	} else {
		d.breakOff(h)
	}
	// Nobody knows where in a line it goes on. But what looks like a start line
	// is one: messages begin packets, and so they often stand behind a gap.
	h.midLine = false
	h.missed = true
	h.skip(max(n, 0))
}

// meta returns where and when the bytes of h from off to before end were seen.
func (d *Conn) meta(h *half, ex *exchange, off, end int64) wire.Meta {
	m := wire.Meta{Conn: d.conn, Dir: h.dir, Off: off, Start: h.timeAt(off)}
	m.End = m.Start
	if end > off+1 {
		m.End = h.timeAt(end - 1)
	}
	if ex != nil {
		m.Exchange = ex.Exchange
	}
	return m
}
