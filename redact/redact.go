// Package redact masks secrets in events, once for all sinks: what a terminal,
// a HAR file or a JSON line shows went through it first. Its goals, in order:
// no secret that it knows of gets through, whatever the traffic looks like;
// what is valid JSON stays so; everything else stays as it was sent.
//
// It masks
//
//   - header and trailer fields by name (header.go): credentials, cookies,
//     tokens, the session identifiers of BuildKit;
//   - in what is said to POST /auth, and answered, passwords and tokens by
//     JSON key (json.go), and all of it where it is not JSON;
//   - lines that look like such header fields where HTTP could not be decoded:
//     in raw messages and in the details of anomalies (line.go).
//
// It does not know secrets in other bodies, in query strings, or in what
// containers print.
package redact

import (
	"crypto/rand"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/socktrace/socktrace/wire"
)

// Options says what New makes.
type Options struct {
	Off bool // nothing is masked
	// Key makes the marks of placeholders: recordings made with one key can be
	// compared. Without one it is random, and marks mean nothing outside of
	// the Redactor. Whoever has it can test guesses.
	Key []byte
}

// Redactor masks events. Events of one connection come one at a time, each
// once and in order; those of different connections may come concurrently.
type Redactor struct {
	off   bool
	key   []byte
	conns sync.Map // *wire.Conn → *connState, of those that need one
	tally tally
}

// New returns a Redactor. It does not keep o.Key.
func New(o Options) *Redactor {
	key := slices.Clone(o.Key)
	if len(key) == 0 {
		key = make([]byte, 32)
		rand.Read(key) // never fails
	}
	return &Redactor{off: o.Off, key: key}
}

// Event returns ev, or a copy of it in which secrets are replaced by
// placeholders, such as "[masked 96 bytes #1f9a03bc]", and named in Masked. It
// never changes ev; a copy shares with it what was not masked, and a Message's
// Data is valid no longer than ev's. Sizes stay those of the wire.
func (r *Redactor) Event(ev wire.Event) wire.Event {
	if r.off {
		return ev
	}
	switch ev := ev.(type) {
	case *wire.Request:
		if isAuth(ev) {
			r.state(ev.Conn).begin(ev.Exchange)
		}
		masked := r.request(ev)
		r.note(&ev.Meta, masked.Masked)
		return masked
	case *wire.Response:
		masked := r.response(ev)
		r.note(&ev.Meta, masked.Masked)
		return masked
	case *wire.Message:
		masked := r.message(ev)
		r.note(&ev.Meta, masked.Masked)
		return masked
	case *wire.Body:
		masked := r.body(ev, side(ev.Dir), r.secretive(&ev.Meta))
		r.note(&ev.Meta, masked.Masked)
		return masked
	case *wire.Anomaly:
		if ev.Exchange == 0 && strings.Contains(strings.ToLower(ev.Detail), authPath) {
			// A start line that was not understood: what follows is raw.
			r.state(ev.Conn).auth = true
		}
		masked, names := r.anomaly(ev, r.secretive(&ev.Meta))
		r.note(&ev.Meta, names)
		return masked
	case *wire.Exchange:
		return r.exchange(ev)
	case *wire.Close:
		r.conns.Delete(ev.Conn)
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

// isAuth says whether q is POST /auth, with any version or base path before
// it, in whatever way it is written.
func isAuth(q *wire.Request) bool {
	if q == nil || !strings.EqualFold(q.Method, "POST") {
		return false
	}
	path, _, _ := strings.Cut(q.Target, "?")
	path, _, _ = strings.Cut(path, "#")
	if strings.IndexByte(path, '%') >= 0 {
		if p, err := url.PathUnescape(path); err == nil {
			path = p
		}
	}
	path = strings.TrimRight(path, "/")
	return len(path) >= len(authPath) && strings.EqualFold(path[len(path)-len(authPath):], authPath)
}

// authPath is where credentials are sent to (Docker Engine API, SystemAuth).
const authPath = "/auth"

func (r *Redactor) request(q *wire.Request) *wire.Request {
	fields, names := r.fields(q.Fields, "request.headers.")
	if names == nil {
		return q
	}
	c := *q
	c.Fields, c.Masked = fields, union(q.Masked, names)
	return &c
}

func (r *Redactor) response(p *wire.Response) *wire.Response {
	fields, names := r.fields(p.Fields, "response.headers.")
	if names == nil {
		return p
	}
	c := *p
	c.Fields, c.Masked = fields, union(p.Masked, names)
	return &c
}

// message masks m: all of it that is secret in an exchange with /auth, header
// lines in raw bytes.
func (r *Redactor) message(m *wire.Message) *wire.Message {
	var data []byte
	var names []string
	switch {
	case len(m.Data) == 0:
		return m
	case r.secretive(&m.Meta):
		data, names = r.secretData(m.Data, m.Kind == wire.KindJSON, false, side(m.Dir)+".body")
	case m.Kind == wire.KindRaw:
		data, names = r.rawLines(&r.state(m.Conn).lines[m.Dir&1], m.Data, side(m.Dir)+".raw.")
	}
	if names == nil {
		return m
	}
	c := *m
	c.Data, c.Masked = data, union(m.Masked, names)
	return &c
}

// body masks b, whose name is "request" or "response". In an exchange with
// /auth (secretive) its data are masked too.
func (r *Redactor) body(b *wire.Body, name string, secretive bool) *wire.Body {
	trailer, names := r.fields(b.Trailer, name+".trailers.")
	data := b.Data
	if secretive && len(data) > 0 {
		masked, more := r.secretData(data, b.Content == wire.ContentJSON, b.Complete && !b.Truncated, name+".body")
		if more != nil {
			data, names = masked, append(names, more...)
		}
	}
	if names == nil {
		return b
	}
	c := *b
	c.Data, c.Masked = data, union(b.Masked, names)
	if trailer != nil {
		c.Trailer = trailer
	}
	return &c
}

// secretData masks what was said to or by /auth: by key if it is JSON,
// otherwise all of it. whole says that this is not only a piece of it.
func (r *Redactor) secretData(data []byte, json, whole bool, name string) ([]byte, []string) {
	if json {
		return r.maskJSON(data, name)
	}
	if whole {
		return []byte(r.placeholder(string(data))), []string{name}
	}
	return []byte(partial(len(data))), []string{name}
}

// anomaly masks what a quotes of the traffic.
func (r *Redactor) anomaly(a *wire.Anomaly, secretive bool) (*wire.Anomaly, []string) {
	detail, names := r.maskDetail(a.Detail, side(a.Dir), secretive)
	if names == nil {
		return a, nil
	}
	c := *a
	c.Detail = detail
	return &c, names
}

// exchange masks the parts of x as their own events were, names all that was
// masked in the exchange, and forgets about it.
func (r *Redactor) exchange(x *wire.Exchange) wire.Event {
	secretive := r.secretive(&x.Meta) || isAuth(x.Request)
	c := *x
	var names []string
	if x.Request != nil {
		c.Request = r.request(x.Request)
		names = append(names, c.Request.Masked...)
	}
	if x.Response != nil {
		c.Response = r.response(x.Response)
		names = append(names, c.Response.Masked...)
	}
	c.Interim = slices.Clone(x.Interim)
	for i, p := range c.Interim {
		c.Interim[i] = r.response(p)
		names = append(names, c.Interim[i].Masked...)
	}
	if x.RequestBody != nil {
		c.RequestBody = r.body(x.RequestBody, "request", secretive)
		names = append(names, c.RequestBody.Masked...)
	}
	if x.ResponseBody != nil {
		c.ResponseBody = r.body(x.ResponseBody, "response", secretive)
		names = append(names, c.ResponseBody.Masked...)
	}
	c.Anomalies = slices.Clone(x.Anomalies)
	for i, a := range c.Anomalies {
		var more []string
		c.Anomalies[i], more = r.anomaly(a, secretive)
		names = append(names, more...)
	}
	r.note(&x.Meta, names)
	names = append(names, r.forget(&x.Meta)...)
	if len(names) == 0 {
		return x
	}
	c.Masked = union(x.Masked, names)
	slices.Sort(c.Masked)
	return &c
}

// union returns a new slice with the names of a and b, each once.
func union(a, b []string) []string {
	out := make([]string, 0, len(a)+len(b))
	seen := make(map[string]bool, len(a)+len(b))
	for _, names := range [][]string{a, b} {
		for _, name := range names {
			if !seen[name] {
				seen[name] = true
				out = append(out, name)
			}
		}
	}
	return out
}
