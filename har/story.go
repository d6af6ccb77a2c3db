package har

import (
	"slices"
	"strconv"
	"time"

	"github.com/socktrace/socktrace/internal/media"
	"github.com/socktrace/socktrace/wire"
)

// file is what a reader knows of the file so far: its connections, and the
// exchanges whose last part has not come.
type file struct {
	emit  func(wire.Event)
	conns map[string]*link // by how the file names them
	ids   map[int]bool     // of wire.Conn, in use
	order []*link
}

// link is a connection in the file.
type link struct {
	conn   *wire.Conn
	held   map[int]*progress // exchanges of which a part was read
	begun  int               // exchanges of a file that does not number them
	bytes  [2]int64          // carried, as far as known
	inside                   // of another
	last   time.Time
	close  *closeNote
}

// progress is what was told of an exchange.
type progress struct {
	request, response, upgrade bool
	interim                    int
	bodies                     [2]bool
	messages                   [2]bool  // of a body, were told one by one
	last                       *telling // of the last part
}

// telling is what one entry tells.
type telling struct {
	x        *wire.Exchange
	messages []*wire.Message
	eofs     []*wire.EOF
}

func newFile(emit func(wire.Event)) *file {
	return &file{emit: emit, conns: make(map[string]*link), ids: make(map[int]bool)}
}

// entry tells one entry.
func (f *file) entry(e *Entry) {
	t := readTrace(e)
	if t != nil && t.Dropped != nil {
		f.emit(t.Dropped.event(t.base))
		return
	}
	l := f.link(e, t)
	if t == nil {
		t := foreign(e, l)
		f.tell(l, t, new(progress), true)
		return
	}
	tell := restore(e, t, l.conn)
	if t.Close != nil {
		l.close = t.Close
		l.last = later(l.last, t.base.Add(time.Duration(t.Close.At)))
	}
	n := tell.x.Exchange
	p := l.held[n]
	if t.Part > 0 && tell.x.State == wire.StateOpen {
		if p == nil {
			p = new(progress)
		}
		if l.held == nil {
			l.held = make(map[int]*progress)
		}
		l.held[n] = p
		f.tell(l, tell, p, false)
		tell.messages = nil
		p.last = tell
		return
	}
	if p == nil {
		p = new(progress)
	}
	delete(l.held, n)
	f.tell(l, tell, p, true)
}

// link returns the connection that e was on. Its Open event is sent with the
// first entry.
func (f *file) link(e *Entry, t *trace) *link {
	name := e.Connection
	if name == "" {
		name = string(e.Extra["connection"]) // a number: not to the letter, but seen
	}
	if name == "" {
		name = e.Pageref
	}
	if l := f.conns[name]; l != nil {
		return l
	}
	id, _ := strconv.Atoi(name)
	if t != nil {
		return f.open(name, f.connection(id, &t.connNote))
	}
	return f.open(name, &wire.Conn{ID: f.freeID(id, false), Start: startOf(e), Server: wire.Peer{Addr: foreignServer(e)}})
}

// open begins the connection that the file calls name.
func (f *file) open(name string, c *wire.Conn) *link {
	l := &link{conn: c, inside: f.insideOf(c)}
	f.conns[name] = l
	f.order = append(f.order, l)
	f.emit(&wire.Open{Meta: wire.Meta{Conn: c, Start: c.Start, End: c.Start}})
	return l
}

// freeID returns the number of a connection: the one that the file gives it, or
// else one that no other has.
func (f *file) freeID(id int, given bool) int {
	if !given || id <= 0 || f.ids[id] {
		for id = len(f.order) + 1; f.ids[id]; {
			id++
		}
	}
	f.ids[id] = true
	return id
}

// end tells what the file left open, and the end of all connections.
func (f *file) end() {
	slices.SortStableFunc(f.order, byEnd)
	for _, l := range f.order {
		numbers := make([]int, 0, len(l.held))
		for n := range l.held {
			numbers = append(numbers, n)
		}
		slices.Sort(numbers)
		for _, n := range numbers {
			p := l.held[n]
			f.tell(l, p.last, p, true)
		}
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
	at time.Time
	ev wire.Event
}

// script puts the events of an entry in order: that of their times, and at one
// time that in which they are added. Within a direction no event comes before
// an earlier one, whatever the times say.
type script struct {
	steps []step
	least [2]time.Time
}

func (s *script) add(ev wire.Event) {
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
	s.steps = append(s.steps, step{at, ev})
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
		l.count(st.ev)
		f.emit(st.ev)
	}
	if final && x.Exchange > 0 {
		l.last = later(l.last, x.End)
		f.emit(&wire.End{Meta: x.Meta, State: x.State, Upgrade: x.Upgrade, Streams: &x.Streams, Masked: x.Masked})
	}
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
	if !p.messages[b.Dir&1] {
		documents(b, t, func(m *wire.Message) { s.add(m) })
	} else if b.Content == wire.KindJSON {
		s.lead(b)
	}
	s.add(b)
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
	s.steps = slices.Insert(s.steps, i, step{s.steps[i].at, m})
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
