package redact

import (
	"cmp"
	"slices"
	"sync"

	"github.com/socktrace/socktrace/wire"
)

// maxExchanges bounds the exchanges of a connection that something is
// remembered of. A client that sends more requests without waiting for answers
// has all that follows on its connection treated as if said to /auth.
const maxExchanges = 1024

// maxNames bounds the different names that are remembered of an exchange, and
// of all: a peer can make up field names without end.
const maxNames = 256

// connState is what must be remembered of a connection. It is used by whoever
// gives the events of the connection, one at a time.
type connState struct {
	exchanges map[int]*exchangeState
	auth      bool         // it has carried a request to /auth
	full      bool         // maxExchanges was reached
	lines     [2]lineState // of raw bytes, by direction
}

type exchangeState struct {
	auth  bool     // with /auth
	names []string // of what was masked
}

// state returns the state of conn, made if need be.
func (r *Redactor) state(conn *wire.Conn) *connState {
	if s := r.known(conn); s != nil {
		return s
	}
	s := &connState{exchanges: make(map[int]*exchangeState)}
	r.conns.Store(conn, s)
	return s
}

// known returns the state of conn, nil if it has none.
func (r *Redactor) known(conn *wire.Conn) *connState {
	if s, ok := r.conns.Load(conn); ok {
		return s.(*connState)
	}
	return nil
}

// begin notes that an exchange is one with /auth.
func (s *connState) begin(exchange int) {
	s.auth = true
	if x := s.exchange(exchange); x != nil {
		x.auth = true
	}
}

// exchange returns the state of the nth exchange, made if need be; nil if
// there are too many.
func (s *connState) exchange(n int) *exchangeState {
	x := s.exchanges[n]
	if x == nil {
		if len(s.exchanges) >= maxExchanges {
			s.full = true
			return nil
		}
		x = new(exchangeState)
		s.exchanges[n] = x
	}
	return x
}

// secretive says whether what the event at m carries was said to or by /auth.
// Bytes that belong to no exchange may be what is left of such a one.
func (r *Redactor) secretive(m *wire.Meta) bool {
	s := r.known(m.Conn)
	if s == nil || !s.auth {
		return false
	}
	if s.full || m.Exchange == 0 {
		return true
	}
	x := s.exchanges[m.Exchange]
	return x != nil && x.auth
}

// note remembers the names of what was masked in the event at m, and counts
// each once an exchange.
func (r *Redactor) note(m *wire.Meta, names []string) {
	if len(names) == 0 {
		return
	}
	x := r.state(m.Conn).exchange(m.Exchange)
	if x == nil {
		return
	}
	for _, name := range names {
		if len(x.names) < maxNames && !slices.Contains(x.names, name) {
			x.names = append(x.names, name)
			r.tally.add(name)
		}
	}
}

// forget drops the state of the exchange at m and returns the names in it.
func (r *Redactor) forget(m *wire.Meta) []string {
	s := r.known(m.Conn)
	if s == nil {
		return nil
	}
	x := s.exchanges[m.Exchange]
	if x == nil {
		return nil
	}
	delete(s.exchanges, m.Exchange)
	return x.names
}

// Count says in how many exchanges something was masked. What belongs to no
// exchange counts once for its connection.
type Count struct {
	Name      string // as in Masked, such as "request.headers.X-Registry-Auth"
	Exchanges int64
}

// Summary returns what was masked so far, by name. It may be called at any
// time by any goroutine. Names beyond the first few hundred are counted
// together as "other".
func (r *Redactor) Summary() []Count { return r.tally.sorted() }

// tally counts names; safe for concurrent use.
type tally struct {
	mu     sync.Mutex
	counts map[string]int64
}

func (t *tally) add(name string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.counts == nil {
		t.counts = make(map[string]int64)
	}
	if _, ok := t.counts[name]; !ok && len(t.counts) >= maxNames {
		name = "other"
	}
	t.counts[name]++
}

func (t *tally) sorted() []Count {
	t.mu.Lock()
	defer t.mu.Unlock()
	out := make([]Count, 0, len(t.counts))
	for name, n := range t.counts {
		out = append(out, Count{name, n})
	}
	slices.SortFunc(out, func(a, b Count) int { return cmp.Compare(a.Name, b.Name) })
	return out
}
