package serve

import (
	"time"

	"github.com/socktrace/socktrace/wire"
)

// open is what is kept of an exchange until its end.
type open struct {
	said [2][]*wire.Message // by direction
	seen [2][]int           // how many of the other direction had come before each
	held int                // bytes of them
	eof  [2]time.Time       // when the directions of a stream ended; zero if they did not
}
