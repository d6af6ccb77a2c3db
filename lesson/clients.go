package lesson

import (
	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/internal/plural"
	"github.com/socktrace/socktrace/wire"
)

// maxClients is how many clients have lanes of their own.
const maxClients = 4

// clients are those who ask, each a lane of the diagram.
type clients struct {
	lanes []string
	of    map[string]int // lanes, by who it is
	all   int            // how many there are
}

// clientsOf returns the clients of steps, in the order in which they come. Too many of
// them share a lane.
func clientsOf(steps []*step) *clients {
	c := &clients{of: make(map[string]int)}
	for _, s := range steps {
		who := clientName(s.x)
		if _, known := c.of[who]; known {
			continue
		}
		c.of[who] = len(c.lanes)
		c.lanes = append(c.lanes, who)
	}
	if c.all = len(c.lanes); c.all > maxClients {
		c.lanes = []string{plural.Of(int64(c.all), "client")}
		for who := range c.of {
			c.of[who] = 0
		}
	}
	return c
}

// lane returns the lane of the client of x.
func (c *clients) lane(x *wire.Exchange) int { return c.of[clientName(x)] }

// relay is the name of the program itself, which plays clients and speaks for them.
const relay = "socktrace"

// clientName returns who asks: a process, or what the client says that it is, or where
// it is.
func clientName(x *wire.Exchange) string {
	peer := x.Conn.Client
	agent := agentOf(x)
	if p := peer.Process; p != nil && p.Name != "" && (p.Name != relay || agent == "") {
		return cutText(p.String(), maxName)
	}
	switch {
	case agent != "":
		return cutText(dockerapi.Product(agent), maxName)
	case peer.Addr != "":
		return cutText(peer.Addr, maxName)
	}
	return "client"
}

// agentOf returns what a client says that it is; empty if it says nothing.
func agentOf(x *wire.Exchange) string {
	if x.Request == nil {
		return ""
	}
	return wire.FieldValue(x.Request.Fields, "User-Agent")
}
