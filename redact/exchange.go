package redact

import (
	"slices"

	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/internal/media"
	"github.com/socktrace/socktrace/redact/internal/mask"
	"github.com/socktrace/socktrace/wire"
)

// exchangeState is what must be remembered of an exchange. Number 0 is what
// belongs to none.
type exchangeState struct {
	traits   dockerapi.Traits
	forms    [2]bool // by direction: the body is a form, as a query is
	asked    bool    // its request came
	grpc     bool    // messages of gRPC did
	recipe   *recipe // the files that BuildKit fetches by it to know how to build; nil if it does not
	types    [2]media.Type
	upgraded bool
	document bool     // the answer is one, in JSON
	names    []string // of what was masked
	streams  []*stream
	clean    [2]digest // of a JSON message, by direction
	listed   [2]bool   // by direction: entries of an archive were told
}

// stream returns the stream that m is a piece of, made if need be.
func (x *exchangeState) stream(m *wire.Message) *stream {
	for _, st := range x.streams {
		if st.dir == m.Dir && st.kind == m.Kind {
			return st
		}
	}
	st := &stream{dir: m.Dir, kind: m.Kind}
	x.streams = append(x.streams, st)
	return st
}

// ended forgets the streams of a direction, whose body has ended, and returns how
// much was charged for them.
func (x *exchangeState) ended(dir wire.Dir) (room int) {
	if len(x.streams) == 0 {
		return 0
	}
	x.streams = slices.DeleteFunc(x.streams, func(st *stream) bool {
		if st.dir == dir {
			room += st.room
		}
		return st.dir == dir
	})
	return room
}

// note remembers the names of what was masked, and counts each once an
// exchange.
func (x *exchangeState) note(names []string, t *tally) {
	for _, name := range names {
		if name == tracedName {
			continue
		}
		if len(x.names) < mask.MaxNames && !slices.Contains(x.names, name) {
			x.names = append(x.names, name)
			t.add(name)
		}
	}
}

// nameless notes, if it is so, that nobody knows what a stream of HTTP/2 asks for: it may
// be a secret of a build.
func (x *exchangeState) nameless(is bool) {
	if is {
		x.traits |= dockerapi.Data
	}
}

// answer notes what the exchange is, of which content travels as m says. streams
// says that its connection is of HTTP/2.
func (x *exchangeState) answer(streams bool, m *wire.Meta, content wire.Kind) {
	x.document = x.document || m.Dir == wire.ToClient && content == wire.KindJSON
	x.grpc = x.grpc || content == wire.KindGRPC
	x.nameless(m.Exchange != 0 && !x.asked && (streams || content == wire.KindGRPC))
}

// call reports whether the exchange is a call of gRPC: why that fails is said in its
// trailers, which are shown as all fields are.
func (x *exchangeState) call() bool { return x.grpc || wire.IsGRPC(x.types[wire.ToClient].Media) }
