package jsonl

import (
	"encoding/json"
	"math"
	"time"

	"github.com/socktrace/socktrace/wire"
)

// ends tells what of an exchange was not told before, and its end.
func (s *conns) ends(n *note) {
	at := n.end
	if !n.start.IsZero() {
		at = n.start
	}
	c := s.open[n.Conn]
	if c == nil || c.ended(n.Exchange) { // what ends again is one of another trace
		c = s.begin(n.Conn, at)
		c.wire.Client = n.Client.peer()
		s.opened(c)
	}
	x := c.exchange(n.Exchange)
	known := x != nil
	if !known {
		x = new(exchange)
	}
	end := &wire.End{State: stateNamed(n.State), Streams: n.streams(), Messages: n.Messages(), Masked: n.Masked, About: n.About()}
	end.Meta = x.meta(wire.Meta{Conn: c.wire, Exchange: n.Exchange, Start: n.start, End: n.end})
	end.Start = n.start
	if r := n.Reset; r != nil {
		end.Reset = &wire.Reset{Dir: dirNamed(r.Dir), Code: r.Code}
	}
	r := rest{n: n, x: x, end: end, tell: func(ev wire.Event) { s.tell(c, ev) }}
	if known {
		r.parts(at)
	}
	s.tell(c, end)
	delete(c.open, n.Exchange)
}

func stateNamed(s string) wire.State {
	for st := wire.StateDone; st <= wire.StatePartial; st++ {
		if st.String() == s {
			return st
		}
	}
	return wire.StatePartial
}

// streams returns what went through each stream, by kind.
func (n *note) streams() *[wire.KindCount]wire.StreamStat {
	var stats [wire.KindCount]wire.StreamStat
	for k := range stats {
		stats[k] = wire.StreamStat(n.Streams[wire.Kind(k).String()])
	}
	return &stats
}

// rest is what the line of an exchange tells beside what was told of it before.
type rest struct {
	n    *note
	x    *exchange
	end  *wire.End
	tell func(wire.Event)
}

// parts tells what was not told. Where it was is not known, and when, as far as
// the times of the exchange say.
func (r *rest) parts(start time.Time) {
	m := wire.Meta{Conn: r.end.Conn, Exchange: r.end.Exchange, Start: start, End: start}
	if q := r.n.Request; q != nil {
		if r.x.request == nil && !q.headless() {
			r.x.request = r.n.request(m, &q.headNote)
			r.tell(r.x.request)
		}
		r.body(&q.bodyNote, m)
	}
	m.Dir = wire.ToClient
	if ms := r.n.FirstByte; ms != nil && math.Abs(*ms) < maxMillis {
		m.Start = start.Add(time.Duration(math.Round(*ms * 1e6)))
		m.End = m.Start
	}
	r.interim(m)
	if p := r.n.Response; p != nil && r.x.response == nil && !p.headless() {
		r.x.response = r.n.response(m, &headNote{Status: r.n.Status, Reason: r.n.Reason}, &p.headNote)
		r.tell(r.x.response)
	}
	r.upgrade(m)
	m.End = r.end.End
	if p := r.n.Response; p != nil {
		r.body(&p.bodyNote, m)
	}
	m.Start = m.End
	for ; r.x.anomalies < len(r.n.Anomalies); r.x.anomalies++ {
		a := &r.n.Anomalies[r.x.anomalies]
		m.Dir, m.Off = dirNamed(a.Dir), max(a.Offset, 0)&maxCount
		r.tell(&wire.Anomaly{Meta: m, Code: a.Code, Detail: a.Detail, Lost: a.Lost})
	}
}

// maxMillis is how long an exchange may take, as far as durations go.
const maxMillis = math.MaxInt64 / 1e6

// body tells a body, or only what it holds if that is all that is new.
func (r *rest) body(b *bodyNote, m wire.Meta) {
	if b.WireBytes == nil {
		return
	}
	told := r.x.bodies[m.Dir]
	if told == nil {
		r.x.bodies[m.Dir] = b.body(r.n, m, r.x.lines())
		r.tell(r.x.bodies[m.Dir])
		return
	}
	if data := b.data(); len(data) > len(told.Data) {
		whole := *told
		whole.Data = data
		r.end.Bodies[m.Dir] = &whole
	}
}

// interim tells the 1xx responses.
func (r *rest) interim(m wire.Meta) {
	var all []headNote
	if json.Unmarshal(r.n.Interim, &all) != nil {
		return
	}
	for ; r.x.interim < len(all); r.x.interim++ {
		h := &all[r.x.interim]
		p := r.n.response(m, h, h)
		p.Interim = true
		r.tell(p)
	}
}

// upgrade tells what followed, or what became known of it since.
func (r *rest) upgrade(m wire.Meta) {
	n := r.n
	if n.Upgrade == nil {
		return
	}
	content, _ := wire.KindNamed(n.UpgradeContent)
	switch u := r.x.upgrade; {
	case u == nil:
		r.x.upgrade = &wire.Upgrade{Meta: m, Protocol: *n.Upgrade, Content: content, Reason: n.UpgradeReason}
		r.tell(r.x.upgrade)
	case u.Content != content || u.Reason != n.UpgradeReason:
		later := *u
		later.Content, later.Reason = content, n.UpgradeReason
		r.end.Upgrade = &later
	}
}
