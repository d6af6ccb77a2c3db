package otlp

import (
	"time"

	"github.com/socktrace/socktrace/wire"
)

// commands are those that are not over.
type commands struct {
	ids  *ids
	all  map[commandKey]*command
	over func(*command) // is called once for each that has spans
	run  *Run
}

// maxCommands bounds how many commands are known at once.
const maxCommands = 4096

// of returns the command that an exchange on c, which begins now, is of.
func (s *commands) of(c *conn, now time.Time) *command {
	cmd := c.command
	if cmd == nil {
		key := keyOf(c.wire)
		if cmd = s.all[key]; cmd == nil || cmd.quiet(now) {
			cmd = s.begin(key, c.wire)
		}
		s.join(c, cmd)
	} else if cmd.spans+cmd.open >= maxSpans || cmd.open == 0 && !cmd.last.IsZero() && now.Sub(cmd.last) > idle {
		s.leave(c)
		next := s.all[cmd.key] // another of its connections has begun it
		if next == nil || next == cmd || next.spans+next.open >= maxSpans {
			next = s.begin(cmd.key, c.wire)
		}
		cmd = next
		s.join(c, cmd)
	}
	return cmd
}

// begin begins a trace, and ends the one that has the same key when nothing of it
// is open any more.
func (s *commands) begin(key commandKey, client *wire.Conn) *command {
	if old := s.all[key]; old != nil {
		old.scratch = true
		s.endIfOver(old)
	}
	if len(s.all) >= maxCommands {
		s.endQuiet(time.Time{})
	}
	cmd := &command{key: key, root: s.ids.root(), client: client, story: s.run.nameOf(key.pid, key.name)}
	if len(s.all) < maxCommands {
		s.all[key] = cmd
	} else {
		cmd.scratch = true
	}
	return cmd
}

func (s *commands) join(c *conn, cmd *command) {
	c.command = cmd
	cmd.conns++
}

// leave has a connection be of no command.
func (s *commands) leave(c *conn) {
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
func (s *commands) endIfOver(cmd *command) {
	if cmd.scratch && cmd.conns == 0 && cmd.open == 0 {
		s.endCommand(cmd)
	}
}

// endQuiet ends the commands that are quiet by then; without a time all that have
// nothing open.
func (s *commands) endQuiet(now time.Time) {
	for _, cmd := range s.all {
		if cmd.conns == 0 && cmd.open == 0 && (now.IsZero() || cmd.quiet(now)) {
			s.endCommand(cmd)
		}
	}
}

// endCommand forgets a command, and tells that it is over.
func (s *commands) endCommand(cmd *command) {
	if s.all[cmd.key] == cmd {
		delete(s.all, cmd.key)
	}
	if cmd.spans > 0 {
		s.over(cmd)
		cmd.spans = 0
	}
}

// endAll ends all commands.
func (s *commands) endAll() {
	for _, cmd := range s.all {
		s.endCommand(cmd)
	}
}
