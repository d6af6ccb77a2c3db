package lesson

import (
	"time"

	"github.com/socktrace/socktrace/equivalent"
)

// Options say how a lesson is written.
type Options struct {
	HTML   bool
	Title  string             // empty: what is known of the session
	Daemon equivalent.Options // for the calls that ask for the same
	Zone   *time.Location     // of clock times; nil is time.Local
	Memory int                // for what is kept of a session, in bytes; 0 is 32 MiB, which is the most
}
