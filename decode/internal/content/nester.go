package content

import "github.com/socktrace/socktrace/wire"

// Looks says whether bytes look like the beginning of what a nested connection
// carries in a direction.
type Looks uint8

const (
	TooFew Looks = iota // more will tell
	Yes
	Sure // whatever the other direction has
	No
)

// Nester makes nested connections.
type Nester interface {
	// Looks tells whether b begins what a client, or a server, sends.
	Looks(dir wire.Dir, b []byte) Looks
	// Full reports whether no more connections may be inside.
	Full() bool
	// Nest returns what decodes a connection inside of another, which gets a number;
	// if its ends are not known, they are those of the other.
	Nest(inside wire.Conn) wire.Tap
}
