package flow

import "github.com/socktrace/socktrace/wire"

// maxListed bounds how many anomalies and 1xx responses are listed of an
// exchange: a peer may send them without end.
const maxListed = 64

// record is what the book has of an exchange. Its lists are only ever appended
// to, or replaced: a copy of x stays as it is.
type record struct {
	x    wire.Exchange
	last [2]unit // of each direction
	ledger
	sieve *sieve // what the filter has of it; nil: nothing yet
}

// unit says which unit of a stream a message is, or is a piece of. The zero value
// is none.
type unit struct {
	number int // the message's index, from 1
	off    int64
	kind   wire.Kind
}

// begin makes r, which is empty, the record of the exchange that m belongs to.
func (r *record) begin(m *wire.Meta) {
	r.x.Meta = wire.Meta{Conn: m.Conn, Exchange: m.Exchange, Dir: wire.ToServer, Start: m.Start, End: m.End}
	r.x.State = wire.StateOpen
}

// see notes what ev tells of the exchange.
func (r *record) see(ev wire.Event) {
	x := &r.x
	if end := ev.EventMeta().End; end.After(x.End) {
		x.End = end
	}
	switch ev := r.afford(x, ev).(type) {
	case *wire.Request:
		x.Request, x.Off, x.Start = ev, ev.Off, ev.Start
		r.mask(ev.Masked)
	case *wire.Response:
		r.response(ev)
	case *wire.Message:
		r.message(ev)
	case *wire.Body:
		if ev.Dir == wire.ToServer {
			x.RequestBody = ev
		} else {
			x.ResponseBody = ev
		}
		r.mask(ev.Masked)
	case *wire.Upgrade:
		x.Upgrade = ev
	case *wire.Anomaly:
		if len(x.Anomalies) < maxListed {
			x.Anomalies = append(x.Anomalies, ev)
		}
	}
}

// response notes a response: an interim one is listed, the other is the answer.
func (r *record) response(ev *wire.Response) {
	x := &r.x
	switch {
	case !ev.Interim:
		x.Response, x.FirstByte = ev, ev.Start
	case len(x.Interim) < maxListed:
		x.Interim = append(x.Interim, ev)
	}
	r.mask(ev.Masked)
}

// message counts a message. Of a unit that comes in pieces, which follow one
// another in their direction, the first counts; and one that tells a JSON value
// otherwise does not.
func (r *record) message(ev *wire.Message) {
	x, d := &r.x, ev.Dir&1
	r.mask(ev.Masked)
	if last := r.last[d]; ev.Kind == wire.KindGRPC && last.kind == wire.KindJSON && last.number == ev.Index+1 {
		return
	}
	x.Messages[d]++
	u := unit{ev.Index + 1, ev.Off, ev.Kind}
	if ev.Kind < wire.KindCount && ev.Kind != wire.KindJSON && ev.Kind != wire.KindText {
		s := &x.Streams[ev.Kind]
		s.Bytes += ev.Size - ev.Missing
		if u != r.last[d] {
			s.Frames++
		}
	}
	r.last[d] = u
}

// end completes the exchange.
func (r *record) end(ev *wire.End) {
	x := &r.x
	x.Meta, x.State, x.Reset = ev.Meta, ev.State, ev.Reset
	if ev.Upgrade != nil {
		x.Upgrade = ev.Upgrade
	}
	if b := ev.Bodies[wire.ToServer]; b != nil {
		x.RequestBody = b
	}
	if b := ev.Bodies[wire.ToClient]; b != nil {
		x.ResponseBody = b
	}
	if ev.Streams != nil {
		x.Streams = *ev.Streams
	}
	if ev.Messages != nil {
		x.Messages = *ev.Messages
	}
	x.Outcome.Left = ev.Left
	r.mask(ev.Masked)
}

// recall gives the exchange what a recording tells of it: that has the last word.
func (r *record) recall(ev *wire.End) {
	if a := ev.About; a != nil {
		r.x.Subject, r.x.Details, r.x.Outcome = a.Subject, a.Details, a.Outcome
	}
}

// mask notes what was masked in a part.
func (r *record) mask(names []string) {
	if len(names) == 0 {
		return
	}
	all := withNames(r.x.Masked, names)
	if more := nameRoom(all) - nameRoom(r.x.Masked); r.take(more) {
		r.x.Masked = all
	} else {
		r.lacks(&r.x, &r.x, more)
	}
}
