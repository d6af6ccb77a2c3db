package redact

import (
	"slices"

	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/internal/memory"
	"github.com/socktrace/socktrace/redact/internal/text"
	"github.com/socktrace/socktrace/wire"
)

// maxExchanges bounds the exchanges of a connection that something is
// remembered of. A client that sends more requests without waiting for answers
// has all that follows on its connection treated as if said to /auth.
const maxExchanges = 1024

// connState is what must be remembered of a connection. It is used by whoever
// gives the events of the connection, one at a time.
type connState struct {
	conn      *wire.Conn
	carrier   carrier
	exchanges []openExchange   // one or two most often: the last is looked at first
	free      *exchangeState   // to be used again
	past      dockerapi.Traits // of all exchanges so far: raw bytes may be what is left of one
	full      bool             // maxExchanges was reached
	streams   bool             // it is of HTTP/2, as its heads say
	preface   prefaceState
	overheard overheard
	args      args
	scratch   text.Scratch
	account   memory.Account // what streams need
}

// openExchange is the nth exchange of a connection, and what is known of it.
type openExchange struct {
	n int
	*exchangeState
}

// overflow stands for exchanges beyond maxExchanges.
func overflow() *exchangeState { return &exchangeState{traits: dockerapi.Login} }

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

// forget drops the state of the nth exchange, and returns the names of what was
// masked in it.
func (s *connState) forget(n int) (masked []string) {
	i := s.find(n)
	if i < 0 {
		return nil
	}
	x := s.exchanges[i].exchangeState
	masked = x.names
	s.account.Give(x.ended(wire.ToServer) + x.ended(wire.ToClient))
	s.exchanges = slices.Delete(s.exchanges, i, i+1)
	s.scratch.Release()
	*x = exchangeState{}
	s.free = x
	return masked
}

// learn notes what an event tells of its exchange, whose state is x.
func (s *connState) learn(x *exchangeState, more dockerapi.Traits) {
	x.traits |= more
	s.past |= x.traits
}

// listen notes what bytes that a client sent, and that belong to no exchange, tell of
// what follows.
func (s *connState) listen(b []byte) {
	s.preface.take(b)
	s.past |= s.overheard.take(b)
}

// learnBody notes what header fields tell of the body that travels in direction
// dir, of the exchange whose state is x.
func (s *connState) learnBody(x *exchangeState, fields []wire.Field, dir wire.Dir) {
	tar, form, first := bodyType(fields)
	if tar {
		s.learn(x, tarOf(dir))
	}
	x.forms[dir&1] = x.forms[dir&1] || form
	x.types[dir&1] = first
}

// known returns what is known of the exchange n, whose state is x. Bytes that
// belong to no exchange may be what is left of one before.
func (s *connState) known(x *exchangeState, n int) dockerapi.Traits {
	t := x.traits | s.carrier.traits()
	switch {
	case s.full:
		t |= dockerapi.Login
	case n == 0:
		t |= s.past
	}
	return t
}

// carries returns what the nth exchange is to a connection that travels in it.
func (s *connState) carries(n int) carrier {
	i := s.find(n)
	if i < 0 || s.full {
		return unknown
	}
	return newCarrier(s.known(s.exchanges[i].exchangeState, n))
}
