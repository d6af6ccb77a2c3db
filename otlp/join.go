package otlp

import (
	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/wire"
)

// Join says which spans that clients name are parents of ours; the others are links.
type Join uint8

const (
	// JoinAuto is all but those of docker compose and buildx: they name spans also when
	// they export none, and what is below those would be lost.
	JoinAuto Join = iota
	JoinAlways
	JoinNever
)

// Joins are the names of what Join says.
func Joins() []string { return []string{"auto", "always", "never"} }

// joins reports whether a request on c, which no other connection is all of, joins the trace
// of the span that it names.
func (j Join) joins(c *wire.Conn, q *wire.Request) bool {
	if j != JoinAuto {
		return j == JoinAlways
	}
	process := ""
	if c != nil {
		if p := c.Outermost().Client.Process; p != nil {
			process = p.Name
		}
	}
	switch dockerapi.ProgramOf(wire.FieldValue(q.Fields, "User-Agent")).KindAs(process) {
	case dockerapi.Compose, dockerapi.Buildx:
		return false
	}
	return true
}
