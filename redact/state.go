package redact

import (
	"hash/maphash"
	"slices"

	"github.com/socktrace/socktrace/redact/internal/form"
	"github.com/socktrace/socktrace/redact/internal/mask"
	"github.com/socktrace/socktrace/wire"
)

// maxExchanges bounds the exchanges of a connection that something is
// remembered of. A client that sends more requests without waiting for answers
// has all that follows on its connection treated as if said to /auth.
const maxExchanges = 1024

// maxMemory is how much memory a connection keeps, in bytes, to use it again.
const maxMemory = 32 << 10

// connState is what must be remembered of a connection. It is used by whoever
// gives the events of the connection, one at a time.
type connState struct {
	conn      *wire.Conn
	exchanges []openExchange // one or two most often: the last is looked at first
	free      *exchangeState // to be used again
	past      traits         // of all exchanges so far: raw bytes may be what is left of one
	full      bool           // maxExchanges was reached
	preface   int            // how much of it the client's raw bytes began with; -1: something else
	walk      walker         // of texts that come whole
	scratch   []byte
}

// openExchange is the nth exchange of a connection, and what is known of it.
type openExchange struct {
	n int
	*exchangeState
}

// exchangeState is what must be remembered of an exchange. Number 0 is what
// belongs to none.
type exchangeState struct {
	traits   traits
	upgraded bool
	names    []string // of what was masked
	streams  []*stream
	clean    [2]digest // of a JSON message, by direction
}

// digest tells a text from others, as long as nobody knows its seed. The zero
// value is that of none.
type digest struct {
	size int
	hash uint64
}

var digestSeed = maphash.MakeSeed()

// digestOf returns the digest of JSON text, without the white space around it.
func digestOf(text []byte) digest {
	for len(text) > 0 && isBlank(text[0]) {
		text = text[1:]
	}
	for len(text) > 0 && isBlank(text[len(text)-1]) {
		text = text[:len(text)-1]
	}
	return digest{len(text), maphash.Bytes(digestSeed, text)}
}

// isBlank says whether c is white space in JSON (RFC 8259, section 2).
func isBlank(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }

// stream is what has no borders of its own, and goes on from one message to
// the next.
type stream struct {
	dir   wire.Dir
	kind  wire.Kind
	begun bool
	forms form.Matcher
	lines lineState // of raw bytes
	walk  *walker   // of text that looks like JSON
}

// state returns the state of conn, made if need be.
func (r *Redactor) state(conn *wire.Conn) *connState {
	if s := r.last.Load(); s != nil && s.conn == conn {
		return s
	}
	var s *connState
	if known, ok := r.conns.Load(conn); ok {
		s = known.(*connState)
	} else {
		s = &connState{conn: conn}
		r.conns.Store(conn, s)
	}
	r.last.Store(s)
	return s
}

// forget drops the state of conn.
func (r *Redactor) forget(conn *wire.Conn) {
	if s, ok := r.conns.LoadAndDelete(conn); ok {
		r.last.CompareAndSwap(s.(*connState), nil)
	}
}

// at returns the states of the connection and the exchange of an event.
func (r *Redactor) at(m *wire.Meta) (*connState, *exchangeState) {
	s := r.state(m.Conn)
	return s, s.exchange(m.Exchange)
}

// overflow stands for exchanges beyond maxExchanges.
func overflow() *exchangeState { return &exchangeState{traits: traitLogin} }

// exchange returns the state of the nth exchange, made if need be.
func (s *connState) exchange(n int) *exchangeState {
	if i := s.find(n); i >= 0 {
		return s.exchanges[i].exchangeState
	}
	if len(s.exchanges) >= maxExchanges {
		s.full = true
		return overflow()
	}
	x := s.free
	if s.free = nil; x == nil {
		x = new(exchangeState)
	}
	s.exchanges = append(s.exchanges, openExchange{n, x})
	return x
}

// find returns where the nth exchange is in s.exchanges; -1 if it is not.
func (s *connState) find(n int) int {
	i := len(s.exchanges) - 1
	for i >= 0 && s.exchanges[i].n != n {
		i--
	}
	return i
}

// forget drops the state of the nth exchange and returns the names in it.
func (s *connState) forget(n int) []string {
	i := s.find(n)
	if i < 0 {
		return nil
	}
	x := s.exchanges[i].exchangeState
	s.exchanges = slices.Delete(s.exchanges, i, i+1)
	if cap(s.scratch) > maxMemory {
		s.scratch = nil
	}
	names := x.names
	*x = exchangeState{}
	s.free = x
	return names
}

// traitsAt returns what is known of the exchange n, whose state is x. Bytes
// that belong to no exchange may be what is left of one before.
func (s *connState) traitsAt(x *exchangeState, n int) traits {
	switch {
	case s.full:
		return x.traits | traitLogin
	case n == 0:
		return x.traits | s.past
	}
	return x.traits
}

// stream returns the stream that m is a piece of, made if need be.
func (x *exchangeState) stream(m *wire.Message) *stream {
	for _, st := range x.streams {
		if st.dir == m.Dir && st.kind == m.Kind {
			return st
		}
	}
	st := &stream{dir: m.Dir, kind: m.Kind}
	x.streams = append(x.streams, st)
	return st
}

// note remembers the names of what was masked, and counts each once an
// exchange.
func (r *Redactor) note(x *exchangeState, names []string) {
	for _, name := range names {
		if len(x.names) < mask.MaxNames && !slices.Contains(x.names, name) {
			x.names = append(x.names, name)
			r.tally.add(name)
		}
	}
}
