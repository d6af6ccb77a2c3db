package explain

import (
	"testing"

	"github.com/socktrace/socktrace/wire"
)

// BenchmarkTeller is what saying costs for an exchange.
func BenchmarkTeller(b *testing.B) {
	s := newSession(nil)
	c := s.conn(1, 7, "docker")
	x := *s.ask(c, cliAgent, "GET", "/v1.41/containers/json")
	b.ReportAllocs()
	for b.Loop() {
		x.Said, x.Response, x.Exchange = nil, nil, x.Exchange+1
		s.tell.Explain(x.Request, &x)
		x.Response = &wire.Response{Status: 200}
		s.tell.Explain(&x, &x)
	}
}
