package audit

import (
	"slices"
	"sync/atomic"
	"time"

	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/risk"
	"github.com/socktrace/socktrace/wire"
)

// entry is what is known of an open exchange.
type entry struct {
	conn    *wire.Conn
	number  int
	start   time.Time
	request *wire.Request // nil: it was not seen
	reads   bool          // it changes nothing, and is no risk as such
	judged  bool          // its document tells more
	docs    int           // documents that were judged
	body    bool          // the request's body has come to its end
	bytes   int64         // of it
	params  []param
	risks   []risk.Risk

	status  int
	subject wire.Subject
	details []wire.Detail

	held  int64 // what was charged for it, in bytes
	asked bool  // the line of the request is written
	told  bool  // the line of the exchange is written
	named int   // how many marks a line has told

	heard *atomic.Bool // set once a line of it was written that tells marks
	made  *thing       // that it starts; nil: it is not known
}

// begin notes the request, to a daemon of which this is known.
func (e *entry) begin(q *wire.Request, of risk.Known) {
	e.request, e.start = q, q.Start
	e.reads = reads(e.conn, q)
	e.judged = risk.Judges(q.Call.Operation, q.Target)
	e.add(risk.Request(q, of))
}

// reads reports whether a request changes nothing, by what it is called.
func reads(c *wire.Conn, q *wire.Request) bool {
	switch q.Call.Operation {
	case "ContainerAttachWebsocket": // what is typed goes in
		return false
	case "HTTP2Preface":
		return true
	}
	if risk.IsGRPC(q.Call.Operation) { // reversed: a daemon asks its client for files and credentials
		return c.Reversed || risk.ReadsOnly(q.Target)
	}
	return q.Method == "GET" || q.Method == "HEAD" || q.Method == "OPTIONS"
}

// add notes risks.
func (e *entry) add(risks []risk.Risk) {
	for _, r := range risks {
		e.risks = risk.Add(e.risks, r)
	}
}

// document judges a document of the request.
func (e *entry) document(m *wire.Message, of risk.Known) {
	if !e.judged || e.request == nil {
		return
	}
	e.docs++
	q := e.request
	cut := m.Truncated || m.Missing > 0 || int64(len(m.Data)) < m.Size
	e.add(risk.Document(q.Call.Operation, q.Target, m.Data, cut, of))
	if e.docs == 1 {
		e.params = read(nil, m.Data, "", 0)
	}
}

// size returns how much memory what is kept of the traffic holds, in bytes.
func (e *entry) size() int64 {
	n := sizeOf(e.params)
	for _, r := range e.risks {
		n += 32 + len(r.Why)
	}
	if e.made != nil {
		n += e.made.size()
	}
	return int64(n)
}

// shrink keeps the marks alone.
func (e *entry) shrink() {
	marks := e.marks()
	e.params, e.risks, e.made = nil, nil, nil
	for _, mark := range marks {
		e.risks = append(e.risks, risk.Risk{Mark: mark, Why: "not kept: too much was asked for at once"})
	}
}

// of notes that it starts t; nil is none.
func (e *entry) of(t *thing) {
	if e.made = t; t != nil && t.exec && e.subject.Container == "" {
		e.subject.Container = t.container
	}
}

// see notes what is known of the exchange by now.
func (e *entry) see(x *wire.Exchange) {
	e.subject, e.details = x.Subject, x.Details
	e.of(e.made)
	if x.Response != nil {
		e.status = x.Response.Status
	}
}

// expects reports whether the request has a body, or may have.
func (e *entry) expects() bool {
	if e.body {
		return e.bytes > 0
	}
	q := e.request
	return q.Stream != 0 || wire.HasField(q.Fields, "Transfer-Encoding") || !slices.Contains([]string{"", "0"}, wire.FieldValue(q.Fields, "Content-Length"))
}

// settle judges what is known when a line is written.
func (e *entry) settle() {
	switch {
	case e.request == nil:
		e.add([]risk.Risk{{Mark: risk.Unjudged, Why: "its request was not seen"}})
	case e.judged && e.docs == 0 && e.expects() && e.status < 400:
		e.add([]risk.Risk{{Mark: risk.Unjudged, Why: "no document was seen in its body"}})
	}
}

// matters reports whether there is to be a line.
func (e *entry) matters(reads bool) bool {
	if len(e.risks) > 0 || e.request == nil {
		return true
	}
	if dockerapi.Named(e.request.Call.Operation).Kin() == "SystemPing" || e.request.Call.Operation == "SystemPingHead" {
		return false
	}
	return !e.reads || reads
}

// awaits reports whether the request's document, which says what it asks for, is still to
// come: until then the daemon does nothing.
func (e *entry) awaits() bool {
	if !e.judged || e.docs > 0 || e.body || e.request == nil || !e.expects() {
		return false
	}
	t := wire.MediaType(wire.FieldValue(e.request.Fields, "Content-Type"))
	return t == "application/json" || wire.IsGRPC(t)
}

// news returns the marks, if some of them no line has told. Those of what is started were
// told when it was made: of a container only if the same process has made it, since another
// may start it, at another time.
func (e *entry) news() *news {
	n := &news{marks: e.marks(), heard: e.heard}
	if len(n.marks) == e.named {
		return nil
	}
	e.named = len(n.marks)
	if e.made != nil && (e.made.exec || e.made.maker.is(makerOf(e.conn))) {
		n.after = e.made
	}
	return n
}

// marks returns the marks of the risks, each once.
func (e *entry) marks() (all []string) {
	for _, r := range e.risks {
		if !slices.Contains(all, r.Mark) {
			all = append(all, r.Mark)
		}
	}
	return all
}
