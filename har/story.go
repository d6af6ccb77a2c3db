package har

import (
	"slices"
	"time"

	"github.com/socktrace/socktrace/internal/media"
	"github.com/socktrace/socktrace/wire"
)

// file is what a reader knows of the file so far: its connections, and the
// exchanges whose last part has not come. What is known of too many is ended.
type file struct {
	emit   func(wire.Event)
	fixes  *repairs
	links  links
	before time.Time // when the last entry began
	held   int       // bytes of what was told of exchanges that are held
	count  int       // entries
}

// progress is what was told of an exchange.
type progress struct {
	request, response, upgrade bool
	interim                    int
	bodies                     [2]bool
	messages                   [2]bool  // of a body, were told one by one
	last                       *telling // of the last part
	size                       int      // of that, in bytes
}

// telling is what one entry tells.
type telling struct {
	x        *wire.Exchange
	messages []*wire.Message
	counts   *[2]int64 // of all messages; nil if it does not tell
	eofs     []*wire.EOF
	about    *wire.About // nil if nothing is known
}

func newFile(emit func(wire.Event), fixes *repairs) *file {
	return &file{emit: emit, fixes: fixes, links: newLinks()}
}

// entry tells one entry; half says that its end is missing.
func (f *file) entry(e *Entry, half bool) {
	f.count++
	start := f.startOf(e)
	t := f.readTrace(e, start)
	if t != nil && t.Dropped != nil {
		f.emit(t.Dropped.event(t.base))
		return
	}
	l := f.link(e, t, start)
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
func (f *file) end() { f.close(f.links.order) }

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
	f.emit(ev)
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// step is an event, and when it is told.
type step struct {
	at        time.Time
	ev        wire.Event
	documents bool       // of the body that ev is are told before it
	typ       media.Type // of that
}

// script puts the events of an entry in order: that of their times, and at one
// time that in which they are added. Within a direction no event comes before
// an earlier one, whatever the times say.
type script struct {
	steps []step
	least [2]time.Time
}

func (s *script) add(ev wire.Event) { s.addWith(ev, false, media.Type{}) }

func (s *script) addWith(ev wire.Event, documents bool, t media.Type) {
	m := ev.EventMeta()
	d := m.Dir & 1
	at := later(m.End, s.least[d])
	switch ev.(type) {
	case *wire.Anomaly:
	case *wire.Request, *wire.Upgrade:
		// Nothing of the other direction comes before them either: what a
		// client sends early waits for the upgrade.
		s.least = [2]time.Time{later(at, s.least[0]), later(at, s.least[1])}
	default:
		s.least[d] = at
	}
	s.steps = append(s.steps, step{at, ev, documents, t})
}

// tell sends what t tells of an exchange and was not told before, and its end if
// this is the last of it.
func (f *file) tell(l *link, t *telling, p *progress, final bool) {
	x := t.x
	var s script
	if x.Request != nil && !p.request {
		p.request = true
		s.add(x.Request)
	}
	early, late := splitMessages(t.messages, x.RequestBody)
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
	s.body(x.ResponseBody, p, bodyType(x, wire.ToClient))
	slices.SortStableFunc(s.steps, func(a, b step) int { return a.at.Compare(b.at) })
	for _, st := range s.steps {
		if b, ok := st.ev.(*wire.Body); ok && st.documents {
			documents(b, st.typ, func(m *wire.Message) { f.event(l, m) }) // there may be many
		}
		f.event(l, st.ev)
	}
	if final && x.Exchange > 0 {
		l.last = later(l.last, x.End)
		f.emit(&wire.End{Meta: x.Meta, State: x.State, Reset: x.Reset, Upgrade: x.Upgrade, Streams: &x.Streams, Messages: t.counts, Masked: x.Masked, About: t.about})
	}
}

func (f *file) event(l *link, ev wire.Event) {
	l.count(ev)
	f.emit(ev)
}

// splitMessages returns the messages of the request's body, and all others.
func splitMessages(all []*wire.Message, b *wire.Body) (early, late []*wire.Message) {
	for _, m := range all {
		if b != nil && m.Dir == wire.ToServer && m.Off < b.Off+b.WireBytes {
			early = append(early, m)
		} else {
			late = append(late, m)
		}
	}
	return early, late
}

func (s *script) messages(all []*wire.Message) {
	for _, m := range all {
		s.add(m)
	}
}

// body adds b, whose type is t, and before it the messages that the file does not
// tell because they are in it.
func (s *script) body(b *wire.Body, p *progress, t media.Type) {
	if b == nil || p.bodies[b.Dir&1] {
		return
	}
	p.bodies[b.Dir&1] = true
	if p.messages[b.Dir&1] && b.Content == wire.KindJSON {
		s.lead(b)
	}
	s.addWith(b, !p.messages[b.Dir&1], t)
}

// lead adds the text before the JSON of b, if there is any, to the messages of b,
// which have been added.
func (s *script) lead(b *wire.Body) {
	n := leadSize(b.Data)
	i := slices.IndexFunc(s.steps, func(st step) bool {
		m, ok := st.ev.(*wire.Message)
		return ok && m.Dir == b.Dir
	})
	if n == 0 || i < 0 {
		return
	}
	m := part(b, 0, b.Data[:n], wire.KindText)
	m.End = m.Start
	s.steps = slices.Insert(s.steps, i, step{at: s.steps[i].at, ev: m})
}

// count adds the bytes of ev to those that the connection carried: they are
// known by their place.
func (l *link) count(ev wire.Event) {
	m := ev.EventMeta()
	n := int64(0)
	switch ev := ev.(type) {
	case *wire.Request:
		n = ev.HeadBytes
	case *wire.Response:
		n = ev.HeadBytes
	case *wire.Body:
		n = ev.WireBytes
	case *wire.Message:
		n = ev.Size
	}
	l.carried(m.Dir&1, m.Off+n, m.End)
}

// carried notes that all up to end, an offset, was carried at a moment.
func (l *link) carried(dir wire.Dir, end int64, at time.Time) {
	l.bytes[dir] = max(l.bytes[dir], end)
	l.last = later(l.last, at)
	if l.carrier != nil {
		l.carrier.carried(dir, l.from[dir]+end, at)
	}
}
