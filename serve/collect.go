package serve

import (
	"bytes"
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/socktrace/socktrace/compare"
	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/wire"
)

// collector makes a Script of the events of recordings. It is a wire.Sink, for one
// goroutine at a time.
type collector struct {
	open   map[place]*open
	back   map[place][]*exchange // calls of daemons, by what carries their connection
	backs  int                   // how many there are
	carry  map[place]*exchange   // what may carry such calls
	all    []*exchange
	file   int // that is read
	held   int // bytes
	script Script
	full   func() // is called once, when there is too much
	failed error
}

// maxBody is how much of one body or document is kept, in bytes.
const maxBody = 64 << 20

// place is where an exchange is.
type place struct {
	conn     *wire.Conn
	exchange int
}

func newCollector(full func()) *collector {
	return &collector{
		open: make(map[place]*open), back: make(map[place][]*exchange), carry: make(map[place]*exchange), full: full,
		script: Script{concern: make(map[string][]int)},
	}
}

// Needs implements wire.Sink.
func (c *collector) Needs() wire.Needs {
	return wire.Needs{Lines: true, Fields: true, Messages: true, Sizes: true, Body: maxBody, Keeps: true}
}

// Close implements wire.Sink.
func (c *collector) Close() error { return nil }

// Event implements wire.Sink.
func (c *collector) Event(ev wire.Event, _ *wire.Exchange) error {
	m := ev.EventMeta()
	if m.Exchange == 0 || c.failed != nil {
		return c.failed
	}
	at := place{m.Conn, m.Exchange}
	switch ev := ev.(type) {
	case *wire.Message:
		if wayOf(m.Conn) != elsewhere {
			o, n, dir := c.of(at), len(ev.Data)+perPiece, m.Dir&1
			o.said[dir] = append(o.said[dir], wire.Clone(ev).(*wire.Message))
			o.seen[dir] = append(o.seen[dir], len(o.said[1-dir]))
			o.held += n
			c.hold(n)
		}
	case *wire.EOF:
		c.of(at).eof[m.Dir&1] = m.End
	case *wire.Exchange:
		o := c.of(at)
		delete(c.open, at)
		c.hold(-o.held)
		c.add(ev, o)
	}
	return c.failed
}

// of returns what is kept of the exchange at a place, which begins with it.
func (c *collector) of(at place) *open {
	o := c.open[at]
	if o == nil {
		o = new(open)
		c.open[at] = o
	}
	return o
}

// hold counts n bytes that are kept, or, if n is negative, are not any more.
func (c *collector) hold(n int) {
	c.held += n
	if (c.held > maxBytes || len(c.all)+c.backs > maxExchanges) && c.failed == nil {
		c.failed = ErrTooLarge
		c.full()
	}
}

// add makes an exchange of the script, if it can be served.
func (c *collector) add(x *wire.Exchange, o *open) {
	way := wayOf(x.Conn)
	switch {
	case way == elsewhere:
		c.script.skipped.Inside++
		return
	case x.Request == nil:
		c.script.skipped.Headed++
		return
	case x.Response != nil && x.Upgrade == nil && (x.Response.Status < 200 || x.Response.Status > 599):
		c.script.skipped.Status++
		return
	case becomesHTTP2(x) && operationOf(x.Request) != session:
		c.script.http2 = true // the calls are what is answered
		return
	case x.Upgrade != nil && !served(x.Upgrade) && !becomesHTTP2(x):
		c.script.skipped.Foreign++
		return
	}
	e := c.exchange(x, o, way)
	c.script.see(x)
	switch {
	case way == byDaemon:
		at := place{x.Conn.Parent.Conn, x.Conn.Parent.Exchange}
		c.back[at] = append(c.back[at], e)
		c.backs++
	default:
		c.all = append(c.all, e)
		if e.answer.speaks == callsBack {
			c.carry[place{x.Conn, x.Meta.Exchange}] = e
		}
	}
	c.hold(heldBy(x, &e.answer))
}

// exchange returns x as one of the script.
func (c *collector) exchange(x *wire.Exchange, o *open, way way) *exchange {
	e := &exchange{
		request: compare.Request{Method: x.Request.Method, Target: x.Request.Target, Fields: x.Request.Fields},
		file:    c.file,
		op:      operationOf(x.Request),
		subject: x.Subject,
		lasts:   x.Waits(),
		asked:   sinceEpoch(askedAt(x)),
	}
	switch {
	case way == byDaemon:
		e.asked, e.answer = sinceEpoch(x.Request.End), calledBack(x, o)
	case isCall(x.Request.Fields):
		e.asked, e.answer = firstSaid(x, o), called(answerOf(x, o), o)
		e.request.Body, e.compared = firstMessage(x, o)
	default:
		e.answer = answerOf(x, o)
		e.request.Body, e.compared = comparedOf(x.RequestBody)
	}
	return e
}

// heldBy returns about how many bytes are kept of x, whose answer is a: the body of that is in
// the parts of a.
func heldBy(x *wire.Exchange, a *answer) int {
	n := wire.HeldBytes(x) + len(a.input.data)
	if b := x.ResponseBody; b != nil {
		n -= len(b.Data)
	}
	for _, p := range a.pieces {
		n += perPiece + len(p.data)
	}
	return n
}

// operationOf returns what a request asks for: recordings of others do not tell it.
func operationOf(r *wire.Request) string {
	if r.Call.Operation != "" {
		return r.Call.Operation
	}
	return operationNamed(r.Method, r.Target)
}

// operationNamed returns what a method and a target ask for.
func operationNamed(method, target string) string {
	call, _ := dockerapi.Match(method, target)
	if call.IsGRPC() {
		told, _ := call.ToldGRPC(target)
		return told.Operation
	}
	return call.Name()
}

// served reports whether what follows an upgrade can be played: whatever the protocol is called, if it
// was the output of a container.
func served(u *wire.Upgrade) bool {
	switch u.Content {
	case wire.KindMultiplexed, wire.KindTerminal:
		return true
	}
	return u.Protocol == "tcp" || u.Protocol == "hijack" || isWebSocket(u.Protocol)
}

// askedAt is when the request of x was complete: that of a stream is so with its head.
func askedAt(x *wire.Exchange) time.Time {
	if b := x.RequestBody; b != nil && x.Upgrade == nil && b.End.After(x.Request.End) {
		return b.End
	}
	return x.Request.End
}

// comparedOf returns the body of a request as far as it is compared; false if it is not:
// there is not all of it, or it is an archive or the like.
func comparedOf(b *wire.Body) ([]byte, bool) {
	switch {
	case b == nil:
		return nil, true
	case b.Truncated || b.Content != wire.KindJSON && b.Content != wire.KindText && b.Content != wire.KindNone:
		return nil, false
	}
	return b.Data, true
}

// see notes the newest version of the API that x speaks of.
func (s *Script) see(x *wire.Exchange) {
	names := []string{x.Request.Call.Version}
	if x.Response != nil {
		names = append(names, wire.FieldValue(x.Response.Fields, "Api-Version"))
	}
	for _, name := range names {
		v, is := dockerapi.ParseVersion(name)
		if before, _ := dockerapi.ParseVersion(s.version); is && v.Compare(before) > 0 {
			s.version = name
		}
	}
}

// answerOf returns what was answered in x.
func answerOf(x *wire.Exchange, o *open) answer {
	a := answer{ends: endingOf(x), length: -1, last: piece{at: sinceEpoch(x.End)}}
	if x.Response == nil {
		return a
	}
	a.status, a.head = x.Response.Status, sinceEpoch(x.Response.End)
	a.fields = fieldsOf(x)
	if n, err := strconv.ParseInt(wire.FieldValue(x.Response.Fields, "Content-Length"), 10, 64); err == nil && n >= 0 {
		a.length = n
	}
	if x.Upgrade != nil {
		if becomesHTTP2(x) {
			a.speaks = callsBack
		}
		a.stream(x, o)
		return a
	}
	if b := x.ResponseBody; b != nil {
		a.trailer = b.Trailer
		a.last.at = sinceEpoch(b.End)
	} else if a.ends == ends {
		a.last.at = a.head
	}
	if !bodiless(x.Request.Method, a.status) {
		a.pieces, a.lacks = bodyOf(x.ResponseBody, o.said[wire.ToClient])
	}
	return a
}

// framing are fields that say how a body is sent, or are of the connection: they are made
// anew.
var framing = map[string]bool{
	"connection": true, "content-length": true, "keep-alive": true, "proxy-connection": true, "trailer": true, "transfer-encoding": true, "upgrade": true,
}

// fieldsOf returns the fields of the answer that are sent as they were. Bodies are sent
// without the codings that were removed from them.
func fieldsOf(x *wire.Exchange) (kept []wire.Field) {
	for _, f := range x.Response.Fields {
		name := strings.ToLower(f.Name)
		decoded := name == "content-encoding" && isDecoded(x.ResponseBody, f.Value)
		if !framing[name] && !decoded && wire.IsToken(name) {
			kept = append(kept, f)
		}
	}
	return kept
}

// isDecoded reports whether b, which may be nil, is there without the coding that its head names:
// that was removed, or was never there, since HAR of browsers has the text itself (HAR 1.2,
// content).
func isDecoded(b *wire.Body, coding string) bool {
	switch {
	case b == nil || len(b.Data) == 0:
		return false
	case b.Coding != "":
		return true
	case strings.EqualFold(coding, "gzip"):
		return !bytes.HasPrefix(b.Data, []byte("\x1f\x8b")) // RFC 1952, section 2.3.1
	}
	return utf8.Valid(b.Data) // what is coded hardly ever is
}

// endingOf returns how the answer of x ended. Who left, or was there when the trace ended,
// has not seen an end.
func endingOf(x *wire.Exchange) ending {
	switch {
	case x.ResponseBody != nil && x.ResponseBody.Complete:
		return ends
	case x.Outcome.Left || x.State == wire.StateOpen:
		return stays
	case x.State == wire.StateAborted:
		return cut
	}
	return ends
}

// stream has a say what a stream said.
func (a *answer) stream(x *wire.Exchange, o *open) {
	a.streams = true
	typed, over := behind(o.said[wire.ToServer], x.RequestBody), o.eof[wire.ToServer]
	if at := o.eof[wire.ToClient]; !at.IsZero() {
		a.last.at = sinceEpoch(at)
	}
	if isWebSocket(x.Upgrade.Protocol) {
		a.speaks = frames
		in := channelsOf(a.fields)
		a.pieces, a.lacks = in.frames(o.said[wire.ToClient])
		if o.eof[wire.ToClient].IsZero() && a.ends == ends {
			a.pieces = inOrder(a.pieces, a.last.at)
		}
		typed, over = in.entered(typed, over)
		if !over.IsZero() {
			a.closed = sinceEpoch(over)
		}
	} else {
		a.pieces, a.lacks = join(o.said[wire.ToClient], nil)
	}
	a.input.of(typed)
	a.afterInput(typed, over)
}

// behind returns the messages that are not in a body, which they may follow; b may be nil.
func behind(said []*wire.Message, b *wire.Body) []*wire.Message {
	if b == nil {
		return said
	}
	first := slices.IndexFunc(said, func(m *wire.Message) bool { return m.Off >= b.Off+b.WireBytes })
	if first < 0 {
		return nil
	}
	return said[first:]
}

// maxInput is how much of the input of a stream is compared.
const maxInput = 1 << 20

// of says what the client has typed.
func (i *input) of(said []*wire.Message) {
	whole := true
	for _, m := range said {
		i.size += m.Size
		whole = whole && len(m.Masked) == 0 && !m.Truncated && i.size <= maxInput
		if whole {
			i.data = append(i.data, m.Data...)
		}
	}
	if !whole {
		i.data = nil
	}
}

// afterInput says of each piece, and of the end, how much input came before it, and whether
// that was over.
func (a *answer) afterInput(said []*wire.Message, over time.Time) {
	typed := int64(0)
	after := func(p *piece) {
		for len(said) > 0 && sinceEpoch(said[0].End) <= p.at {
			typed += said[0].Size
			said = said[1:]
		}
		p.typed = typed
		p.ended = (a.speaks == frames || a.input.size > 0) && !over.IsZero() && sinceEpoch(over) <= p.at
	}
	for i := range a.pieces {
		after(&a.pieces[i])
	}
	after(&a.last)
}

// bodiless reports whether an answer has no body, whatever it says (RFC 9112, section 6.3).
func bodiless(method string, status int) bool {
	return method == "HEAD" || status == 204 || status == 304
}

// finish returns the script of what was collected.
func (c *collector) finish() (*Script, error) {
	if c.failed != nil {
		return nil, c.failed
	}
	s := &c.script
	for at, e := range c.carry {
		e.calls = c.back[at]
		slices.SortStableFunc(e.calls, func(a, b *exchange) int { return cmp.Compare(a.asked, b.asked) })
	}
	slices.SortStableFunc(c.all, func(a, b *exchange) int {
		return cmp.Or(cmp.Compare(a.file, b.file), cmp.Compare(a.asked, b.asked))
	})
	s.exchanges = c.all
	if len(s.exchanges) == 0 {
		return s, ErrEmpty
	}
	s.inOneTime()
	link(s.exchanges)
	s.ids = idsOf(s.exchanges)
	for i, e := range s.exchanges {
		e.number = i + 1
		e.called = e.calledOtherwise()
		if e.isCause() {
			s.causes = append(s.causes, e.number)
			for _, k := range e.causeKeys() {
				s.concern[k] = append(s.concern[k], e.number)
			}
		}
	}
	s.index = s.indexed(compare.NewPlaces(nil))
	return s, nil
}

// indexed returns an index of the exchanges, in which nothing counts that is ignored.
func (s *Script) indexed(ignored *compare.Places) *index {
	x := newIndex()
	chosen := make(map[string]bool, len(s.ids))
	for _, id := range s.ids {
		chosen[id] = true
	}
	for _, e := range s.exchanges {
		sign := compare.SignA(e.op, &e.request, ignored)
		sign.AnyRest = sign.AnyRest || !e.compared
		path, _ := compare.Path(e.request.Target)
		if e.called != "" {
			other := e.request
			other.Target = e.called
			sign.Or(compare.SignA(e.op, &other, ignored))
			path += " " + e.called
		}
		x.add(keyOf(e.op, e.request.Method, e.request.Target), e.number, sign, hasOtherIDs(path, chosen))
	}
	return x
}

// inOneTime has the times of all files count from the first request of the first; each file
// begins when the one before it has ended.
func (s *Script) inOneTime() {
	file, from, end := -1, time.Duration(0), time.Duration(0)
	for _, e := range s.exchanges {
		if e.file != file {
			file, from = e.file, e.asked-end
		}
		e.shift(from)
		end = max(end, e.asked, e.answer.last.at)
	}
}

// shift has the times of e count from another time.
func (e *exchange) shift(from time.Duration) {
	e.asked -= from
	a := &e.answer
	a.head -= from
	a.last.at -= from
	a.closed -= from
	a.over -= from
	for i := range a.pieces {
		a.pieces[i].at -= from
	}
	for _, c := range e.calls {
		c.shift(from)
	}
}

// keyOf is what requests for the same have in common: the operation, or else method and
// path. That of all pings is one.
func keyOf(op, method, target string) string {
	switch {
	case isPing(op):
		return "SystemPing"
	case op != "":
		return op
	}
	path, _ := compare.Path(target)
	return method + " " + path
}
