package decode

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/socktrace/socktrace/decode/internal/anomaly"
	"github.com/socktrace/socktrace/decode/internal/body"
	"github.com/socktrace/socktrace/decode/internal/window"
	"github.com/socktrace/socktrace/wire"
)

// Conn decodes one connection. It is a wire.Tap; its methods must not be
// called concurrently.
type Conn struct {
	conn    *wire.Conn
	o       Options
	emit    func(wire.Event)
	env     body.Env
	windows [2]window.Window // by direction
	proto   protocol         // what the connection speaks
	inside  []wire.Tap       // the connections inside, which have not ended
	plain   *Conn            // what is inside of TLS, of the same connection; nil: nothing
	again   func() *Conn     // makes that
	bytes   [2]int64
	// ahead, if it is not nil, sees what comes before anything else does, and keeps it if it
	// returns true; over says that nothing does any more.
	ahead   func(c wire.Chunk, over bool) bool
	charged int  // for the windows
	opened  bool // Open was sent
	within  bool // it is the plain of another
	telling bool // emit runs
	broken  bool // a decoder panicked: only Close is still sent
}

// protocol decodes what is in the windows of both directions.
type protocol interface {
	// Step lets a direction do one thing, and reports whether it did.
	Step(dir wire.Dir) bool
	// Lost says that n bytes of a direction were not captured; n is negative if
	// their number is not known.
	Lost(dir wire.Dir, t time.Time, n int64)
	// Spent says that there is no memory for what the window of a direction holds:
	// as much of it as can be is left out, or told as raw bytes.
	Spent(dir wire.Dir)
	// Silence says that a direction has not ended in order.
	Silence(dir wire.Dir)
	// End ends what is left, when no step is possible any more.
	End()
}

// passing is a protocol that knows of bytes which it need not see.
type passing interface {
	protocol
	// Passes returns how many of the next bytes of a direction it need not see; its
	// window is empty.
	Passes(dir wire.Dir) int64
	// Passed says that n bytes of a direction, no more than Passes returns, went by at
	// time t.
	Passed(dir wire.Dir, t time.Time, n int64)
}

var _ wire.Tap = (*Conn)(nil)

// Open sends the Open event, if it was not sent. The first chunk and the end do
// so too; who wants to see a connection that says nothing calls it at once.
func (d *Conn) Open() {
	if !d.opened {
		d.opened = true
		d.emit(&wire.Open{Meta: wire.Meta{Conn: d.conn, Start: d.conn.Start, End: d.conn.Start}})
	}
}

// Chunk decodes what one read saw. It keeps nothing of c.Data.
func (d *Conn) Chunk(c wire.Chunk) {
	d.Open()
	if d.ahead != nil && d.ahead(c, false) {
		return
	}
	d.env.Now = c.Time
	d.bytes[c.Dir] += int64(len(c.Data) + c.Passed)
	if d.broken {
		return
	}
	defer d.rescue()
	if c.Passed > 0 {
		d.passed(c)
	}
	w := &d.windows[c.Dir]
	if c.Lost != 0 {
		d.drive(c.Dir)
		d.proto.Lost(c.Dir, c.Time, int64(c.Lost))
		if d.ahead != nil { // it remembers that
			d.bytes[c.Dir] -= int64(len(c.Data))
			if c.Lost = 0; (len(c.Data) > 0 || c.EOF) && !d.ahead(c, false) {
				d.Chunk(c)
			}
			return
		}
		d.drive(c.Dir)
	}
	if len(c.Data) > 0 && !w.Ended() {
		w.Push(c.Time, c.Data)
		d.drive(c.Dir)
		w.Keep()
	}
	if c.EOF && !w.Ended() {
		w.Note(c.Time)
		w.End()
		d.env.HangUp(c.Dir)
		d.drive(c.Dir)
	}
	d.windows[c.Dir.Other()].Keep()
	d.settle()
}

// passed notes the bytes that went by without being shown.
func (d *Conn) passed(c wire.Chunk) {
	if p, ok := d.proto.(passing); ok {
		p.Passed(c.Dir, c.Time, int64(c.Passed))
		d.drive(c.Dir)
	}
}

// Bytes returns how much the connection has carried so far, by direction, as its Close says it:
// where TLS is decrypted, what was in that. It is for who calls Chunk.
func (d *Conn) Bytes() [2]int64 {
	if d.plain != nil {
		return d.plain.bytes
	}
	return d.bytes
}

// smallRoom is how much a window may hold whatever else is held: the rest of a
// line, the beginning of a usual head.
const smallRoom = 2 << 10

// settle charges what the windows hold between reads. A direction for which there
// is no memory lets go of what it can.
func (d *Conn) settle() {
	if d.charge() {
		return
	}
	for _, dir := range []wire.Dir{wire.ToServer, wire.ToClient} {
		if w := &d.windows[dir]; w.Len() > smallRoom && !d.charge() {
			d.proto.Spent(dir)
			d.drive(dir)
			d.windows[0].Keep()
			d.windows[1].Keep()
		}
	}
	if !d.charge() {
		d.env.Account.Force(d.room() - d.charged)
		d.charged = d.room()
	}
}

// room returns how much memory the windows need.
func (d *Conn) room() int { return d.windows[0].Room() + d.windows[1].Room() }

// charge charges that, if there is as much.
func (d *Conn) charge() bool {
	switch n := d.room() - d.charged; {
	case n > 0:
		if !d.env.Account.Charge(n) {
			return false
		}
		d.charged += n
	case n < 0:
		d.env.Account.Refund(-n)
		d.charged += n
	}
	return true
}

// drive lets both directions do what they can. The one that waited for dir goes
// first: the rule that makes the order of events independent of how the bytes
// were cut.
func (d *Conn) drive(dir wire.Dir) {
	for d.proto.Step(dir.Other()) || d.proto.Step(dir) {
	}
}

// End sends what is left: unfinished exchanges, and Close.
func (d *Conn) End(t time.Time, err error) {
	d.Open()
	d.finish(t, err)
	c := &wire.Close{Meta: wire.Meta{Conn: d.conn, Start: t, End: t}, Bytes: d.Bytes(), Stopped: d.env.Stopped}
	if err != nil {
		c.Err = err.Error()
	}
	d.emit(c)
}

// finish sends what is left, but for Close.
func (d *Conn) finish(t time.Time, err error) {
	if d.ahead != nil {
		d.ahead(wire.Chunk{}, true)
	}
	d.env.Now = t
	d.env.Ending, d.env.Err, d.env.Stopped = true, err, errors.Is(err, wire.ErrStopped)
	if peer := (*wire.PeerError)(nil); errors.As(err, &peer) && peer.Dir == wire.ToServer {
		d.env.HangUp(wire.ToServer)
	}
	if !d.broken {
		d.flush()
	}
	d.env.Account.Close()
	for _, c := range slices.Clone(d.inside) {
		c.End(t, err)
	}
}

// flush ends both directions, so that every byte and every exchange is told.
func (d *Conn) flush() {
	defer d.rescue()
	for i := range d.windows {
		dir, w := wire.Dir(i), &d.windows[i]
		if !w.Ended() {
			w.End()
			d.proto.Silence(dir)
		}
		d.drive(dir)
	}
	d.proto.End()
}

// tell sends an event.
func (d *Conn) tell(ev wire.Event) {
	d.telling = true
	d.emit(ev)
	d.telling = false
}

// rescue turns a panic of a decoder into an anomaly: this connection is not
// decoded any more, its traffic and all others go on. A panic of whoever gets
// the events is theirs.
func (d *Conn) rescue() {
	r := recover()
	if r == nil {
		return
	}
	d.broken = true
	d.env.Account.Close()
	if d.telling {
		panic(r)
	}
	d.tell(&wire.Anomaly{
		Meta:   wire.Meta{Conn: d.conn, Start: d.env.Now, End: d.env.Now},
		Code:   anomaly.Panic,
		Detail: fmt.Sprint(r),
	})
}
