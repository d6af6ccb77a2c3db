package subject

import (
	"strings"
	"time"

	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/internal/jsontext"
	"github.com/socktrace/socktrace/wire"
)

// called notes why a call of gRPC has failed: the name of its status, and what its
// server says; or that the time was over that its client had for it.
func called(x *wire.Exchange) {
	g, is := x.GRPC()
	switch {
	case is && g.Overdue(x) && x.Outcome.Error == "":
		x.Outcome.Error = "DeadlineExceeded: the client waited " + g.Timeout.Round(time.Millisecond).String() + " for it"
	case !is || g.Status == "" || g.Status == "OK" || x.Outcome.Error != "":
	case g.Message == "":
		x.Outcome.Error = clip(g.Status)
	default:
		x.Outcome.Error = clip(g.Status + ": " + g.Message)
	}
}

// calls notes what the metadata of a call of gRPC says that it is about: the folder that
// BuildKit asks for. No other call is looked up.
func (d daemon) calls(q *wire.Request, x *wire.Exchange) {
	if q.Stream == 0 || !wire.HasField(q.Fields, "dir-name") {
		return
	}
	for _, n := range dockerapi.Namings(q.Target) {
		if n.Field != "" {
			d.named(n.Type, wire.FieldValue(q.Fields, n.Field), x)
		}
	}
}

// message notes what the first message of a call names.
func (d daemon) message(m *wire.Message, x *wire.Exchange) {
	if m.Dir != wire.ToServer || m.Index != 0 || len(m.Data) == 0 || x.Request == nil {
		return
	}
	for _, n := range dockerapi.Namings(x.Request.Target) {
		if n.Member != "" {
			d.named(n.Type, text(member(m.Data, n.Member)), x)
		}
	}
}

// named notes that x is about what is called so, unless something is known that is
// better.
func (d daemon) named(typ, called string, x *wire.Exchange) {
	if called != "" && x.Subject.Type == "" {
		x.Subject = d.about(typ, clip(called))
	}
}

// member returns a member of a document, by the names of what it is in and its own, in
// whatever case; of a list it is that of the first element. It is nil if there is none.
func member(doc []byte, path string) []byte {
	for element := range jsontext.Elements(doc) {
		doc = element
		break
	}
	name, rest, inner := strings.Cut(path, ".")
	for found, value := range jsontext.Members(doc) {
		switch {
		case !is(found, name):
		case inner:
			return member(value, rest)
		default:
			return value
		}
	}
	return nil
}
