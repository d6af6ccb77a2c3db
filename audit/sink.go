package audit

import (
	"fmt"
	"io"
	"sync"
	"sync/atomic"

	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/internal/jsontext"
	"github.com/socktrace/socktrace/risk"
	"github.com/socktrace/socktrace/wire"
)

// Sink writes lines. It is a wire.Sink that may be called for several connections at once,
// and keeps no events.
type Sink struct {
	o        Options
	out      *output
	sessions sync.Map // *wire.Conn, the outermost → *session
	before   int64    // lines that others have written
	known    known
	made     made
	held     atomic.Int64 // what is kept of open exchanges, in bytes
	closing  sync.Once
}

// Open returns a Sink that goes on in the file called name: see chain.Open.
func Open(name string, o Options) (*Sink, error) {
	out, err := openOutput(name, o)
	if err != nil {
		return nil, fmt.Errorf("audit: %w", err)
	}
	return begun(out, o), nil
}

// NewSink returns a Sink that writes to w.
func NewSink(w io.Writer, o Options) *Sink { return begun(newOutput(w, o), o) }

// begun returns a Sink that has said that it begins.
func begun(out *output, o Options) *Sink {
	s := &Sink{o: out.o, out: out, known: known{sockets: o.Sockets}}
	s.before, _ = out.log.Head()
	w := begin("start", s.o.Now(), o.Host)
	w.Optional("version", o.Version)
	w.Flag("strict", o.Strict)
	w.Flag("reads", o.Reads)
	_ = out.put(members(w), nil)
	return s
}

// Needs is what heads say, and the documents that tell what requests want.
func (s *Sink) Needs() wire.Needs {
	return wire.Needs{Lines: true, Fields: true, Telling: true, Concurrent: true}
}

// session returns that of a connection.
func (s *Sink) session(c *wire.Conn) *session {
	c = c.Outermost()
	if known, ok := s.sessions.Load(c); ok {
		return known.(*session)
	}
	known, _ := s.sessions.LoadOrStore(c, &session{sockets: s.known.reaching(c), open: make(map[key]*entry)})
	return known.(*session)
}

// Event notes what an event tells, and writes the line of an exchange that has ended. It
// does not fail: see Options.Failed.
func (s *Sink) Event(ev wire.Event, x *wire.Exchange) error {
	m := ev.EventMeta()
	if c, ok := ev.(*wire.Close); ok {
		if c.Conn == c.Conn.Outermost() {
			s.sessions.Delete(c.Conn)
		}
		return nil
	}
	of := s.session(m.Conn)
	of.mu.Lock()
	defer of.mu.Unlock()
	switch ev := ev.(type) {
	case *wire.TLS:
		if ev.Peer != "server" && len(ev.Client) > 0 {
			of.holder = &ev.Client[0]
		}
	case *wire.Request:
		e := of.entry(m, true)
		e.begin(ev, s.known.of(of))
		if x != nil {
			e.see(x)
		}
		s.made.follow(e)
		s.charge(e)
		if s.o.Strict {
			of.due = append(of.due, e)
		}
	case *wire.Message:
		s.message(of, ev)
	case *wire.Body:
		if e := of.entry(m, false); e != nil && ev.Dir == wire.ToServer {
			e.body, e.bytes = true, ev.WireBytes
		}
	case *wire.Anomaly:
		if m.Exchange == 0 && m.Dir == wire.ToServer {
			s.unread(of, m, ev.Detail)
		}
	case *wire.Response:
		e := of.entry(m, x != nil)
		if ev.Interim || e == nil {
			break
		}
		if e.status = ev.Status; x != nil {
			e.see(x)
		}
		of.due = append(of.due, e)
	case *wire.Exchange:
		s.ended(of, ev)
	}
	return nil
}

// message notes what a message tells.
func (s *Sink) message(of *session, m *wire.Message) {
	switch {
	case m.Dir != wire.ToServer:
		if e := of.entry(&m.Meta, false); e != nil && e.request != nil && m.Kind == wire.KindJSON {
			s.known.learn(dockerapi.Named(e.request.Call.Operation), m.Data)
			s.made.note(e, m.Data)
		}
	case m.Exchange == 0 && m.Kind == wire.KindRaw:
		s.unread(of, &m.Meta, "bytes that are no HTTP")
	case m.Exchange > 0 && m.Kind.IsJSON():
		if e := of.entry(&m.Meta, false); e != nil {
			e.document(m, s.known.of(of))
			s.charge(e)
		}
	}
}

// maxHeld bounds what is kept of all open exchanges, in bytes.
const maxHeld = 16 << 20

// charge counts what is kept of an exchange. If that is too much, with all others, only its
// marks are.
func (s *Sink) charge(e *entry) {
	n := e.size()
	if s.held.Add(n-e.held) > maxHeld {
		e.shrink()
		s.held.Add(e.size() - n)
		n = e.size()
	}
	e.held = n
}

// unread writes, once for a connection, that its client has sent what could not be read:
// it may have asked for anything.
func (s *Sink) unread(of *session, m *wire.Meta, what string) {
	if of.unread {
		return
	}
	of.unread = true
	e := &entry{conn: m.Conn, risks: []risk.Risk{{Mark: risk.Unjudged, Why: clip("the client sent what could not be read: "+what, maxText)}}}
	w := begin("unread", m.Start, s.o.Host)
	writePlace(w, m.Conn, 0)
	writeClient(w, m.Conn, of.holder, &s.o)
	e.writeRisks(w)
	s.put(of, w, e.news())
}

// put writes a line; that it could not be is noted for Refused.
func (s *Sink) put(of *session, w *jsontext.Writer, what *news) {
	if err := s.out.put(members(w), what); err != nil && s.o.Strict {
		of.broken = err
	}
}

// tell writes a line of an exchange.
func (s *Sink) tell(of *session, event string, e *entry, x *wire.Exchange) {
	w := begin(event, e.start, s.o.Host)
	writePlace(w, e.conn, e.number)
	writeClient(w, e.conn, of.holder, &s.o)
	e.writeAsked(w)
	w.Count("status", int64(e.status))
	switch {
	case x != nil:
		writeEnd(w, x)
	case event == "call":
		w.Word("state", "open")
	}
	e.writeRisks(w)
	s.put(of, w, e.news())
}

// ended writes what is not written yet of an exchange that has ended.
func (s *Sink) ended(of *session, x *wire.Exchange) {
	e := of.entry(&x.Meta, true)
	delete(of.open, key{x.Conn, x.Exchange})
	s.held.Add(-e.held)
	e.see(x)
	if e.told {
		w := begin("end", x.End, s.o.Host)
		writePlace(w, e.conn, e.number)
		e.writeWhat(w)
		writeEnd(w, x)
		s.put(of, w, nil)
		return
	}
	e.settle()
	if e.told = true; e.matters(s.o.Reads) { // nothing is due any more
		s.tell(of, "call", e, x)
	}
}

// Settle writes what is known by now of exchanges that are answered, and with
// Options.Strict, asked for. It is called for a connection that no other carries, when
// all events of a read have come and before its bytes go on.
func (s *Sink) Settle(c *wire.Conn) {
	known, ok := s.sessions.Load(c)
	if !ok {
		return
	}
	of := known.(*session)
	of.mu.Lock()
	defer of.mu.Unlock()
	if len(of.due) == 0 {
		return
	}
	kept := of.due[:0]
	for _, e := range of.due {
		if s.settle(of, e) {
			kept = append(kept, e)
		}
	}
	clear(of.due[len(kept):])
	of.due = kept
}

// settle writes a line that is due, and reports whether it is too early for that.
func (s *Sink) settle(of *session, e *entry) (early bool) {
	switch {
	case e.told:
		return false
	case e.status > 0:
		e.settle()
		if e.matters(s.o.Reads) {
			e.told = true
			s.tell(of, "call", e, nil)
		}
		return false
	case e.asked || !s.o.Strict:
		return false
	case e.awaits():
		return true
	}
	if e.asked = true; e.matters(s.o.Reads) {
		s.tell(of, "request", e, nil)
	}
	return false
}

// Refused returns why nothing more is to be relayed of a connection that no other
// carries: a line of it could not be written. It is nil unless Options.Strict.
func (s *Sink) Refused(c *wire.Conn) error {
	known, ok := s.sessions.Load(c)
	if !ok {
		return nil
	}
	of := known.(*session)
	of.mu.Lock()
	defer of.mu.Unlock()
	return of.broken
}

// Lines returns how many lines were written, and the hash of the last.
func (s *Sink) Lines() (n int64, head string) {
	n, head = s.out.log.Head()
	return n - s.before, head
}

// LeftOut returns how many lines were left out, and their bytes as far as they are known:
// since there was no room for them while the file stalled, or it could not be written to.
func (s *Sink) LeftOut() (lines, bytes int64) { return s.out.leftOut() }

// Close says in the file that the audit stops, and closes it.
func (s *Sink) Close() (err error) {
	s.closing.Do(func() {
		_ = s.out.put(members(begin("stop", s.o.Now(), s.o.Host)), nil)
		err = s.out.close()
	})
	return err
}
