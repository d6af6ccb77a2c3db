package diff

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"

	"github.com/socktrace/socktrace/compare"
	"github.com/socktrace/socktrace/internal/shortid"
	"github.com/socktrace/socktrace/wire"
)

// Bounds of what is kept of a session.
const (
	maxExchanges = 1 << 16
	maxBytes     = 64 << 20 // if there is no other bound
	entryBytes   = 1 << 10  // what an exchange takes besides what it holds
)

// An Exchange is one of a session, with what was said in it.
type Exchange struct {
	*wire.Exchange
	// Number counts the exchanges of the session by when they began, from 1.
	Number int
	// Documents are the JSON values, and the entries of archives, by direction.
	Documents [2][][]byte
	// Texts are what is no document, by direction and kind: output, input, lines of text.
	Texts [2][wire.KindCount][]byte
	// Cut says that not all of it was kept.
	Cut bool

	closed bool // the server has closed the WebSocket
}

// Operation returns what the exchange asks for, in a word: the name of the operation, or the
// method where that is not known.
func (x *Exchange) Operation() string {
	if x.Request == nil {
		return ""
	}
	if x.Request.Call.Operation != "" {
		return x.Request.Call.Operation
	}
	return x.Request.Method
}

// A Session is what is kept of one.
type Session struct {
	Name      string // what it is called
	Exchanges []*Exchange
	Left      int64 // exchanges that were not kept
}

// A Sink keeps a session. One goroutine at a time tells it events.
type Sink struct {
	session Session
	open    map[place]*Exchange
	room    int // bytes that may be kept
	body    int64
}

// place names an exchange.
type place struct {
	conn     *wire.Conn
	exchange int
}

// NewSink returns a sink that keeps a session of this name in so many bytes, 0 is the usual,
// and of each body so many.
func NewSink(name string, room int, body int64) *Sink {
	if room <= 0 {
		room = maxBytes
	}
	return &Sink{session: Session{Name: name}, open: make(map[place]*Exchange), room: room, body: body}
}

// Needs is all that is said.
func (s *Sink) Needs() wire.Needs {
	return wire.Needs{Lines: true, Fields: true, Sizes: true, Telling: true, Messages: true, Body: min(s.body, 64<<10), Digest: true, Keeps: true}
}

// Event keeps what is said in exchanges.
func (s *Sink) Event(ev wire.Event, _ *wire.Exchange) error {
	m := ev.EventMeta()
	if m.Exchange == 0 || m.Conn == nil {
		return nil
	}
	at := place{m.Conn, m.Exchange}
	switch ev := ev.(type) {
	case *wire.Message:
		if x := s.at(at); x != nil && !ev.Aside {
			s.message(x, ev)
		}
	case *wire.Exchange:
		x := s.at(at)
		delete(s.open, at)
		if x == nil {
			return nil
		}
		x.Exchange = ev
		s.room -= wire.HeldBytes(ev)
		s.session.Exchanges = append(s.session.Exchanges, x)
	}
	return nil
}

// at returns the exchange at a place; nil if there is no room for it.
func (s *Sink) at(at place) *Exchange {
	if x, ok := s.open[at]; ok {
		return x
	}
	if s.room <= 0 || len(s.session.Exchanges)+len(s.open) >= maxExchanges {
		s.session.Left++
		s.open[at] = nil
		return nil
	}
	s.room -= entryBytes
	x := &Exchange{}
	s.open[at] = x
	return x
}

// message keeps what a message says.
func (s *Sink) message(x *Exchange, m *wire.Message) {
	if x.isByChance(m) {
		return
	}
	if m.Truncated || len(m.Data) > s.room {
		x.Cut = true
	}
	if len(m.Data) > s.room {
		return
	}
	s.room -= len(m.Data) + 24
	if m.Kind.IsJSON() {
		x.Documents[m.Dir] = append(x.Documents[m.Dir], bytes.Clone(m.Data))
		return
	}
	text := &x.Texts[m.Dir][m.Kind]
	if m.Kind == wire.KindWebSocket && m.Opcode == wire.OpClose {
		*text = appendClose(*text, m.Data)
		return
	}
	*text = append(*text, m.Data...)
}

// appendClose appends what a close of a WebSocket says, which may be nothing, as a line of its own: a code
// and a reason (RFC 6455, section 5.5.1).
func appendClose(text, payload []byte) []byte {
	if n := len(text); n > 0 && text[n-1] != '\n' {
		text = append(text, '\n')
	}
	text = append(text, "(close"...)
	if len(payload) >= 2 {
		text = fmt.Appendf(text, " %d", binary.BigEndian.Uint16(payload))
		if len(payload) > 2 {
			text = fmt.Appendf(text, " %s", payload[2:])
		}
	}
	return append(text, ")\n"...)
}

// isByChance reports whether a control frame of a WebSocket says nothing of what was meant: when pings
// and pongs come, and whether the client has still answered the server's close before that had left.
func (x *Exchange) isByChance(m *wire.Message) bool {
	if m.Kind != wire.KindWebSocket || m.Opcode < wire.OpClose {
		return false
	}
	if m.Opcode == wire.OpClose && m.Dir == wire.ToClient {
		x.closed = true
		return false
	}
	return m.Opcode > wire.OpClose || x.closed
}

// Close does nothing.
func (s *Sink) Close() error { return nil }

// Session returns the session that was seen, in the order in which its exchanges began.
func (s *Sink) Session() *Session {
	all := s.session
	all.Exchanges = slices.DeleteFunc(slices.Clone(all.Exchanges), func(x *Exchange) bool { return x.Request == nil })
	slices.SortStableFunc(all.Exchanges, func(a, b *Exchange) int {
		return cmp.Or(a.Start.Compare(b.Start), cmp.Compare(a.Conn.ID, b.Conn.ID), cmp.Compare(a.Exchange.Exchange, b.Exchange.Exchange))
	})
	for i, x := range all.Exchanges {
		x.Number = i + 1
	}
	return &all
}

// Title returns what an exchange asks for, in short: the method, the path without the version,
// and of the query what asks for more than what is usual.
func (x *Exchange) Title() string {
	path, query := compare.Path(x.Request.Target)
	if query = compare.Query(x.Operation(), query); query != "" {
		query = "?" + query
	}
	return shortid.CutString(strings.TrimSpace(x.Request.Method+" "+path+query), "")
}

// Without returns the session without some of its exchanges.
func (s *Session) Without(some func(*Exchange) bool) *Session {
	rest := *s
	rest.Exchanges = slices.DeleteFunc(slices.Clone(s.Exchanges), some)
	return &rest
}

// isJSON reports whether the request of an exchange is one document.
func isJSON(x *Exchange) bool { return x.RequestBody != nil && x.RequestBody.Content == wire.KindJSON }

// document returns the document that a request is, nil if it is none, or more.
func (x *Exchange) document() []byte {
	if docs := x.Documents[wire.ToServer]; len(docs) == 1 && isJSON(x) {
		return docs[0]
	}
	return nil
}

// isForeign reports whether nothing is known of what an exchange asks for: it may be a request of a
// browser.
func isForeign(x *Exchange) bool { return x.Request.Call.Operation == "" }
