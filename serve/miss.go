package serve

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/socktrace/socktrace/compare"
	"github.com/socktrace/socktrace/internal/plural"
	"github.com/socktrace/socktrace/redact"
	"github.com/socktrace/socktrace/wire"
)

// Miss is a request that was not answered as in the recording. What is quoted in it of
// the client's and of the recording is masked, shortened and safe to be shown.
type Miss struct {
	Request string        // "POST /v1.41/containers/create"
	Why     string        // what was nearest, and what differed
	Times   int64         // how often it came
	After   time.Duration // the first, since the Server was made
}

// String returns the request and why it was missed.
func (m Miss) String() string { return m.Request + ": " + m.Why }

// Bounds of what is said of a request that was missed.
const (
	maxNear    = 64  // exchanges that are compared with it: of what may be the same, of its path, of its operation
	maxCounted = 256 // exchanges that are compared with it to count those that ask for the same
	maxShown   = 3   // differences
)

// missed returns l as a Miss: nothing in the recording asks for the same.
func (s *state) missed(l *live) Miss {
	shown := s.masked(l)
	return Miss{Request: lineOf(shown), Why: s.why(l, shown)}
}

// missedFor returns l as a Miss, for a reason.
func (s *state) missedFor(l *live, why string) Miss {
	return Miss{Request: lineOf(s.masked(l)), Why: why}
}

// why says why nothing in the recording asks for the same as l; shown is l, masked.
func (s *state) why(l, shown *live) string {
	shelf := s.index.shelves[l.key()]
	if why := notServed(l); why != "" && shelf == nil {
		return why
	}
	if shelf == nil {
		return "not recorded: there is no " + nameOf(l, shown)
	}
	same, near := s.near(shelf, l)
	e, differs := s.nearest(merged(first(same, maxNear), first(near, maxNear), first(shelf.all.exchanges, maxNear)), l)
	if len(differs) == 0 {
		return s.usedUp(same, l)
	}
	return fmt.Sprintf("not recorded: nearest is exchange %d", e.number) + said(s.differences(s.maskedLike(e, l), shown), len(differs))
}

// near returns the exchanges of a shelf that may ask for the same as l, and those that may do so but
// for what is not in the path.
func (s *state) near(of *shelf, l *live) (same, near []int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	sign := s.sign(l)
	same = merged(listsOf(of.find(sign))...)
	sign.AnyRest = true
	return same, merged(listsOf(of.find(sign))...)
}

// first returns as much of a list as n.
func first(list []int, n int) []int { return list[:min(len(list), n)] }

// notServed says why l can have no answer; empty if it can.
func notServed(l *live) string {
	if l.op == "Session" || l.op == "GRPC" {
		return "not recorded: there is no " + l.op + ", by which docker builds with BuildKit; without it if DOCKER_BUILDKIT is 0"
	}
	return ""
}

// nameOf returns what l asks for.
func nameOf(l, shown *live) string {
	if l.op != "" {
		return l.op
	}
	return lineOf(shown)
}

// usedUp says that all exchanges that ask for the same as l were used: they are among same.
func (s *state) usedUp(same []int, l *live) string {
	n, more := int64(0), ""
	for _, e := range first(same, maxCounted) {
		if len(s.differences(s.script.exchanges[e-1], l)) == 0 {
			n++
		}
	}
	if len(same) > maxCounted {
		more = " or more"
	}
	return fmt.Sprintf("recorded %s%s, and asked for more often", times(max(n, 1)), more)
}

// times returns how often something was.
func times(n int64) string {
	if n == 1 {
		return "once"
	}
	return plural.Of(n, "time")
}

// nearest returns the exchange that differs least from l, and in what; nothing if one does
// not differ at all.
func (s *state) nearest(all []int, l *live) (near *exchange, least []compare.Difference) {
	for _, n := range all {
		e := s.script.exchanges[n-1]
		d := s.differences(e, l)
		if len(d) == 0 {
			return e, nil
		}
		if near == nil || len(d) < len(least) {
			near, least = e, d
		}
	}
	return near, least
}

// said says what differs. Of the differences only those are named that are there when
// what is secret is masked; hidden is how many there are in all.
func said(shown []compare.Difference, hidden int) string {
	var b strings.Builder
	for i, d := range shown[:min(len(shown), maxShown)] {
		b.WriteString([]string{": ", "; "}[min(i, 1)])
		b.WriteString(quoted(d.Place))
		switch {
		case !d.HasA:
			fmt.Fprintf(&b, " is %s, and not in the recording", value(d.B))
		case !d.HasB:
			fmt.Fprintf(&b, " is not there, in the recording %s", value(d.A))
		default:
			fmt.Fprintf(&b, " is %s, in the recording %s", value(d.B), value(d.A))
		}
	}
	switch rest := int64(len(shown) - maxShown); {
	case len(shown) == 0:
		fmt.Fprintf(&b, ": %s in what is secret", plural.Of(int64(hidden), "difference"))
	case rest > 0:
		fmt.Fprintf(&b, "; and %s", plural.Of(rest, "other difference"))
	}
	return b.String()
}

// lineOf returns the request line of l.
func lineOf(l *live) string { return line(l.request.Method, l.request.Target) }

// masked returns l without what is secret, also by the names that the user has given.
func (s *state) masked(l *live) *live {
	r := redact.New(redact.Options{Key: s.marks, Names: s.script.mask})
	m := wire.Meta{Conn: new(wire.Conn), Exchange: 1}
	out := *l
	head := r.Event(&wire.Request{
		Meta: m, Method: l.request.Method, Target: l.request.Target, Version: "HTTP/1.1",
		Fields: slices.Clone(l.request.Fields), Call: wire.Call{Operation: l.op},
	}).(*wire.Request)
	out.request.Method, out.request.Target, out.request.Fields = head.Method, head.Target, head.Fields
	if len(l.request.Body) > 0 {
		out.request.Body = maskedBody(r, m, l)
	}
	return &out
}

// maskedLike returns e without what is secret, which a recording that was read with ShowSecrets has. Its
// body is of the kind that l has, since both ask for the same.
func (s *state) maskedLike(e *exchange, l *live) *exchange {
	out := *e
	out.request = s.masked(&live{request: e.request, op: e.op, call: l.call, message: l.message}).request
	return &out
}

// maskedBody returns the body of l without what is secret: r has seen its head.
func maskedBody(r *redact.Redactor, m wire.Meta, l *live) []byte {
	size := int64(len(l.request.Body))
	if kind := wire.KindJSON; isJSON(l.request.Body) {
		if l.call {
			kind = wire.KindGRPC
		}
		msg := r.Event(&wire.Message{Meta: m, Kind: kind, Type: l.message, Data: l.request.Body, Size: size}).(*wire.Message)
		return slices.Clone(msg.Data)
	}
	b := r.Event(&wire.Body{Meta: m, Content: wire.KindText, Bytes: size, WireBytes: size, Data: l.request.Body, Complete: true}).(*wire.Body)
	return b.Data
}
