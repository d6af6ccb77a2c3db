package audit

import (
	"time"

	"github.com/socktrace/socktrace/wire"
)

// Options say what is written, and where.
type Options struct {
	Version string // of the program
	Host    string // the name of this machine
	// Sockets are the paths of sockets that lead to a daemon, beside its own.
	Sockets []string
	// Container tells the name of a container of a connection's daemon, by its id; empty if
	// it is not known. May be nil.
	Container func(c *wire.Conn, id string) string
	// Reads has exchanges written too that change nothing and reveal no secret.
	Reads   bool
	MaxSize int64         // begin another file before one is larger; 0: there is no bound
	MaxAge  time.Duration // or when one is older than that; 0: there is no bound
	Keep    int           // how many older files are kept; 0: all
	// Spool is how many bytes of lines may wait in memory while the file stalls. What
	// there is no room for is left out, counted, and told in its place. 0: callers wait.
	Spool int64
	// Strict has a line written before a request goes on, too, and a connection refused
	// whose line could not be written: see Refused.
	Strict bool
	// Failed is told why a line could not be written: each reason once in a row. Lines
	// go on to be tried.
	Failed func(error)
	// Written is told each line that was written, in their order, with its marks unless a
	// line before has told them: both are valid during the call. It must be quick. May be
	// nil.
	Written func(line []byte, marks []string)
	// Now tells the time; nil is time.Now.
	Now func() time.Time
}
