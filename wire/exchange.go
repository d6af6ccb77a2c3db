package wire

import "time"

// State says how an exchange ended.
type State uint8

const (
	StateDone    State = iota // both messages are complete, or the upgraded connection was closed
	StateOpen                 // it was still running when the trace ended
	StateAborted              // the connection ended, or its framing broke, within it
	StatePartial              // the capture began or ended in it, or its answer was not found
)

// String returns the state's name as JSON lines spell it, such as "done".
func (s State) String() string { return [...]string{"done", "open", "aborted", "partial"}[s&3] }

// StreamStat counts the messages of one kind.
type StreamStat struct {
	Frames int64
	Bytes  int64
}

// Reset is the end of an HTTP/2 stream before its time (RFC 9113, section 6.4).
type Reset struct {
	Dir  Dir // of who ended it
	Code uint32
}

// End is the last event of an exchange as those tell it who decode or read it.
// Sinks get an Exchange in its place.
type End struct {
	Meta  // Off and Start are those of the request, End is when the last byte of either side was seen
	State State
	Reset *Reset // nil if it was not
	// Upgrade is what followed, if more became known of it after its event.
	Upgrade *Upgrade
	// Bodies are those whose data became known after their events, by direction:
	// a recording may tell it only here.
	Bodies [2]*Body
	// Streams is what readers of recordings know of messages that the recording
	// does not have, or has cut; nil where Message events tell it all.
	Streams *[KindCount]StreamStat
	// Messages is how many there were, by direction, if a recording tells it and may
	// not have them all; nil where Message events tell it all.
	Messages *[2]int64
	Masked   []string // what was masked, beside what the exchange's other events tell
	Left     bool     // the client closed the connection before the end: see Outcome
	// About is what a recording tells of the exchange; nil if it tells nothing.
	About *About
}

// Exchange is the last event of an exchange, with everything that is known of
// it. Start is when the first byte of the request was seen, End when the last
// byte of either side was.
type Exchange struct {
	Meta
	State        State
	Request      *Request    // nil if it was not seen
	Response     *Response   // nil if there was none
	Interim      []*Response // 1xx responses before it
	RequestBody  *Body       // nil if there was none
	ResponseBody *Body
	FirstByte    time.Time // of the response; zero if there was none
	Upgrade      *Upgrade  // nil if it stayed HTTP
	// Streams counts the messages of both directions that are neither JSON
	// nor text, by Kind. Pieces of one frame are one; bytes that never came do
	// not count.
	Streams   [KindCount]StreamStat
	Messages  [2]int64 // Message events so far, by direction
	Anomalies []*Anomaly
	Reset     *Reset // nil if it was not
	Masked    []string

	// What people want to know of it. Readers of the traffic who know the daemon's
	// API tell it, as soon as it is known: see flow.Options.Learn.
	Subject Subject
	Details []Detail
	Outcome Outcome
	Said    *Said // in plain words; nil unless somebody does, see flow.Options.Explain

	// TLS is what the handshakes of its connection agreed on; only a Judge is told.
	TLS []*TLS
}

// Waits reports whether the exchange lasts until something happens, or until the
// client leaves: what becomes a stream does as well.
func (x *Exchange) Waits() bool { return x.Upgrade != nil || x.Request != nil && x.Request.Call.Waits }
