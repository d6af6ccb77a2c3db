package stats

import (
	"strings"
	"sync"
	"time"

	"github.com/socktrace/socktrace/wire"
)

// Sink gathers figures of what it is told. It keeps no events. Its methods may be
// called concurrently.
type Sink struct {
	mu          sync.Mutex
	operations  rows[operation]
	others      [2]*operation // those that there was no row for, that wait and that do not
	clients     rows[client]
	otherClient *client
	all         Totals
	waited      time.Duration
	slowest     top // the longest first
	open        top // the oldest first
	streams     map[*wire.Conn]stream
	start, end  time.Time
	name        []byte // memory for names
}

// New returns a Sink that has seen nothing.
func New() *Sink {
	return &Sink{
		operations: rows[operation]{most: maxOperations},
		clients:    rows[client]{most: maxClients},
		streams:    make(map[*wire.Conn]stream),
	}
}

// Needs is what start lines say, and what fields say of the client.
func (s *Sink) Needs() wire.Needs { return wire.Needs{Lines: true, Fields: true, Concurrent: true} }

// Close does nothing: reports can be made afterwards.
func (s *Sink) Close() error { return nil }

// Event adds what an exchange was, and what a connection has carried.
func (s *Sink) Event(ev wire.Event, _ *wire.Exchange) error {
	switch ev := ev.(type) {
	case *wire.Exchange:
		s.mu.Lock()
		defer s.mu.Unlock()
		s.exchange(ev)
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
	s.all.count(x)
	op, cl := s.operation(x), s.client(x)
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
	waits := waits(x)
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
	if *other == nil {
		*other = &operation{Operation: Operation{Other: true, Waits: waits}}
	}
	return *other
}

// client returns the row of who asked.
func (s *Sink) client(x *wire.Exchange) *client {
	var who, addr, agent, version string
	if x.Conn != nil {
		if p := x.Conn.Client.Process; p != nil && p.Name != "" {
			who = p.Name
		} else {
			addr = host(x.Conn.Client.Addr)
		}
	}
	if x.Request != nil {
		agent, version = wire.FieldValue(x.Request.Fields, "User-Agent"), x.Request.Call.Version
	}
	agent = agent[:min(len(agent), maxText)]
	s.name = append(append(append(append(append(s.name[:0], who...), '\n'), addr...), '\n'), agent...)
	row := s.clients.find(s.name)
	switch {
	case row != nil && row.Count == 0:
		row.Client = Client{Name: cloned(who), Addr: cloned(addr), Agent: cloned(agent)}
	case row == nil && s.otherClient == nil:
		s.otherClient = &client{Client{Other: true}}
		fallthrough
	case row == nil:
		row = s.otherClient
	}
	row.asks(version)
	return row
}

// host returns an address without the port, which differs from connection to
// connection.
func host(addr string) string {
	if i := strings.LastIndexByte(addr, ':'); i > 0 && strings.HasPrefix(addr, "tcp://") && i > strings.LastIndexByte(addr, ']') && i > len("tcp:") {
		return addr[:i]
	}
	return addr
}
