package stats

import (
	"sync"
	"time"

	"github.com/socktrace/socktrace/wire"
)

// Sink gathers figures of what it is told. It keeps no events. Its methods may be
// called concurrently.
type Sink struct {
	mu          sync.Mutex
	operations  rows[operation]
	others      [2]operation // those that there was no row for, that wait and that do not
	clients     rows[client]
	otherClient client
	all         Totals
	waited      time.Duration
	slowest     top // the longest first
	open        top // the oldest first
	streams     map[*wire.Conn]stream
	within      map[*wire.Conn][2]int64 // what connections inside of it have added to all
	subjects    map[*wire.Conn]string   // of the certificates of clients
	uses        uses
	start, end  time.Time
	name        []byte // memory for names
}

// New returns a Sink that has seen nothing.
func New() *Sink {
	return &Sink{
		operations: rows[operation]{most: maxOperations},
		clients:    rows[client]{most: maxClients},
		streams:    make(map[*wire.Conn]stream),
		within:     make(map[*wire.Conn][2]int64),
	}
}

// Needs is what start lines say, what fields say of the client and the daemon, and what
// tells names and errors.
func (s *Sink) Needs() wire.Needs {
	return wire.Needs{Lines: true, Fields: true, Telling: true, Concurrent: true}
}

// Close does nothing: reports can be made afterwards.
func (s *Sink) Close() error { return nil }

// Event adds what an exchange was, and what a connection has carried.
func (s *Sink) Event(ev wire.Event, x *wire.Exchange) error {
	switch ev := ev.(type) {
	case *wire.Message:
		if fields := looksAt(ev, x); fields != nil {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.uses.document(ev, x, fields)
		}
	case *wire.Exchange:
		s.mu.Lock()
		defer s.mu.Unlock()
		s.exchange(ev)
	case *wire.TLS:
		s.mu.Lock()
		defer s.mu.Unlock()
		s.certified(ev)
	case *wire.Close:
		s.mu.Lock()
		defer s.mu.Unlock()
		s.closed(ev)
	}
	return nil
}

// exchange adds an exchange.
func (s *Sink) exchange(x *wire.Exchange) {
	s.saw(&x.Meta)
	s.all.counted(x)
	s.carried(x.Conn, sent(x))
	op := s.operation(x)
	cl, version := s.client(x)
	s.uses.add(x, cl, version)
	op.count(x)
	cl.count(x)
	if d, known := took(x); known {
		s.took(x, d, op, cl)
	}
	if x.State == wire.StateOpen {
		s.open.add(x, 0, x.Start.UnixMicro())
	}
	if x.Upgrade != nil {
		s.streamed(x, op, cl)
	}
}

// took adds how long an exchange took. Waiting is no work of the daemon, so only
// the row of the operation itself has it.
func (s *Sink) took(x *wire.Exchange, d time.Duration, op *operation, cl *client) {
	op.times.add(d)
	if d = max(d, 0); op.Waits {
		s.waited += d
		return
	}
	s.all.Total += d
	cl.Total += d
	s.slowest.add(x, d, -int64(d))
}

// saw notes when something happened.
func (s *Sink) saw(m *wire.Meta) {
	if !m.Start.IsZero() && (s.start.IsZero() || m.Start.Before(s.start)) {
		s.start = m.Start
	}
	if m.End.After(s.end) {
		s.end = m.End
	}
}

// GRPCMethod is the operation of which the path tells more than the name, which all
// methods of gRPC share.
const GRPCMethod = "GRPCMethod"

// operation returns the row of an exchange's operation.
func (s *Sink) operation(x *wire.Exchange) *operation {
	waits := x.Waits()
	name, method, path := s.name[:0], 0, 0
	if r := x.Request; r != nil {
		name = append(name, r.Call.Operation[:min(len(r.Call.Operation), maxPath)]...)
		method = len(name)
		if r.Call.Operation == "" {
			name = appendMethod(name, r.Method)
		}
		path = len(name)
		if r.Call.Operation == "" || r.Call.Operation == GRPCMethod {
			name = appendPath(name, r.Target)
		}
	}
	end := len(name)
	name = append(name, '\n', byte(method), byte(path), flag(waits))
	s.name = name
	row := s.operations.find(name)
	switch {
	case row == nil:
		return s.otherOperation(waits)
	case row.Count == 0:
		text := string(name[:end])
		row.Operation = Operation{Name: text[:method], Method: text[method:path], Path: text[path:], Waits: waits}
	}
	return row
}

// flag returns 1 for true.
func flag(b bool) byte {
	if b {
		return 1
	}
	return 0
}

// otherOperation returns the row of those that have none.
func (s *Sink) otherOperation(waits bool) *operation {
	other := &s.others[flag(waits)]
	other.Other, other.Waits = true, waits
	return other
}
