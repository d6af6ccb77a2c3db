package stats

import (
	"strings"

	"github.com/socktrace/socktrace/wire"
)

// client is the row of a client.
type client struct {
	Client
	told []string // the newest versions of daemons that it has asked for them
}

// client returns the row of who asked, and which of its versions it asked for.
func (s *Sink) client(x *wire.Exchange) (_ *client, version int) {
	var agent, asked string
	if x.Request != nil {
		agent, asked = wire.FieldValue(x.Request.Fields, "User-Agent"), x.Request.Call.Version
	}
	who, addr := peer(x.Conn)
	s.name = s.name[:0]
	subject := s.subject(x.Conn)
	for _, part := range [...]string{who, addr, subject, agent} {
		s.name = append(append(s.name, part[:min(len(part), maxText)]...), '\n')
	}
	row := s.clients.find(s.name)
	if row == nil {
		row = &s.otherClient
		row.Other = true
	} else if row.Count == 0 {
		row.Client = Client{Name: cloned(who), Addr: cloned(addr), Subject: cloned(subject), Agent: cloned(agent)}
	}
	version = row.asks(asked)
	if x.Response != nil {
		row.answered(x, version)
	}
	return row, version
}

// maxCertified bounds of how many connections it is remembered who the client is.
const maxCertified = 4 << 10

// certified notes whom the certificate of a client is for.
func (s *Sink) certified(ev *wire.TLS) {
	name := ev.ClientHolder()
	if name == "" || ev.Conn == nil {
		return
	}
	if s.subjects == nil || len(s.subjects) >= maxCertified {
		s.subjects = make(map[*wire.Conn]string)
	}
	s.subjects[ev.Conn] = cloned(name)
}

// subject returns whom the certificate of the client of a connection is for, or of the
// one that carries it.
func (s *Sink) subject(c *wire.Conn) string {
	for ; c != nil; c = c.Parent.Conn {
		if name := s.subjects[c]; name != "" || c.Reversed {
			return name
		}
	}
	return ""
}

// peer returns the name of the program at the client's end of a connection, or its
// address if that is not known.
func peer(c *wire.Conn) (name, addr string) {
	switch {
	case c == nil:
		return "", ""
	case c.Client.Process != nil && c.Client.Process.Name != "":
		return c.Client.Process.Name, ""
	}
	return "", host(c.Client.Addr)
}

// host returns an address without the port, which differs from connection to
// connection.
func host(addr string) string {
	if i := strings.LastIndexByte(addr, ':'); i > 0 && strings.HasPrefix(addr, "tcp://") && i > strings.LastIndexByte(addr, ']') && i > len("tcp:") {
		return addr[:i]
	}
	return addr
}
