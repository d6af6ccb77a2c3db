package har

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/socktrace/socktrace/wire"
)

// conn is what a Writer knows of one connection.
type conn struct {
	mu      sync.Mutex // held by events of the connection, and by the refresher
	wire    *wire.Conn
	open    []*exchange // begun and not ended, oldest first
	spare   *sync.Pool  // of *exchange, to be used again
	begun   int         // highest number of an exchange
	outside exchange    // raw bytes and anomalies outside of exchanges

	// What is the same in all its entries.
	page  string // id
	place []byte // members of the entry
	peers []byte // members of _socktrace
}

// exchange is what is known of an exchange until it ends. Its events may be
// kept.
type exchange struct {
	n         int
	request   *wire.Request
	response  *wire.Response
	interim   []*wire.Response
	bodies    [2]*wire.Body
	upgrade   *wire.Upgrade
	anomalies []*wire.Anomaly
	eofs      []*wire.EOF
	messages  messages
	first     time.Time // when the first byte was seen
	last      time.Time // and the last
	parts     int       // entries that are in the file
	ticks     int       // how often the refresher has seen it
	changed   bool      // since it has

	provisional []byte // its entry in the tail of the file; guarded by Writer.mu
}

// maxListed bounds how many anomalies and 1xx responses are kept of an exchange
// that has not ended: a peer may send them without end.
const maxListed = 64

func newConn(c *wire.Conn, spare *sync.Pool) *conn {
	k := &conn{wire: c, spare: spare}
	var o object
	o.B = append(o.B, '{')
	if ip, port, ok := serverAddr(c.Server.Addr); ok {
		o.String("serverIPAddress", ip)
		o.Int("_serverPort", port)
	}
	id := strconv.Itoa(c.ID)
	o.String("connection", id)
	o.String("_connectionId", id)
	k.place = slices.Clone(o.B)
	k.place[0] = ','
	o.B = append(o.B[:0], '{')
	if !c.Start.IsZero() {
		o.moment("opened", c.Start, nanoTime)
	}
	o.peer("peer", c.Client)
	o.peer("server", c.Server)
	if k.peers = slices.Clone(o.B[1:]); len(k.peers) > 0 {
		k.peers = append([]byte{','}, k.peers...)
	}
	return k
}

// peer writes one end of a connection, if anything is known of it.
func (o *object) peer(key string, p wire.Peer) {
	if p == (wire.Peer{}) {
		return
	}
	o.Open(key, '{')
	o.Optional("addr", p.Addr)
	if p.Process != nil {
		o.Int("pid", int64(p.Process.PID))
		if p.Process.UID >= 0 {
			o.Int("uid", int64(p.Process.UID))
		}
		o.Optional("comm", p.Process.Name)
	}
	o.Close('}')
}

// serverAddr returns the address of a server on TCP, without a zone: HAR has no
// place for other servers.
func serverAddr(addr string) (ip string, port int64, ok bool) {
	host, found := strings.CutPrefix(addr, "tcp://")
	if !found {
		return "", 0, false
	}
	a, err := netip.ParseAddrPort(host)
	if err != nil {
		return "", 0, false
	}
	return a.Addr().Unmap().WithZone("").String(), int64(a.Port()), true
}

// exchange returns exchange n, which begins now if it is not open yet. 0 is
// what is outside of exchanges.
func (c *conn) exchange(n int) *exchange {
	if n == 0 {
		return &c.outside
	}
	if x := c.find(n); x != nil {
		return x
	}
	x := c.spare.Get().(*exchange)
	x.n = n
	c.begun = max(c.begun, n)
	c.open = append(c.open, x)
	return x
}

// subject returns what an event of exchange n tells of. What comes behind the
// end of an exchange does not begin it again.
func (c *conn) subject(n int) *exchange {
	if n > c.begun {
		return c.exchange(n)
	}
	if x := c.find(n); x != nil {
		return x
	}
	return &c.outside
}

// find returns the open exchange n, or nil. It is the last or among the first:
// they end in the order in which they began.
func (c *conn) find(n int) *exchange {
	if i := len(c.open) - 1; i >= 0 && c.open[i].n == n {
		return c.open[i]
	}
	for _, x := range c.open {
		if x.n == n {
			return x
		}
	}
	return nil
}

// end forgets x.
func (c *conn) end(x *exchange) {
	if i := slices.Index(c.open, x); i >= 0 {
		c.open = slices.Delete(c.open, i, i+1)
	}
	x.messages.reset()
	*x = exchange{messages: x.messages}
	c.spare.Put(x)
}

// see notes an event of x.
func (x *exchange) see(m *wire.Meta) {
	if x.first.IsZero() {
		x.first = m.Start
	}
	if m.End.After(x.last) {
		x.last = m.End
	}
	x.changed = true
}

// add notes what ev tells of x.
func (x *exchange) add(ev wire.Event) {
	x.see(ev.EventMeta())
	switch ev := ev.(type) {
	case *wire.Request:
		x.request = ev
	case *wire.Response:
		switch {
		case !ev.Interim:
			x.response = ev
		case len(x.interim) < maxListed:
			x.interim = append(x.interim, ev)
		}
	case *wire.Message:
		// Text has no messages of its own: it is in the body.
		if ev.Kind != wire.KindText {
			x.messages.add(ev)
		}
	case *wire.Body:
		x.bodies[ev.Dir&1] = ev
	case *wire.Upgrade:
		x.upgrade = ev
	case *wire.EOF:
		if x.n > 0 && len(x.eofs) < 2 {
			x.eofs = append(x.eofs, ev)
		}
	case *wire.Anomaly:
		if len(x.anomalies) < maxListed {
			x.anomalies = append(x.anomalies, ev)
		}
	}
}

// empty says whether x has nothing that is not in the file.
func (x *exchange) empty() bool {
	if x.n == 0 || x.parts > 0 {
		return len(x.messages.records) == 0 && len(x.anomalies) == 0
	}
	return false
}

// soFar returns what the Exchange event of x would be if it were sent now.
func (x *exchange) soFar(c *wire.Conn) *wire.Exchange {
	ev := &wire.Exchange{
		Meta:    wire.Meta{Conn: c, Exchange: x.n, Dir: wire.ToServer, Start: x.first, End: x.last},
		State:   wire.StateOpen,
		Request: x.request, Response: x.response, Interim: x.interim,
		RequestBody: x.bodies[wire.ToServer], ResponseBody: x.bodies[wire.ToClient],
		Upgrade: x.upgrade, Streams: x.messages.streams, Anomalies: x.anomalies,
	}
	if r := x.request; r != nil {
		ev.Off = r.Off
		ev.Masked = append(ev.Masked, r.Masked...)
	}
	if r := x.response; r != nil {
		ev.FirstByte = r.Start
		ev.Masked = append(ev.Masked, r.Masked...)
	}
	for _, b := range x.bodies {
		if b != nil {
			ev.Masked = append(ev.Masked, b.Masked...)
		}
	}
	for i := range x.messages.records {
		ev.Masked = append(ev.Masked, x.messages.records[i].masked...)
	}
	slices.Sort(ev.Masked)
	ev.Masked = slices.Compact(ev.Masked)
	return ev
}
