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

// maxCommands bounds how many commands are known at once.
const maxCommands = 4096

// commandFor returns the command that an exchange on c, which begins now, is of.
func (s *Sink) commandFor(c *conn, now time.Time) *command {
	cmd := c.command
	if cmd == nil {
		key := keyOf(c.wire)
		if cmd = s.commands[key]; cmd == nil || cmd.quiet(now) {
			cmd = s.newCommand(key, c.wire)
		}
		s.join(c, cmd)
	} else if cmd.spans+cmd.open >= maxSpans || cmd.open == 0 && !cmd.last.IsZero() && now.Sub(cmd.last) > idle {
		s.leave(c)
		next := s.commands[cmd.key] // another of its connections has begun it
		if next == nil || next == cmd || next.spans+next.open >= maxSpans {
			next = s.newCommand(cmd.key, c.wire)
		}
		cmd = next
		s.join(c, cmd)
	}
	return cmd
}

// quiet reports whether what comes now is of another trace.
func (c *command) quiet(now time.Time) bool {
	return c.conns == 0 && c.open == 0 && now.Sub(c.last) > lull
}

// newCommand begins a trace, and ends the one that has the same key when nothing of it
// is open any more.
func (s *Sink) newCommand(key commandKey, client *wire.Conn) *command {
	if old := s.commands[key]; old != nil {
		old.scratch = true
		s.endIfOver(old)
	}
	if len(s.commands) >= maxCommands {
		s.endQuiet(time.Time{})
	}
	cmd := &command{key: key, root: s.ids.root(), client: client}
	if len(s.commands) < maxCommands {
		s.commands[key] = cmd
	} else {
		cmd.scratch = true
	}
	return cmd
}

func (s *Sink) join(c *conn, cmd *command) {
	c.command = cmd
	cmd.conns++
}

// leave has a connection be of no command.
func (s *Sink) leave(c *conn) {
	cmd := c.command
	if cmd == nil {
		return
	}
	c.command = nil
	cmd.conns--
	if cmd.key.conn != nil {
		cmd.scratch = true // no other connection can be of it
	}
	s.endIfOver(cmd)
}

// endIfOver ends a command that nothing can be of any more.
func (s *Sink) endIfOver(cmd *command) {
	if cmd.scratch && cmd.conns == 0 && cmd.open == 0 {
		s.endCommand(cmd)
	}
}

// endQuiet ends the commands that are quiet by then; without a time all that have
// nothing open.
func (s *Sink) endQuiet(now time.Time) {
	for _, cmd := range s.commands {
		if cmd.conns == 0 && cmd.open == 0 && (now.IsZero() || cmd.quiet(now)) {
			s.endCommand(cmd)
		}
	}
}

// endCommand sends the root span of a command, and forgets it.
func (s *Sink) endCommand(cmd *command) {
	if s.commands[cmd.key] == cmd {
		delete(s.commands, cmd.key)
	}
	if cmd.spans > 0 {
		s.sendRoot(cmd)
		cmd.spans = 0
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
