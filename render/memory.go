package render

import "github.com/socktrace/socktrace/wire"

// maxRemembered is how many unfinished exchanges a renderer remembers. What is
// forgotten beyond it, or was never seen because events were dropped, costs
// only the time labels of that exchange.
const maxRemembered = 16 << 10

// memory is what a renderer knows of the exchanges that are not finished, by
// connection and exchange number.
type memory[T any] struct {
	conns map[int]map[int]*T
	count int
}

// get returns what is known of the exchange of m, nil if nothing is.
func (s *memory[T]) get(m *wire.Meta) *T { return s.conns[connID(m)][m.Exchange] }

// put returns what is known of the exchange of m, new if nothing is.
func (s *memory[T]) put(m *wire.Meta) *T {
	if t := s.get(m); t != nil {
		return t
	}
	if s.count >= maxRemembered {
		s.evict()
	}
	if s.conns == nil {
		s.conns = make(map[int]map[int]*T)
	}
	of := s.conns[connID(m)]
	if of == nil {
		of = make(map[int]*T)
		s.conns[connID(m)] = of
	}
	t := new(T)
	of[m.Exchange] = t
	s.count++
	return t
}

// drop forgets the exchange of m.
func (s *memory[T]) drop(m *wire.Meta) {
	of := s.conns[connID(m)]
	if _, ok := of[m.Exchange]; !ok {
		return
	}
	delete(of, m.Exchange)
	s.count--
	if len(of) == 0 {
		delete(s.conns, connID(m))
	}
}

// dropConn forgets all exchanges of a connection.
func (s *memory[T]) dropConn(conn int) {
	s.count -= len(s.conns[conn])
	delete(s.conns, conn)
}

// evict makes room by forgetting one connection, whichever comes first.
func (s *memory[T]) evict() {
	for conn := range s.conns {
		s.dropConn(conn)
		return
	}
}
