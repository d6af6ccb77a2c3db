// Package query finds secrets in request targets and in what is encoded as
// queries are: the values of secret parameters, and what is known by how it
// looks. What is valid stays so.
package query

import (
	"bytes"

	"github.com/socktrace/socktrace/redact/internal/form"
	"github.com/socktrace/socktrace/redact/internal/mask"
	"github.com/socktrace/socktrace/redact/internal/text"
)

// Target adds the secrets in the target b to found: what goes by label and
// ".query" or ".target". session says that the parameter of that name gives
// access to a client.
func Target(r *text.Rules, found mask.Spans, b []byte, session, ended bool, label string) mask.Spans {
	hash := len(b)
	if i := bytes.IndexByte(b, '#'); i >= 0 {
		hash = i
	}
	path := hash
	if i := bytes.IndexByte(b[:hash], '?'); i >= 0 {
		path = i
	}
	n := len(found)
	from, to := password(b[:path])
	found = found.Whole(r.Marks, b, from, to, ".target")
	if len(found) > n {
		found[n].With = encode(found[n].With)
	}
	found = encoded(r, found, b, 0, path, path < len(b) || ended, ".target", nil, nil)
	found = Params(r, found, b[:hash], path+1, session, ended || hash < len(b), ".query")
	found = Params(r, found, b, hash+1, session, ended, ".target") // of a fragment (RFC 6749, section 4.2.2)
	for i := range found[n:] {
		found[n+i].Name = label + found[n+i].Name
	}
	return found
}

// password returns where the password is in what names a host without a scheme, as
// CONNECT does, and references to another host (RFC 3986, section 4.2).
func password(b []byte) (from, to int) {
	rest := bytes.TrimPrefix(b, []byte("//"))
	host := rest
	if i := bytes.IndexByte(rest, '/'); i >= 0 {
		host = rest[:i]
	}
	at := bytes.LastIndexByte(host, '@')
	if colon := bytes.IndexByte(host[:max(at, 0)], ':'); colon >= 0 {
		skipped := len(b) - len(rest)
		from, to = skipped+colon+1, skipped+at
	}
	return from, to
}

// IsPlain says whether there can be nothing to mask in a target.
func IsPlain(b []byte) bool {
	return bytes.IndexByte(b, '?') < 0 && bytes.IndexByte(b, '%') < 0 && form.Index(b) < 0 && bytes.IndexByte(b, '@') < 0
}
