package har

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/socktrace/socktrace/wire"
)

// conn is what a Writer knows of one connection, whose events and ticks come one
// at a time.
type conn struct {
	wire    *wire.Conn
	open    []*pending              // of exchanges that are open, as far as something waits, oldest first
	spare   *sync.Pool              // of *pending, to be used again
	outside atomic.Pointer[outside] // made by the first event that needs it; nil: none did

	// What is the same in all its entries.
	page  atomic.Pointer[string] // id; nil: it has none yet
	place []byte                 // members of the entry
	peers []byte                 // members of _socktrace

	handshakes atomic.Pointer[[]*wire.TLS] // nil: there are none
}

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
	o.connection(c)
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

// pending returns what waits of the exchange n.
func (c *conn) pending(n int) *pending {
	if p := c.find(n); p != nil {
		return p
	}
	p := c.spare.Get().(*pending)
	p.n, p.changed = n, true
	c.open = append(c.open, p)
	return p
}

// find returns what waits of the exchange n, or nil. It is the last, or most
// often among the first.
func (c *conn) find(n int) *pending {
	if i := len(c.open) - 1; i >= 0 && c.open[i].n == n {
		return c.open[i]
	}
	for _, p := range c.open {
		if p.n == n {
			return p
		}
	}
	return nil
}

// end forgets p.
func (c *conn) end(p *pending) {
	if i := slices.Index(c.open, p); i >= 0 {
		c.open = slices.Delete(c.open, i, i+1)
	}
	p.messages.reset()
	*p = pending{messages: p.messages}
	c.spare.Put(p)
}
