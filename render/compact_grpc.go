package render

import (
	"github.com/socktrace/socktrace/internal/plural"
	"github.com/socktrace/socktrace/wire"
)

// call makes parts of what became of a call of gRPC: its status, and how many
// messages it had, if there were more than a question and an answer. Why it failed is
// told as that of all exchanges is.
func (r *row) call(x *wire.Exchange) {
	g, is := x.GRPC()
	if !is {
		return
	}
	if g.Status == "OK" && x.Outcome.Error == "" { // a stream may tell of what failed and end well
		r.own(plain, g.Status)
		r.part(part{gap: comma})
	}
	if n := g.Messages[wire.ToServer] + g.Messages[wire.ToClient]; n > 0 {
		r.counted(plain, n, plural.Word(n, "msg"))
		r.part(part{gap: comma, spare: true, late: true}) // what was in them says more
	}
}
