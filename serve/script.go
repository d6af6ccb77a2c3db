package serve

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/socktrace/socktrace/compare"
	"github.com/socktrace/socktrace/redact"
	"github.com/socktrace/socktrace/wire"
)

// What a Script may hold. More than that of a recording is an error (ErrTooLarge): to
// serve a part of it would answer wrongly.
const (
	maxExchanges = 100_000
	maxBytes     = 256 << 20 // of bodies, streams and heads together
)

// perPiece is about what a part of an answer costs beside its bytes.
const perPiece = 96

var (
	// ErrEmpty says that a recording has nothing that can be served.
	ErrEmpty = errors.New("no exchanges")
	// ErrTooLarge says that a recording has more than can be held.
	ErrTooLarge = fmt.Errorf("more than can be served: %d exchanges, or %d MiB", maxExchanges, maxBytes>>20)
)

// Script is what a daemon is asked and what it answers, in the order of the recording.
// It does not change, and may have several Servers.
type Script struct {
	exchanges []*exchange      // in the order in which their requests were complete
	index     *index           // of them, by what they ask for
	causes    []int            // the numbers of those that change something
	concern   map[string][]int // the same, by what they may concern: see causeKeys
	ids       []string         // that the daemon has chosen: clients ask for them as they are
	version   string           // the newest of the API that was seen, such as "1.41"; empty if none was
	http2     bool             // there are connections that became HTTP/2 for the calls of clients
	skipped   Skipped
	masked    []redact.Count
	mask      []string // further names of secrets: see ReadOptions
}

// Exchanges returns how many exchanges there are.
func (s *Script) Exchanges() int { return len(s.exchanges) }

// Skipped returns what the recording has that cannot be served.
func (s *Script) Skipped() Skipped { return s.skipped }

// Masked returns what was masked when the recordings were read, which had it in the clear.
func (s *Script) Masked() []redact.Count { return s.masked }

// Skipped counts exchanges of a recording that are not served, by why.
type Skipped struct {
	Inside  int // in a connection inside of another, but for those of BuildKit
	Headed  int // the request was not seen
	Status  int // its answer has a status outside of 200 to 599
	Foreign int // the connection became what is not served, such as h2c
}

// exchange is one of the script. Times count from the first request of the script.
type exchange struct {
	number   int // from 1, in the order of the script
	request  compare.Request
	called   string // the target of the request with its container called otherwise; empty if it has no other name
	compared bool   // the body is all there, and of a kind that can be compared
	op       string
	subject  wire.Subject
	file     int  // in which it was recorded, from 0
	lasts    bool // until something happens: see wire.Exchange.Waits
	asked    time.Duration
	answer   answer
	calls    []*exchange // in the HTTP/2 of a session, of the daemon: see calledBack
	session  *exchange   // that it names; nil if it names none that is known
	named    bool        // it is a session, and there is an exchange that names it
}

// name returns what e asks for: the operation, or else the method and the path.
func (e *exchange) name() string {
	if e.op != "" {
		return e.op
	}
	path, _, _ := strings.Cut(e.request.Target, "?")
	return line(e.request.Method, path)
}

// endsWithClient reports whether the daemon that was recorded ends e when the client says no
// more: what lasts does, but for streams that have input.
func (e *exchange) endsWithClient() bool {
	return !e.answer.streams && (e.lasts || e.answer.ends == stays)
}

// answer is what is said to a request. One with the status 0 never comes.
type answer struct {
	status  int
	fields  []wire.Field // without those that frame the body
	length  int64        // what Content-Length said; -1 if there was none
	head    time.Duration
	pieces  []piece
	trailer []wire.Field
	ends    ending
	last    piece         // the end; without data
	streams bool          // the connection leaves HTTP
	speaks  speech        // what the pieces are
	closed  time.Duration // when the client of a WebSocket has closed it, or said no more; for pieces that are ended
	lacks   string        // why it cannot be served; empty if it can
	input   input
	over    time.Duration // of a call of the daemon: when its answer had ended
	result  string        // and with which status of gRPC, such as "0"; empty if it was not seen
}

// piece is what came at one moment.
type piece struct {
	data  []byte
	at    time.Duration
	typed int64 // how much input had come before: bytes of a stream, messages of a call
	ended bool  // and whether that had ended
}

// input is what the client said in a stream.
type input struct {
	size int64
	data []byte // all of it, unless it was masked or is too long to compare
}

// speech is what an answer consists of.
type speech uint8

const (
	bytesOnly speech = iota // whatever it is
	messages                // messages of gRPC
	frames                  // frames of a WebSocket
	callsBack               // calls of the daemon: the connection is one of HTTP/2, in which that is the client
)

// ending is how an answer ends.
type ending uint8

const (
	ends  ending = iota // in order
	stays               // not before the client leaves
	cut                 // the connection breaks
)
