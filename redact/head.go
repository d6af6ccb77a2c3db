package redact

import (
	"slices"

	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/redact/internal/form"
	"github.com/socktrace/socktrace/redact/internal/head"
	"github.com/socktrace/socktrace/redact/internal/mask"
	"github.com/socktrace/socktrace/redact/internal/query"
	"github.com/socktrace/socktrace/wire"
)

// maskRequest masks q, of whose exchange this is known.
func maskRequest(r *rules, s *connState, q *wire.Request, known dockerapi.Traits) *wire.Request {
	fields, names := head.Fields(&r.Rules, &s.scratch, q.Fields, "request.headers.")
	target, more := maskTarget(r, s, q.Target, known&dockerapi.SessionParam != 0)
	if names = append(names, more...); names == nil {
		return q
	}
	c := *q
	if fields != nil {
		c.Fields, c.Authority = fields, authority(q, fields)
	}
	if c.Target != target {
		c.Fields = withPath(c.Fields, q.Target, target)
		c.Target, c.Call = target, dockerapi.Tell(q.Call.Operation, q.Method, target)
	}
	c.Masked = mask.Union(q.Masked, names)
	return &c
}

// authority returns what is shown of the authority of q, whose fields are shown so: it
// is among them too.
func authority(q *wire.Request, fields []wire.Field) string {
	for i := range q.Fields {
		if f := &q.Fields[i]; f.Value == q.Authority && head.IsAuthority(f) {
			return fields[i].Value
		}
	}
	return q.Authority
}

// withPath returns fields with what is shown in the place of a target, where HTTP/2
// has that among them (RFC 9113, section 8.3.1).
func withPath(fields []wire.Field, target, shown string) []wire.Field {
	i := slices.IndexFunc(fields, func(f wire.Field) bool { return f.Name == ":path" && f.Value == target })
	if i < 0 {
		return fields
	}
	fields = slices.Clone(fields)
	fields[i].Value, fields[i].Masked = shown, true
	return fields
}

// maskTarget masks a request target. It returns nil names if there is nothing
// to mask.
func maskTarget(r *rules, s *connState, target string, session bool) (string, []string) {
	b := s.scratch.Of(target)
	if query.IsPlain(b) {
		return target, nil
	}
	found := query.Target(&r.Rules, nil, b, session, true, "request").Sorted()
	names := found.Names(0)
	if names == nil {
		return target, nil
	}
	return string(found.Masked(b, 0)), names
}

// maskResponse masks p.
func maskResponse(r *rules, s *connState, p *wire.Response) *wire.Response {
	const prefix = "response.headers."
	fields, names := head.Fields(&r.Rules, &s.scratch, p.Fields, prefix)
	fields, names = s.args.inFields(r, p.Fields, fields, prefix, names) // an error is in the head, if nothing else is
	reason, more := maskReason(r, s, p.Reason)
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

// maskReason masks a reason phrase.
func maskReason(r *rules, s *connState, reason string) (string, []string) {
	b := s.scratch.Of(reason)
	if form.Index(b) < 0 {
		return reason, nil
	}
	out, names := form.Mask(nil, r.Marks, b, true, "response.reason")
	return string(out), names
}
