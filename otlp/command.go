package otlp

import (
	"time"

	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/wire"
)

// A command is a client process, as long as it has connections: it is a trace. Where
// nobody knows the process, each connection is one. What goes on for long, as a client
// that asks now and then, is cut.
const (
	lull     = 2 * time.Second // without a connection: the next is of another trace
	idle     = time.Minute     // with nothing open: the next exchange is
	maxSpans = 1000            // exchanges in one trace
)

// command is a trace that is not over.
type command struct {
	key     commandKey
	root    spanContext
	client  *wire.Conn // one of its connections
	agent   string     // what it calls itself
	story   string     // what its connections were for, if that is known
	conns   int        // open
	open    int        // exchanges that are
	spans   int        // that have ended, and are part of it
	begun   time.Time  // of the first exchange
	last    time.Time  // when something ended
	scratch bool       // another has its key
}

// commandKey tells clients apart.
type commandKey struct {
	conn *wire.Conn // if the process is not known
	pid  int
	name string
}

// keyOf returns the client at the end of a connection that carries others.
func keyOf(c *wire.Conn) commandKey {
	if c != nil && c.Client.Process != nil {
		return commandKey{pid: c.Client.Process.PID, name: c.Client.Process.Name}
	}
	return commandKey{conn: c}
}

// quiet reports whether what comes now is of another trace.
func (c *command) quiet(now time.Time) bool {
	return c.conns == 0 && c.open == 0 && now.Sub(c.last) > lull
}

// ends notes that something of the command has ended.
func (c *command) ends(at time.Time) {
	if at.After(c.last) {
		c.last = at
	}
}

// name returns what the command is called: what was typed, if that is known, else its
// program.
func (c *command) name() string {
	switch {
	case c.story != "":
		return c.story
	case c.client != nil && c.client.Client.Process != nil && c.client.Client.Process.Name != "":
		return c.client.Client.Process.Name
	case dockerapi.Product(c.agent) != "":
		return dockerapi.Product(c.agent)
	}
	return "client"
}
