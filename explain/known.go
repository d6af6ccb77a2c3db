package explain

import (
	"strings"

	"github.com/socktrace/socktrace/wire"
)

// Bounds of what is remembered; what is over them is forgotten.
const (
	maxClients    = 1 << 10
	maxConns      = 1 << 14
	maxContainers = 1 << 10
)

// known is what is remembered of clients, and which connections are theirs.
type known struct {
	clients    map[int]*client // by the number of their process
	conns      map[*wire.Conn]*client
	containers map[string]*container // by id
	runs       [2]string             // the name of a process that is to come, and its command
	typed      *client               // new connections are of this one; nil: as they tell
}

func newKnown() known {
	return known{clients: make(map[int]*client), conns: make(map[*wire.Conn]*client), containers: make(map[string]*container)}
}

// opens notes a connection.
func (k *known) opens(conn *wire.Conn) {
	if k.typed != nil && conn != nil && conn.Parent.Conn == nil {
		k.join(conn, k.typed)
	}
}

// join makes a connection one of a client.
func (k *known) join(conn *wire.Conn, c *client) {
	if len(k.conns) >= maxConns {
		clear(k.conns)
	}
	k.conns[conn] = c
	c.conns++
	c.open++
}

// clientOf returns the client of an exchange.
func (k *known) clientOf(x *wire.Exchange) *client {
	conn := outermost(x.Conn)
	if c := k.conns[conn]; c != nil {
		return c
	}
	p := processOf(conn)
	var c *client
	if p == nil || p.Name != "docker" { // else the process tells
		c = k.sameAs(x)
	}
	if c == nil && p != nil && !passesOn(p, x) {
		c = k.clients[p.PID]
	}
	if c == nil {
		if len(k.clients) >= maxClients {
			clear(k.clients)
		}
		c = &client{}
		if p != nil {
			if c.process = p.Name; c.process == k.runs[0] {
				c.command, k.runs = k.runs[1], [2]string{}
			}
			k.clients[p.PID] = c
		}
	}
	k.join(conn, c)
	return c
}

// passesOn reports whether a command begins with x which another process passes on, such as
// a tunnel, or one that plays a recording: the docker CLI pings once, on its first connection.
func passesOn(p *wire.Process, x *wire.Exchange) bool {
	return p.Name != "docker" && x.Exchange == 1 && x.Request != nil && x.Request.Call.Operation == "SystemPingHead" && programOf(x) == dockerCLI
}

// sameAs returns the client that has made the container which a connection without a
// process begins with; nil if it is none of this session. Ids of containers are nothing that
// two would come to by themselves; what a script hands on from one command to the next is known by
// the first being over.
func (k *known) sameAs(x *wire.Exchange) *client {
	if x.Request == nil || x.Request.Call.Subject == "" {
		return nil
	}
	if box := k.containers[x.Subject.ID]; box != nil && len(x.Request.Call.Subject) >= 12 && strings.HasPrefix(x.Subject.ID, x.Request.Call.Subject) &&
		box.by.program == programOf(x) && box.by.open > 0 {
		return box.by
	}
	return nil
}
