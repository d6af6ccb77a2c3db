package filter

import (
	"errors"
	"time"

	"github.com/socktrace/socktrace/internal/memory"
)

// ErrGivenUp is what is told of an exchange that is shown because it would have taken
// too much to decide it.
var ErrGivenUp = errors.New("shown undecided")

var (
	errWork   = givenUp("it takes too long to decide")
	errMemory = givenUp("there is no memory to decide it (--max-memory)")
)

// givenUp is why an expression was not evaluated to its end.
type givenUp string

func (e givenUp) Error() string        { return string(e) }
func (e givenUp) Is(target error) bool { return target == ErrGivenUp }

// maxWork bounds how long the expressions of a filter may take for one exchange, by
// what their steps usually take: whoever relays its bytes does nothing else meanwhile.
// It is not the time that counts, which depends on what else the machine does: what is
// shown must not. patience is how much more it may be where nobody waits for bytes.
const (
	maxWork  = 100 * time.Millisecond
	patience = 100
)

// What steps take, about, in nanoseconds.
const (
	stepWork    = 100 // a turn of a loop
	elementWork = 10  // an element that is looked at
	passWork    = 1   // a byte of text that is gone over
	readWork    = 5   // a byte of a document that is read
	objectWork  = 300 // an object of it that is made
	valueWork   = 100 // another value
	matchWork   = 30  // a byte of text that a small regular expression goes over
	threadWork  = 6   // the same, for each instruction beyond those of a small one
)

// What values of documents need of memory beside their text, about, in bytes: those
// of a short list need as much again while it grows.
const (
	objectRoom = 352
	valueRoom  = 64
)

// meterField is what the meter is called that a program has beside the fields: nobody
// can write that.
const meterField = "meter of"

// meter measures what it takes to decide one exchange. What is taken of memory is
// given back when an expression was evaluated.
type meter struct {
	left    int64 // of the work
	most    int64
	account memory.Account
	held    int // of memory
}

func newMeter(b *memory.Budget, most time.Duration) *meter {
	return &meter{left: int64(most), most: int64(most), account: memory.Of(b)}
}

// work notes that n things are done that each take some time.
func (m *meter) work(n, each int) error {
	if m.left -= int64(n) * int64(each); m.left < 0 {
		return errWork
	}
	return nil
}

// little is the memory that an expression may have in any case, in bytes: one that
// compares a few values is decided however much others hold.
const little = 4 << 10

// hold takes n bytes of memory.
func (m *meter) hold(n int) error {
	if m.held += n; m.held > little && !m.account.Need(n) {
		return errMemory
	}
	return nil
}

// release gives all memory back.
func (m *meter) release() {
	if m.held > little {
		m.account.Close()
	}
	m.held = 0
}

// reset is for the next exchange.
func (m *meter) reset() { m.left = m.most }
