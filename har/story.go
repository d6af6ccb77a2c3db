package har

import (
	"slices"
	"time"

	"github.com/socktrace/socktrace/wire"
)

// file is what a reader knows of the file so far: its connections, and the
// exchanges whose last part has not come. What is known of too many is ended.
type file struct {
	reel
	fixes  *repairs
	links  links
	before time.Time // when the last entry began
	held   int       // bytes of what was told of exchanges that are held
	count  int       // entries
	byTime bool      // all is told in the order of time
	lasts  lasts     // of the processes, at the end of a file that is told so
}

// progress is what was told of an exchange.
type progress struct {
	request, response, upgrade bool
	interim                    int
	bodies                     [2]bool
	messages                   [2]bool   // of a body, were told one by one
	began, at                  time.Time // of its first and its last event
	bytes                      [2]int64  // that its connection has carried by then
	last                       *telling  // of the last part
	size                       int       // of that, in bytes
}

// telling is what one entry tells.
type telling struct {
	x        *wire.Exchange
	messages []*wire.Message
	counts   *[2]int64 // of all messages; nil if it does not tell
	eofs     []*wire.EOF
	about    *wire.About // nil if nothing is known
}

func newFile(emit func(wire.Event), fixes *repairs, byTime bool) *file {
	return &file{reel: reel{emit: emit, runs: byTime}, byTime: byTime, fixes: fixes, links: newLinks()}
}

// entry tells one entry; half says that its end is missing.
func (f *file) entry(e *Entry, half bool) {
	f.count++
	start := f.startOf(e)
	t := f.readTrace(e, start)
	if t != nil && t.Dropped != nil {
		f.add(0, step{at: t.base, ev: t.Dropped.event(t.base)})
		return
	}
	l := f.link(e, t, start)
	f.runs = f.runs || t != nil && t.Request != nil && t.Request.Stream > 0
	if t == nil {
		f.tell(l, foreign(e, l, start, half, f.fixes), new(progress), true)
		return
	}
	tell := restore(e, t, l.conn, f.fixes)
	if t.Close != nil {
		l.close = t.Close
		l.last = later(l.last, t.base.Add(time.Duration(t.Close.At)))
	}
	n := tell.x.Exchange
	p := l.held[n]
	if p == nil {
		p = new(progress)
	}
	if t.Part > 0 && tell.x.State == wire.StateOpen {
		f.tell(l, tell, p, false)
		f.hold(l, n, p, tell)
		return
	}
	f.release(l, n, p)
	f.tell(l, tell, p, true)
}

// end tells what the file left open, and the end of all connections.
func (f *file) end() {
	if f.byTime {
		f.lasts = lastsOf(f.links.order)
	}
	f.close(f.links.order)
	f.rest()
}

// close ends connections, and what is held of them.
func (f *file) close(all []*link) {
	slices.SortStableFunc(all, byEnd)
	for _, l := range all {
		f.finish(l)
		f.closed(l)
	}
}

func (f *file) closed(l *link) {
	at := later(l.last, l.conn.Start)
	ev := &wire.Close{Meta: wire.Meta{Conn: l.conn, Start: at, End: at}, Bytes: l.bytes}
	if c := l.close; c != nil {
		ev.Bytes = [2]int64{c.ToServer, c.ToClient}
		ev.Err, ev.Stopped = c.Error, c.Error == wire.ErrStopped.Error()
	}
	f.add(l.depth, step{at: later(later(at, l.told), f.lasts.of(l)), ev: ev})
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// tell sends what t tells of an exchange and was not told before, and its end if
// this is the last of it.
func (f *file) tell(l *link, t *telling, p *progress, final bool) {
	x := t.x
	s := script{}
	if f.runs {
		at := later(l.opened, p.at)
		s.least = [2]time.Time{at, at}
	}
	if x.Request != nil && !p.request {
		p.request = true
		s.add(x.Request)
	}
	early, late := splitMessages(t.messages, x)
	s.messages(early)
	p.messages[wire.ToServer] = p.messages[wire.ToServer] || len(early) > 0
	s.body(x.RequestBody, p, bodyType(x, wire.ToServer))
	for ; p.interim < len(x.Interim); p.interim++ {
		s.add(x.Interim[p.interim])
	}
	if x.Response != nil && !p.response {
		p.response = true
		s.add(x.Response)
	}
	if x.Upgrade != nil && !p.upgrade {
		p.upgrade = true
		s.add(x.Upgrade)
	}
	s.messages(late)
	for _, m := range late {
		if m.Dir == wire.ToClient || x.Upgrade == nil {
			p.messages[m.Dir&1] = true
		}
	}
	if final {
		for _, a := range x.Anomalies {
			s.add(a)
		}
		for _, ev := range t.eofs {
			s.add(ev)
		}
	}
	if b := x.ResponseBody; b != nil && isStream(x) && len(b.Trailer) > 0 {
		s.least[wire.ToClient] = later(s.least[wire.ToClient], x.End) // they end the stream
	}
	s.body(x.ResponseBody, p, bodyType(x, wire.ToClient))
	slices.SortStableFunc(s.steps, func(a, b step) int { return a.at.Compare(b.at) })
	f.play(l, x, p, s.steps)
	if final && x.Exchange > 0 {
		l.last = later(l.last, x.End)
		streams := x.Streams
		p.at = later(p.at, x.End)
		l.told = later(l.told, p.at)
		f.add(l.depth, step{at: p.at, ev: &wire.End{Meta: x.Meta, State: x.State, Reset: x.Reset, Upgrade: x.Upgrade,
			Streams: &streams, Messages: t.counts, Masked: x.Masked, About: t.about}})
	}
}

// play tells steps of x, in their time.
func (f *file) play(l *link, x *wire.Exchange, p *progress, steps []step) {
	for _, st := range steps {
		if p.began.IsZero() {
			p.began = st.at
		}
		p.at = st.at
		l.told = later(l.told, p.at)
		l.count(x, p, st.ev)
		f.add(l.depth, st)
	}
}

// splitMessages returns the messages of the request's body, and all others. Places in
// a stream of HTTP/2 do not tell: there is more between its frames.
func splitMessages(all []*wire.Message, x *wire.Exchange) (early, late []*wire.Message) {
	b := x.RequestBody
	for _, m := range all {
		if b != nil && m.Dir == wire.ToServer && (isStream(x) || m.Off < b.Off+b.WireBytes) {
			early = append(early, m)
		} else {
			late = append(late, m)
		}
	}
	return early, late
}

// isStream reports whether x is a stream of HTTP/2 that has gone on as one.
func isStream(x *wire.Exchange) bool {
	return x.Request != nil && x.Request.Stream > 0 && x.Upgrade == nil
}
