// Package redact masks secrets in events, once for all sinks: what a terminal,
// a HAR file or a JSON line shows went through it first. Its goals, in order:
// no secret that it knows of gets through, whatever the traffic looks like and
// however it was cut; what is valid stays so (JSON, targets, multiplexed
// streams); nothing else changes by a byte; it costs next to nothing where
// there is nothing to mask.
//
// It knows secrets
//
//   - by the name before them: header and trailer fields (header.go), query
//     parameters (query.go), JSON keys (json.go), variables, labels and
//     options, also where command lines quote them (names.go, words.go);
//   - by how they look: tokens that say what they are, private keys, passwords
//     in URLs (form.go), in all that is shown, and through all the pieces that
//     a stream comes in (pattern.go);
//   - by where they are (call.go): what is said to POST /auth, the data of
//     Docker's secrets and configs, what a client types into a container,
//     archives, and BuildKit's sessions.
//
// Credentials for registries are shown decoded, without what is secret in them
// (registry.go). Of archives only the size and the digest are left (body.go).
//
// It holds nothing back. So the public prefix by which a secret is known stays,
// as in "ghp_[masked 36 bytes #1f9a03bc]", and where a secret may have begun at
// the end of a piece, that is masked before it is certain.
//
// It does not know secrets that containers print and that look like nothing
// special, what terminals echo, and what is in base64, compressed or encrypted,
// but for what is named here.
package redact

import (
	"strings"
	"sync"
	"sync/atomic"

	"github.com/socktrace/socktrace/redact/internal/mask"
	"github.com/socktrace/socktrace/wire"
)

// Options says what New makes.
type Options struct {
	Off bool // nothing is masked
	// Key makes the marks of placeholders: recordings made with one key can be
	// compared. Without one it is random, and marks mean nothing outside of
	// the Redactor. Whoever has it can test guesses.
	Key []byte
	// Names are further names of secrets: of header fields, JSON keys, query
	// parameters, environment variables and labels. Case, dashes and
	// underscores make no difference.
	Names []string
}

// Redactor masks events. Events of one connection come one at a time, each
// once and in order; those of different connections may come concurrently.
type Redactor struct {
	off   bool
	marks mask.Marks
	names map[string]bool // what the user named, as foldName has it
	conns sync.Map        // *wire.Conn → *connState
	// last is the state of the last event's connection: the next event is
	// likely to be of the same.
	last  atomic.Pointer[connState]
	tally tally
}

// New returns a Redactor. It does not keep o.Key.
func New(o Options) *Redactor {
	return &Redactor{off: o.Off, marks: mask.NewMarks(o.Key), names: newNames(o.Names)}
}

// Event returns ev, or a copy of it in which secrets are replaced by
// placeholders, such as "[masked 96 bytes #1f9a03bc]", and named in Masked. It
// never changes ev; a copy shares with it what was not masked, and a Message's
// Data is valid no longer than ev's. Sizes stay those of the wire. What was
// masked before is left alone.
func (r *Redactor) Event(ev wire.Event) wire.Event {
	if r.off {
		return ev
	}
	switch ev := ev.(type) {
	case *wire.Request:
		return r.seeRequest(ev)
	case *wire.Response:
		return r.seeResponse(ev)
	case *wire.Message:
		return r.message(ev)
	case *wire.Body:
		return r.seeBody(ev)
	case *wire.Upgrade:
		r.seeUpgrade(ev)
	case *wire.Anomaly:
		return r.seeAnomaly(ev)
	case *wire.End:
		return r.end(ev)
	case *wire.Close:
		r.forget(ev.Conn)
	}
	return ev
}

// side names the message that travels in direction dir.
func side(dir wire.Dir) string {
	if dir == wire.ToServer {
		return "request"
	}
	return "response"
}

// seeRequest masks q, and remembers what it tells about its exchange.
func (r *Redactor) seeRequest(q *wire.Request) *wire.Request {
	s, x := r.at(&q.Meta)
	x.traits |= traitsOf(q.Method, q.Target) | bodyTraits(q.Fields, wire.ToServer)
	s.past |= x.traits
	masked := r.request(s, q, x.traits)
	r.note(x, masked.Masked)
	return masked
}

// seeResponse masks p, and remembers what it tells about its exchange.
func (r *Redactor) seeResponse(p *wire.Response) *wire.Response {
	s, x := r.at(&p.Meta)
	if !p.Interim {
		x.traits |= bodyTraits(p.Fields, wire.ToClient)
		s.past |= x.traits
	}
	masked := r.response(s, p)
	r.note(x, masked.Masked)
	return masked
}

// seeBody masks b.
func (r *Redactor) seeBody(b *wire.Body) *wire.Body {
	s, x := r.at(&b.Meta)
	masked := r.body(s, x, b, b.Dir, s.traitsAt(x, b.Exchange))
	r.note(x, masked.Masked)
	return masked
}

// seeUpgrade remembers what u tells about its exchange.
func (r *Redactor) seeUpgrade(u *wire.Upgrade) {
	s, x := r.at(&u.Meta)
	x.upgraded = true
	if protocol := strings.ToLower(u.Protocol); strings.Contains(protocol, "h2") {
		x.traits |= traitSealed
		s.past |= traitSealed
	}
}

// seeAnomaly masks a.
func (r *Redactor) seeAnomaly(a *wire.Anomaly) *wire.Anomaly {
	s, x := r.at(&a.Meta)
	if a.Exchange == 0 && strings.Contains(strings.ToLower(a.Detail), "/auth") {
		// A start line that was not understood: what follows is raw.
		s.past |= traitLogin
	}
	masked, names := r.anomaly(a, s.traitsAt(x, a.Exchange))
	r.note(x, names)
	return masked
}

// request masks q.
func (r *Redactor) request(s *connState, q *wire.Request, known traits) *wire.Request {
	fields, names := r.fields(s, q.Fields, "request.headers.")
	target, more := r.target(s, q.Target, known&traitBuild != 0)
	if names = append(names, more...); names == nil {
		return q
	}
	c := *q
	if fields != nil {
		c.Fields = fields
	}
	c.Target, c.Masked = target, mask.Union(q.Masked, names)
	return &c
}

// response masks p.
func (r *Redactor) response(s *connState, p *wire.Response) *wire.Response {
	fields, names := r.fields(s, p.Fields, "response.headers.")
	reason, more := r.reason(s, p.Reason)
	if names = append(names, more...); names == nil {
		return p
	}
	c := *p
	if fields != nil {
		c.Fields = fields
	}
	c.Reason, c.Masked = reason, mask.Union(p.Masked, names)
	return &c
}

// anomaly masks what a quotes of the traffic.
func (r *Redactor) anomaly(a *wire.Anomaly, known traits) (*wire.Anomaly, []string) {
	detail, names := r.maskDetail(a.Detail, side(a.Dir), known&traitLogin != 0)
	if names == nil {
		return a, nil
	}
	c := *a
	c.Detail = detail
	return &c, names
}
