package render

import (
	"strings"

	"github.com/socktrace/socktrace/wire"
)

// maxEndings bounds of how many connections is remembered how their exchanges ended.
// With more that never close, what is remembered is forgotten: too much is told then.
const maxEndings = 1 << 10

// endings remembers of connections, until they close, that not all of their exchanges
// ended in order: true, if that is because the client left.
type endings map[int]bool

// note notes how an exchange ended.
func (e *endings) note(x *wire.Exchange) {
	if !brokeOff(x) && !x.Outcome.Left || x.Conn == nil {
		return
	}
	if *e == nil || len(*e) >= maxEndings {
		*e = make(endings)
	}
	(*e)[x.Conn.ID] = !brokeOff(x)
}

// news says whether it is worth a word why a connection ended. It is not if an exchange
// says that the client left, nor if all exchanges had ended by then: clients that
// have all that they want often reset their connections.
func (e endings) news(ev *wire.Close) bool {
	id := connID(&ev.Meta)
	left, known := e[id]
	delete(e, id)
	switch {
	case ev.Err == "" || ev.Stopped: // what was open then is told by its own line
		return false
	case known:
		return !left
	}
	return !byClient(ev.Err) || ev.Bytes[wire.ToClient] == 0
}

// byClient says whether it was the client that ended a connection, in the words of
// relays and of captures.
func byClient(err string) bool {
	return strings.HasPrefix(err, "client: ") || strings.HasSuffix(err, " by the client")
}
