package diff

import (
	"testing"

	"github.com/socktrace/socktrace/wire"
)

// TestLeft: what waits and was left by its client before it said something differs in nothing from
// what waited to its end; it does if something was said, if its server ended it, or if it is no wait.
func TestLeft(t *testing.T) {
	const left, head, said, ended, brief = "left", "left behind the head", "left behind a document", "ended by the server", "left, but no wait"
	whole := func() *Session {
		s := answered(t, "POST /containers/a/wait 200")
		s.Exchanges[0].Request.Call = wire.Call{Operation: "ContainerWait", Waits: true}
		s.Exchanges[0].State = wire.StateDone
		s.Exchanges[0].Documents[wire.ToClient] = [][]byte{[]byte(`{"StatusCode":127}`)}
		return s
	}
	for what, same := range map[string]bool{left: true, head: true, said: false, ended: false, brief: false} {
		a, b := whole(), whole()
		x := b.Exchanges[0]
		x.State, x.Outcome.Left = wire.StateAborted, what != ended
		switch x.Documents[wire.ToClient] = nil; what {
		case left:
			x.Response = nil
		case said:
			x.Documents[wire.ToClient] = [][]byte{[]byte(`{"StatusCode":126}`)}
		case brief:
			a.Exchanges[0].Request.Call.Waits, x.Request.Call.Waits = false, false
		}
		for _, pair := range [][2]*Session{{a, b}, {b, a}} {
			if r := Compare(pair[0], pair[1], Options{}); (r.Count(Changed) == 0) != same {
				t.Errorf("%s: %s", what, r.Summary())
			}
		}
	}
}
