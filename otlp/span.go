package otlp

import (
	"time"
)

// span is an exchange that is open.
type span struct {
	spanContext
	number  int // of the exchange
	parent  [8]byte
	remote  bool // the parent is a span of the client
	placed  bool
	carries bool        // a connection
	inside  bool        // of which an exchange was told
	begun   time.Time   // of the first that was
	last    time.Time   // when the last ended
	link    spanContext // not valid: none
	named   bool        // the client has named that
	command *command    // nil: it has another trace
	stream  stream
}

// kind returns that of the span: the server's, if the client has made one of its own, which
// is the parent; else it stands for that.
func (s *span) kind() int {
	if s.remote {
		return kindServer
	}
	return kindClient
}

// holds notes that something inside has been told.
func (s *span) holds(begin, end time.Time) {
	if !s.inside || begin.Before(s.begun) {
		s.begun = begin
	}
	if !s.inside || end.After(s.last) {
		s.last = end
	}
	s.inside = true
}
