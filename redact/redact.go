// Package redact masks secrets in events, once for all sinks: what a terminal,
// a HAR file or a JSON line shows went through it first. Its goals, in order:
// no secret that it knows of gets through, whatever the traffic looks like and
// however it was cut; what is valid stays so (JSON, targets, multiplexed
// streams); nothing else changes by a byte; it costs next to nothing where
// there is nothing to mask.
//
// It knows secrets
//
//   - by the name before them: header and trailer fields (internal/field),
//     query parameters (internal/query), JSON keys (internal/key), variables,
//     labels and options, also where command lines quote them (internal/name,
//     internal/text);
//   - by how they look: tokens that say what they are, private keys, passwords
//     in URLs, in all that is shown, and through all the pieces that a stream
//     comes in (internal/form);
//   - by where they are (package dockerapi guesses): what is said to POST /auth, the data of
//     Docker's secrets and configs, what a client types into a container,
//     archives, and BuildKit's sessions; and what is in connections inside of
//     these (carrier.go).
//
// Credentials for registries are shown decoded, without what is secret in them
// (internal/head). Of archives the list of what is in them is left, the texts of files
// that people read, masked as any text, size and digest (files.go, body.go).
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
	"slices"
	"strings"

	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/internal/memory"
	"github.com/socktrace/socktrace/redact/internal/form"
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
	// Memory, if not nil, bounds what is remembered of streams that are in pieces,
	// with whatever else shares it. Of what finds it spent the rest is masked.
	Memory *memory.Budget
}

// Redactor masks events. Events of one connection, and of those that travel in
// it, come one at a time, each once and in order; those of others may come
// concurrently.
type Redactor struct {
	off   bool
	rules *rules
	conns conns
	tally tally
}

// New returns a Redactor. It does not keep o.Key.
func New(o Options) *Redactor {
	return &Redactor{off: o.Off, rules: newRules(o.Key, o.Names), conns: conns{memory: o.Memory}}
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
		return r.request(ev)
	case *wire.Response:
		return r.response(ev)
	case *wire.Message:
		return r.message(ev)
	case *wire.Body:
		return r.body(ev)
	case *wire.Upgrade:
		r.upgrade(ev)
	case *wire.Anomaly:
		return r.anomaly(ev)
	case *wire.End:
		return r.end(ev)
	case *wire.Close:
		r.conns.forget(ev.Conn)
		return r.close(ev)
	}
	return ev
}

// Summary returns what was masked so far, by name. It may be called at any
// time by any goroutine. Names beyond the first few hundred are counted
// together as "other".
func (r *Redactor) Summary() []Count { return r.tally.sorted() }

// at returns the states of the connection and the exchange of an event.
func (r *Redactor) at(m *wire.Meta) (*connState, *exchangeState) {
	s := r.conns.state(m.Conn)
	return s, s.exchange(m.Exchange)
}

// request masks q, and remembers what it tells about its exchange.
func (r *Redactor) request(q *wire.Request) *wire.Request {
	s, x := r.at(&q.Meta)
	x.asked = true
	s.streams = s.streams || q.Stream != 0
	x.nameless(q.Stream != 0 && (q.Target == wire.UnknownField || q.Target == "" && q.Method != "CONNECT"))
	if reads, is := dockerapi.RecipeOf(q.Fields); is {
		x.recipe = &recipe{reads: reads}
	}
	s.learn(x, dockerapi.Guess(q.Method, q.Target))
	s.args.ofTarget(r.rules, q.Target)
	s.learnBody(x, q.Fields, wire.ToServer)
	masked := maskRequest(r.rules, s, q, x.traits)
	x.note(masked.Masked, &r.tally)
	return masked
}

// response masks p, and remembers what it tells about its exchange.
func (r *Redactor) response(p *wire.Response) *wire.Response {
	s, x := r.at(&p.Meta)
	s.streams = s.streams || p.Version == "HTTP/2"
	x.nameless(s.streams && !x.asked)
	masked := maskResponse(r.rules, s, p)
	if !p.Interim {
		s.learnBody(x, p.Fields, wire.ToClient)
	}
	x.note(masked.Masked, &r.tally)
	return masked
}

// message masks m.
func (r *Redactor) message(m *wire.Message) *wire.Message {
	if len(m.Data) == 0 && !(m.Kind == wire.KindGRPC && m.Size > 0) {
		return m
	}
	s, x := r.at(&m.Meta)
	if len(m.Data) == 0 {
		x.recipe.missed(m)
		return m
	}
	x.answer(s.streams, &m.Meta, m.Kind)
	data, names := maskMessage(r.rules, s, x, m)
	called := m.Name
	if x.isFile(m) {
		called, names = maskPath(r.rules, m, names)
	}
	if names == nil {
		return m
	}
	if !m.Aside { // else it is not shown
		x.note(names, &r.tally)
	}
	c := *m
	c.Name, c.Data, c.Masked = called, data, mask.Union(m.Masked, names)
	return &c
}

// body masks b.
func (r *Redactor) body(b *wire.Body) *wire.Body {
	s, x := r.at(&b.Meta)
	x.answer(s.streams, &b.Meta, b.Content)
	masked := maskBody(r.rules, s, x, b)
	x.note(masked.Masked, &r.tally)
	s.account.Give(x.ended(b.Dir))
	return masked
}

// upgrade remembers what u tells about its exchange.
func (r *Redactor) upgrade(u *wire.Upgrade) {
	s, x := r.at(&u.Meta)
	x.upgraded = true
	if strings.Contains(strings.ToLower(u.Protocol), "h2") {
		s.learn(x, dockerapi.Sealed)
	}
}

// anomaly masks a.
func (r *Redactor) anomaly(a *wire.Anomaly) *wire.Anomaly {
	s, x := r.at(&a.Meta)
	if a.Exchange == 0 && a.Dir == wire.ToServer {
		s.past |= traitsIn(a.Detail) // it may quote a start line that was not understood
	}
	masked, names := maskAnomaly(r.rules, s, x, a)
	x.note(names, &r.tally)
	return masked
}

// close masks why a connection ended, as a recording tells it.
func (r *Redactor) close(ev *wire.Close) *wire.Close {
	masked, names := form.Mask(nil, r.rules.Marks, []byte(ev.Err), true, "")
	if names == nil {
		return ev
	}
	c := *ev
	c.Err = string(masked)
	return &c
}

// about masks what a recording tells of an exchange that ends. That is named unless
// the exchange has named what it is a copy of.
func (r *Redactor) about(ev *wire.End) *wire.About {
	if ev.About == nil {
		return nil
	}
	s, x := r.at(&ev.Meta)
	about, names := maskAbout(r.rules, s, x, ev.Exchange, ev.About)
	for _, name := range names {
		side, _, _ := strings.Cut(name, ".")
		if !slices.ContainsFunc(x.names, func(told string) bool { return strings.HasPrefix(told, side) }) {
			x.note([]string{name}, &r.tally)
		}
	}
	return about
}

// end names all that was masked in an exchange, and forgets about it. Its parts
// went through here before, but for what only became known now.
func (r *Redactor) end(ev *wire.End) *wire.End {
	bodies := ev.Bodies
	for i, b := range bodies {
		if b != nil {
			bodies[i] = r.body(b)
		}
	}
	about := r.about(ev)
	names := r.conns.state(ev.Conn).forget(ev.Exchange)
	if len(names) == 0 && bodies == ev.Bodies && about == ev.About {
		return ev
	}
	c := *ev
	c.Bodies, c.About, c.Masked = bodies, about, mask.Union(ev.Masked, names)
	return &c
}
