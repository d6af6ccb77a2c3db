package content

import "github.com/socktrace/socktrace/protobuf"

// Shown is a message as JSON.
type Shown struct {
	Data  []byte
	Info  protobuf.Info
	Spent bool // there is less of it than of others: there is no memory for more
	room  int  // of the account
}

const (
	// littleJSON is how much JSON is made without asking for memory, in bytes.
	littleJSON = 16 << 10
	// maxGrowth is about how many bytes of JSON a byte of a message becomes, at most.
	maxGrowth = 16
	// jsonRoom is how much memory is needed for a byte of JSON: it grows, there are the
	// fields that it is made of, and it is masked.
	jsonRoom = 3
)

// Show shows a message, written to the memory of json. What it needs is charged until
// Forget is called: many connections may do so at once, and few bytes become many. If
// there is less, the beginning is shown, in as much as there is.
func (l *Limits) Show(s *protobuf.Schema, t *protobuf.Type, b, json []byte, p protobuf.Limits) (m Shown) {
	p.Size = 4 * l.Message
	if size, ok := l.room(min(p.Size, maxGrowth*len(b))); ok {
		m.room = size
	} else {
		const perField = 64
		m.room, m.Spent = size, true
		p.Size = max(size/jsonRoom, littleJSON)
		p.Fields = p.Size / perField
		if n := p.Size / 2; len(b) > n { // a text is not cut
			l.Account.Missed(len(b) - n)
			p.Missing += int64(len(b) - n)
			b = b[:n]
		}
	}
	m.Data, m.Info = s.AppendJSON(json[:0], t, b, p)
	m.Spent = m.Spent && m.Info.Fault != "" && !m.Info.Elided
	return m
}

// room charges what n bytes of JSON need, and returns how much that is. If there is not as
// much, it is what there is, and ok is false.
func (l *Limits) room(n int) (room int, ok bool) {
	for size := n; size > littleJSON; size /= 2 {
		if l.Account.Charge(jsonRoom * size) {
			return jsonRoom * size, size == n
		}
	}
	return 0, n <= littleJSON
}

// Forget gives back what m needed.
func (l *Limits) Forget(m Shown) { l.Account.Refund(m.room) }
