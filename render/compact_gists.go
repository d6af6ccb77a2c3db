package render

import "github.com/socktrace/socktrace/wire"

// gists are what was said already, which is not said again.
type gists struct {
	last string          // why the last exchange that was explained was asked for
	of   map[string]bool // what operations are for
}

// maxGists bounds how many sentences are known to have been shown: there are fewer operations.
const maxGists = 1 << 10

// shows reports whether this is to be shown of an exchange, and notes it: not what the exchange before
// has said, and once what any such request asks for.
func (g *gists) shows(said *wire.Said) bool {
	shows := said.Brief != g.last && !g.of[said.Brief]
	g.last = said.Brief
	if said.Brief == said.Asks && len(g.of) < maxGists {
		if g.of == nil {
			g.of = make(map[string]bool)
		}
		g.of[said.Brief] = true
	}
	return shows
}
