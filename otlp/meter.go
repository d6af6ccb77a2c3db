package otlp

import (
	"cmp"
	"iter"
	"slices"
	"sync"
	"time"

	"github.com/socktrace/socktrace/wire"
)

// maxSeries bounds how many kinds of requests are told apart. Operations and status codes
// are few; what is over it is one kind.
const maxSeries = 2000

// Meter counts exchanges, by operation and status, and connections, by any of its methods at
// once. Connections inside of others are not counted apart.
type Meter struct {
	start time.Time
	send  func(metric []byte) // nil: nothing is sent
	lost  func() int64

	mu     sync.Mutex
	known  map[kind]*durations
	open   map[*wire.Conn]bool // whether by TLS
	asked  map[place]asked     // requests that are open
	active map[asked]int64     // how many of them; also none, of kinds that were
	live   map[*wire.Conn]*counter
	conns  int64
	bytes  [2]int64  // of those that have closed
	sent   time.Time // when
}

// sendEvery is how often metrics are sent.
const sendEvery = 10 * time.Second

// NewMeter returns one that has begun. send, if not nil, is given metrics now and then, and
// at the end; lost says how much of what was to be exported was not.
func NewMeter(start time.Time, send func([]byte), lost func() int64) *Meter {
	return &Meter{start: start, send: send, lost: lost, known: make(map[kind]*durations), open: make(map[*wire.Conn]bool), asked: make(map[place]asked), active: make(map[asked]int64), live: make(map[*wire.Conn]*counter)}
}

var _ wire.Ticker = (*Meter)(nil)

// Needs is what start lines say.
func (m *Meter) Needs() wire.Needs { return wire.Needs{Lines: true, Concurrent: true} }

// Tap returns a tap in front of next, which may be next itself: after each of its calls, count
// says how many bytes the connection has carried, by direction. Where there is none, they count
// when the connection closes.
func (m *Meter) Tap(c *wire.Conn, next wire.Tap, count func() [2]int64) wire.Tap {
	m.mu.Lock()
	defer m.mu.Unlock()
	if c.Parent.Conn != nil || len(m.live) >= maxOpenConns {
		return next
	}
	t := &counter{Tap: next, conn: c, count: count, ended: m.ended}
	m.live[c] = t
	return t
}

// Event counts.
func (m *Meter) Event(ev wire.Event, _ *wire.Exchange) error {
	c := ev.EventMeta().Conn
	carried := c != nil && c.Parent.Conn != nil
	switch ev := ev.(type) {
	case *wire.Open:
		if !carried {
			m.opened(c)
		}
	case *wire.Close:
		if !carried {
			m.closed(ev)
		}
	case *wire.TLS:
		m.secures(c)
	case *wire.Request:
		m.asks(ev)
	case *wire.Exchange:
		m.exchange(ev)
	}
	return nil
}

// maxOpenConns bounds the connections that are known to be open.
const maxOpenConns = 1 << 16

func (m *Meter) opened(c *wire.Conn) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.conns++
	if len(m.open) < maxOpenConns {
		m.open[c] = false
	}
}

// secures notes that a connection is by TLS.
func (m *Meter) secures(c *wire.Conn) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, known := m.open[c]; known {
		m.open[c] = true
	}
}

// scheme returns that of what is asked on a connection, or inside one.
func (m *Meter) scheme(c *wire.Conn) string {
	for ; c != nil; c = c.Parent.Conn {
		if m.open[c] {
			return "https"
		}
	}
	return "http"
}

// place is an exchange.
type place struct {
	conn     *wire.Conn
	exchange int
}

// maxAsked bounds the requests that are known to be open.
const maxAsked = 1 << 16

func (m *Meter) asks(q *wire.Request) {
	m.mu.Lock()
	defer m.mu.Unlock()
	at := place{q.Conn, q.Exchange}
	if _, twice := m.asked[at]; !twice && len(m.asked) < maxAsked {
		a := asked{knownMethod(q.Method), m.scheme(q.Conn)}
		m.asked[at] = a
		m.active[a]++
	}
}

func (m *Meter) closed(ev *wire.Close) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.open, ev.Conn)
	t := m.live[ev.Conn]
	delete(m.live, ev.Conn)
	for dir, n := range ev.Bytes {
		if t != nil {
			n = max(n, t.bytes[dir].Load())
		}
		m.bytes[dir] += n
	}
}

// ended counts a connection that has not closed before.
func (m *Meter) ended(t *counter) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.live[t.conn] != t {
		return
	}
	delete(m.live, t.conn)
	for dir := range t.bytes {
		m.bytes[dir] += t.bytes[dir].Load()
	}
}

// exchange counts one that has ended.
func (m *Meter) exchange(x *wire.Exchange) {
	took := max(x.End.Sub(x.Start).Seconds(), 0)
	m.mu.Lock()
	defer m.mu.Unlock()
	if a, open := m.asked[place{x.Conn, x.Exchange}]; open {
		delete(m.asked, place{x.Conn, x.Exchange})
		m.active[a]--
	}
	k := kindOf(x, m.scheme(x.Conn))
	d := m.known[k]
	if d == nil {
		if len(m.known) >= maxSeries {
			k = kind{other: true}
			d = m.known[k]
		}
		if d == nil {
			d = &durations{kind: k}
			m.known[k] = d
		}
	}
	d.count++
	d.sum += took
	i, _ := slices.BinarySearch(bounds[:], took) // a bound is in its bucket
	d.buckets[i]++
}

// figures returns what was counted so far.
func (m *Meter) figures() figures {
	var lost int64
	if m.lost != nil {
		lost = m.lost()
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	f := figures{open: int64(len(m.open)), conns: m.conns, bytes: m.bytes, lost: lost}
	for _, t := range m.live {
		for dir := range t.bytes {
			f.bytes[dir] += t.bytes[dir].Load()
		}
	}
	for a, n := range m.active {
		f.active = append(f.active, activity{a, n})
	}
	slices.SortFunc(f.active, func(a, b activity) int {
		return cmp.Or(cmp.Compare(a.method, b.method), cmp.Compare(a.scheme, b.scheme))
	})
	for _, d := range m.known {
		c := *d
		f.kinds = append(f.kinds, &c)
	}
	slices.SortFunc(f.kinds, func(a, b *durations) int {
		return cmp.Or(cmp.Compare(a.route, b.route), cmp.Compare(a.method, b.method), cmp.Compare(a.scheme, b.scheme), cmp.Compare(a.status, b.status), cmp.Compare(a.failure, b.failure))
	})
	return f
}

// Tick sends what was counted, now and then.
func (m *Meter) Tick(_ time.Time, _ iter.Seq[*wire.Exchange]) error {
	now := time.Now()
	m.mu.Lock()
	due := m.send != nil && now.Sub(m.sent) >= sendEvery
	if due {
		m.sent = now
	}
	m.mu.Unlock()
	if due {
		m.Send(now)
	}
	return nil
}

// Send sends what was counted by now, if it is sent at all.
func (m *Meter) Send(now time.Time) {
	if m.send == nil {
		return
	}
	for _, metric := range metrics(m.figures(), m.start, now) {
		m.send(metric)
	}
}

// Close does nothing: the last figures are sent by whoever closes the Exporter.
func (m *Meter) Close() error { return nil }
