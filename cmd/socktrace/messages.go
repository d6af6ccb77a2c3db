package main

import (
	"fmt"
	"io"

	"github.com/socktrace/socktrace/internal/plural"
)

// maxMessages bounds how many messages wait for an output that stalls: a pipe that is not
// read, or a terminal that was stopped.
const maxMessages = 256

// messages writes what the tool itself has to say, one message with each Write. On a
// terminal they are broken between words.
type messages struct{ *bounded }

// newMessages returns messages to out. Those that there was no room for are told of when
// there is.
func newMessages(out io.Writer) *messages {
	return &messages{newBounded(wrapping{out}, maxMessages, func(b *bounded) {
		if n := b.lost.Swap(0); n > 0 {
			fmt.Fprintf(out, "socktrace: %s %s left out\n", plural.Of(n, "message"), plural.Verb(n, "was", "were"))
		}
	})}
}
