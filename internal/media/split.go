package media

import "strings"

// Role says what the bytes of a part are to who looks at it.
type Role uint8

const (
	Content Role = iota // of the part's own type
	Head                // lines around parts, which say what these are
	Frame               // what only says where parts begin and end
)

// Part is a piece of a body with a type of its own.
type Part struct {
	Role Role
	Name string // of a field of a form, as it was sent
	Type Type
	// Encoding is the Content-Transfer-Encoding, in lower case (RFC 2045, section
	// 6); empty if the bytes are as they are.
	Encoding string
	More     bool // it goes on with the last content, behind a frame
	Stream   bool // it may go on
	Sized    bool // a frame that ends in the size of what follows, a big-endian number of 32 bits
}

// Taker takes what a Splitter finds.
type Taker interface {
	// Part begins a part, and ends the one before.
	Part(Part)
	// Data is the next bytes of the part; off is where the first of them is in
	// the body. They are valid only during the call.
	Data(off int64, b []byte)
}

// Splitter takes a body apart as its bytes come, the same however they are cut.
// Every byte of the body is in a part, once and in order.
type Splitter struct {
	rules rules
	off   int64 // of held
	held  []byte
}

// rules say where parts begin and end.
type rules interface {
	// consume takes what it can of b, which begins at off, and returns how much
	// that is; the rest comes again with more behind it. end says that nothing
	// follows: then it takes all.
	consume(to Taker, off int64, b []byte, end bool) int
}

// NewSplitter returns what takes bodies of type t apart; nil if they are not in
// parts.
func NewSplitter(t Type) *Splitter {
	switch {
	case t.Boundary != "" && len(t.Boundary) <= maxBoundary && strings.HasPrefix(t.Media, "multipart/"):
		return &Splitter{rules: newMultipart(t)}
	case t.IsEvents():
		return &Splitter{rules: new(events)}
	case t.envelope() == plainEnvelope:
		return &Splitter{rules: new(envelopes)}
	}
	return nil
}

// Write takes the next bytes of the body.
func (s *Splitter) Write(to Taker, b []byte) { s.take(to, b, false) }

// Close is the end of the body.
func (s *Splitter) Close(to Taker) { s.take(to, nil, true) }

func (s *Splitter) take(to Taker, b []byte, end bool) {
	if len(s.held) > 0 {
		b = append(s.held, b...)
	}
	n := s.rules.consume(to, s.off, b, end)
	s.off += int64(n)
	s.held = append(s.held[:0:0], b[n:]...)
}

// Held returns how many bytes wait for more.
func (s *Splitter) Held() int { return len(s.held) }
