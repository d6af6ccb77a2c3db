package http1

import (
	"strings"

	"github.com/socktrace/socktrace/decode/internal/anomaly"
	"github.com/socktrace/socktrace/decode/internal/content"
	"github.com/socktrace/socktrace/wire"
)

// A body ends where its head says. But a head may be wrong, and a client that
// asked whether it may send a body need not send it when it has its answer (RFC
// 9110, section 10.1.1). Then the next message begins where the body should go on:
// a response when the client has asked for it meanwhile, a request when the client
// has the answer to the one before. There, and nowhere else, a head is looked for
// in a body.

// mayEndHere notes that the body that s is in may end before its time, where s is.
func (s *side) mayEndHere() { s.turn = s.w.Off() }

// turned looks for a head where the body of s may end. It reports whether it has
// done anything, and whether s has to wait.
func (d *Decoder) turned(s *side) (did, waits bool) {
	b := s.w.Bytes()
	switch {
	case !s.inBody():
		s.turn = -1
		return false, false
	case len(b) == 0:
		return false, false
	}
	looks := plainHead(s.dir, b)
	if looks == content.TooFew && !s.w.Ended() {
		return false, true
	}
	s.turn = -1
	if looks == content.Yes {
		d.endEarly(s)
	}
	return looks == content.Yes, false
}

// endEarly ends the body of s where another message begins.
func (d *Decoder) endEarly(s *side) {
	x := s.exchange
	var detail string
	switch {
	case s.unsent():
		d.leaveOut(s)
		return
	case s.state == untilClose:
		detail = "a body that ends with the connection"
	case s.state == sized:
		detail = anomaly.Missing(s.left, "the body")
	default:
		detail = "the last chunk is missing"
	}
	d.wrong(s, x, anomaly.EarlyEnd, detail)
	d.swallowed(s)
	complete := s.state == untilClose
	s.on(endsEarly)
	d.done(s, complete)
}

// inBody reports whether s is within a body, and more of it must come.
func (s *side) inBody() bool {
	return s.state == untilClose || s.state == chunkSize || (s.state == sized || s.state == chunkData) && s.left > 0
}

// unsent reports whether s is in a body that its client need not send: it has asked
// whether it may, and the answer was not that it should go on.
func (s *side) unsent() bool {
	x := s.exchange
	return s.dir == wire.ToServer && x.answered && !x.goOn && s.w.Off() == s.begun &&
		strings.EqualFold(wire.FieldValue(x.fields[s.dir], "Expect"), "100-continue")
}

// leaveOut ends a message whose body is not sent.
func (d *Decoder) leaveOut(s *side) {
	s.on(endsEarly)
	d.done(s, true)
}
