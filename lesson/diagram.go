package lesson

import "time"

// diagram shows messages in the order of time.
type diagram struct {
	lanes  []string
	server int // the lane of the daemon; the container is behind it
	arrows []arrow
	folded int // messages that stand in one arrow with the one before
	left   int // arrows at the end that are not shown
}

// arrow is a message from one lane to another, or a note over both.
type arrow struct {
	from, to int // lanes
	kind     arrowKind
	label    string
	request  bool
	wrong    bool // it says that something failed
	times    int  // how often it comes in a row
	step     int  // its number
	at       time.Time
	order    int // of arrows at the same time
}

// arrowKind says what a message is.
type arrowKind uint8

const (
	asks    arrowKind = iota // a request, or what is sent behind one
	answers                  // an answer, or what comes behind one
	note                     // no message, but what happens between
)

// Bounds of a diagram.
const (
	maxArrows = 150
	maxLabel  = 42 // characters, beside the number of the step
)
