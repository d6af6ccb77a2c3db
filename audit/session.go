package audit

import (
	"sync"
	"sync/atomic"

	"github.com/socktrace/socktrace/wire"
)

// session is what is known of a connection, with all that are inside of it.
type session struct {
	sockets []string   // that lead to its daemon
	mu      sync.Mutex // guards what follows
	open    map[key]*entry
	due     []*entry // whose line, or that of their request, may be written at the next Settle
	holder  *wire.Certificate
	unread  bool  // a line says that there is something that could not be read
	broken  error // a line could not be written; only if Options.Strict
}

// key is an exchange.
type key struct {
	conn   *wire.Conn
	number int
}

// entry returns what is known of an exchange, and makes it if there is nothing and it is to
// be made.
func (s *session) entry(m *wire.Meta, make bool) *entry {
	k := key{m.Conn, m.Exchange}
	e := s.open[k]
	if e == nil && make {
		e = &entry{conn: m.Conn, number: m.Exchange, start: m.Start, heard: new(atomic.Bool)}
		s.open[k] = e
	}
	return e
}
