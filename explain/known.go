package explain

import (
	"strings"

	"github.com/socktrace/socktrace/wire"
)

// Bounds of what is remembered. Of clients and connections over them nothing is known but what
// a request itself tells; containers over them are forgotten.
const (
	maxClients    = 1 << 10
	maxConns      = 1 << 14
	maxContainers = 1 << 10
)

// known is what is remembered of clients, and which connections are theirs.
type known struct {
	clients    map[origin]*client
	conns      map[*wire.Conn]*client
	containers map[string]*container // by id
	runs       [2]string             // the name of a process that is to come, and its command
	typed      *client               // new connections are of this one; nil: as they tell
	agreed     bool                  // it was said at length why clients ping
}

func newKnown() known {
	return known{clients: make(map[origin]*client), conns: make(map[*wire.Conn]*client), containers: make(map[string]*container)}
}

// opens notes a connection.
func (k *known) opens(conn *wire.Conn) {
	if k.typed != nil && conn != nil && conn.Parent.Conn == nil {
		k.join(conn, k.typed)
	}
}

// join makes a connection one of a client, if there is room.
func (k *known) join(conn *wire.Conn, c *client) {
	if len(k.conns) >= maxConns {
		return
	}
	k.conns[conn] = c
	c.conns++
	c.open++
}

// clientOf returns the client of an exchange.
func (k *known) clientOf(x *wire.Exchange) *client {
	conn := x.Conn.Outermost()
	if c := k.conns[conn]; c != nil {
		return c
	}
	if len(k.conns) >= maxConns {
		return &client{later: true}
	}
	p := processOf(conn)
	var c *client
	if p == nil || p.Name != "docker" { // else the process tells
		c = k.sameAs(x)
	}
	if c == nil {
		c = k.ofProcess(p, x)
	}
	k.join(conn, c)
	return c
}

// ofProcess returns the client that a process is, or the program that it passes on.
func (k *known) ofProcess(p *wire.Process, x *wire.Exchange) *client {
	if p == nil {
		return &client{}
	}
	at := origin{p.PID, p.Name, programOf(x)}
	if c := k.clients[at]; c != nil && !passesOn(p, x) {
		return c
	}
	for known := buildx; at.program == anyProgram && known > anyProgram; known-- { // some requests do not say it
		if c := k.clients[origin{p.PID, p.Name, known}]; c != nil && c.open > 0 {
			return c
		}
	}
	c := &client{process: p.Name, at: at}
	if p.Name == k.runs[0] {
		c.command, k.runs = k.runs[1], [2]string{}
	}
	k.remember(c)
	return c
}

// remember has the next connections of a process be of a client, if there is room.
func (k *known) remember(c *client) {
	if len(k.clients) >= maxClients {
		for at, other := range k.clients {
			if other.open == 0 {
				delete(k.clients, at)
			}
		}
	}
	if len(k.clients) < maxClients {
		k.clients[c.at] = c
	}
}

// over forgets a client whose last connection has ended. What comes from the same process then
// is of another client: nobody knows whether it is the same process still.
func (k *known) over(c *client) {
	if c == k.typed {
		k.typed = &client{command: c.command, later: true}
	}
	if k.clients[c.at] != c {
		return
	}
	delete(k.clients, c.at)
	if c.process != "docker" { // which ends with its connections
		k.remember(&client{process: c.process, at: c.at, later: true})
	}
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
