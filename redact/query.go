package redact

import (
	"bytes"
	"net/url"
	"strings"

	"github.com/socktrace/socktrace/redact/internal/chars"
	"github.com/socktrace/socktrace/redact/internal/form"
	"github.com/socktrace/socktrace/redact/internal/mask"
)

// target masks a request target: the values of secret parameters in its query,
// and secrets that are known by how they look, anywhere. What comes out is a
// valid target if it was one. It returns nil names if there is nothing to
// mask; those there are begin with "request.query" or "request.target".
// It may use the memory of cs.
func (r *Redactor) target(cs *connState, t string, session bool) (string, []string) {
	cs.scratch = append(cs.scratch[:0], t...)
	text := cs.scratch
	if bytes.IndexByte(text, '?') < 0 && bytes.IndexByte(text, '%') < 0 {
		if form.Index(text) < 0 {
			return t, nil
		}
	}
	found := r.targetSpans(nil, text, session, true, "request").Sorted()
	names := found.Names(0)
	if names == nil {
		return t, nil
	}
	return string(found.Masked(text, 0)), names
}

// targetSpans adds the secrets in a target to s; session says that the
// parameter of that name gives access to a client.
func (r *Redactor) targetSpans(s mask.Spans, text []byte, session, ended bool, name string) mask.Spans {
	path, query := len(text), len(text)
	if i := bytes.IndexByte(text, '?'); i >= 0 {
		path, query = i, i+1
	}
	n := len(s)
	s = r.encoded(s, text, 0, path, path < len(text) || ended, ".target", nil, nil)
	s = r.params(s, text, query, session, ended, ".query")
	for i := range s[n:] {
		s[n+i].Name = name + s[n+i].Name
	}
	return s
}

// params adds the secrets in the query, or the form, text[i:].
func (r *Redactor) params(s mask.Spans, text []byte, i int, session, ended bool, name string) mask.Spans {
	for i < len(text) {
		size := bytes.IndexByte(text[i:], '&')
		whole := size >= 0 || ended
		if size < 0 {
			size = len(text) - i
		}
		param := text[i : i+size]
		if eq := bytes.IndexByte(param, '='); eq >= 0 {
			s = r.param(s, text, i, i+eq, i+size, session, whole, name)
		} else {
			s = r.encoded(s, text, i, i+size, whole, name, nil, nil)
		}
		i += size + 1
	}
	return s
}

// param adds the secrets in the parameter text[from:to], whose "=" stands at
// text[eq].
func (r *Redactor) param(s mask.Spans, text []byte, from, eq, to int, session, ended bool, name string) mask.Spans {
	var buf [2 * maxName]byte
	called := text[from:eq]
	if percentChars.Find(called) < len(called) {
		called = unpercent(buf[:0], called)
	}
	var look func(mask.Spans, []byte) mask.Spans
	switch kind := r.paramOf(called, session); {
	case eq+1 == to:
		return s
	case kind == paramSecret:
		look = func(s mask.Spans, v []byte) mask.Spans {
			if isFlagValue(v) {
				return s
			}
			return s.Either(r.marks, v, 0, len(v), ended, "")
		}
	case kind == paramPairs || text[eq+1] == '{' || text[eq+1] == '[' || chars.HasFoldAt(text, eq+1, "%7b") || chars.HasFoldAt(text, eq+1, "%5b"):
		look = func(s mask.Spans, v []byte) mask.Spans { return r.jsonParam(s, v, kind == paramPairs, ended) }
	case kind == paramText || bytes.IndexByte(text[eq+1:to], ':') >= 0 || bytes.IndexByte(text[eq+1:to], '%') >= 0:
		look = func(s mask.Spans, v []byte) mask.Spans {
			isURL := bytes.Contains(v, []byte("://"))
			if kind == paramText || isURL {
				return r.assignments(s, v, 0, isURL, ended, "")
			}
			return s
		}
	}
	return r.encoded(s, text, eq+1, to, ended, name, called, look)
}

// jsonParam adds the secrets in a parameter whose value is JSON. They go by the
// parameter's name.
func (r *Redactor) jsonParam(s mask.Spans, v []byte, pairs, ended bool) mask.Spans {
	var w walker
	w.start(r, "", where{pairs: pairs})
	w.next(v, ended)
	for _, sp := range w.found {
		sp.Name = ""
		s = append(s, sp)
	}
	return s
}

// encoded adds what look, and the forms, find in the percent-encoded
// text[from:to], the value of what is called so, if it has a name. What is
// shown instead is encoded too.
func (r *Redactor) encoded(s mask.Spans, text []byte, from, to int, ended bool, name string, called []byte, look func(mask.Spans, []byte) mask.Spans) mask.Spans {
	if look == nil {
		if form.Index(text[from:to]) < 0 && bytes.IndexByte(text[from:to], '%') < 0 {
			return s
		}
	}
	var buf [256]byte
	v := unpercent(buf[:0], text[from:to])
	n := len(s)
	if look != nil {
		s = look(s, v)
	}
	s = form.Find(s, r.marks, v, ended, "")
	if len(s) == n {
		return s
	}
	name = join(name, called)
	added := s[n:].Sorted()
	s = s[:n+len(added)]
	at := percentOffset{sent: from}
	for i := range added {
		sp := &added[i]
		sp.From, sp.To = at.in(text, sp.From), at.in(text, sp.To)
		sp.With, sp.Name = escapeParam(sp.With), name+sp.Name
	}
	return s
}

// escapeParam encodes a placeholder, in quotes if it stands for a number.
func escapeParam(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }

// percentOffset follows a place in a decoded text to where it was as sent.
// Places are asked for in order.
type percentOffset struct{ plain, sent int }

func (o *percentOffset) in(text []byte, n int) int {
	for ; o.plain < n; o.plain++ {
		_, size := percent(text[o.sent:])
		o.sent += size
	}
	return o.sent
}

// unpercent appends text to out without percent-encoding, and with blanks for
// plus signs, as in queries. What is malformed stays.
func unpercent(out, text []byte) []byte {
	for i := 0; i < len(text); {
		c, size := percent(text[i:])
		out = append(out, c)
		i += size
	}
	return out
}

// percentChars are what stands for something else.
var percentChars = chars.Of("", "%+")

// percent returns what the character that b begins with stands for, and its
// size.
func percent(b []byte) (c byte, size int) {
	if b[0] == '+' {
		return ' ', 1
	}
	if b[0] == '%' && len(b) > 2 {
		if hi, lo := chars.Hex(b[1]), chars.Hex(b[2]); hi >= 0 && lo >= 0 {
			return byte(hi<<4 | lo), 3
		}
	}
	return b[0], 1
}

// paramKind says what the value of a parameter is.
type paramKind uint8

const (
	paramPlain  paramKind = iota
	paramSecret           // a secret, but for yes and no
	paramPairs            // an object in JSON: names and values
	paramText             // a line of a Dockerfile
)

// secretParts are what names of secret parameters have in them, in lower case,
// by their first letter. Five bits of it count.
var secretParts = [32][]string{
	'a' & 31: {"apikey", "api_key", "api-key", "auth"},
	'c' & 31: {"credential"},
	'p' & 31: {"password", "passwd", "passphrase", "pwd", "private_key", "private-key", "privatekey"},
	's' & 31: {"secret", "signature"},
	't' & 31: {"token"},
}

// plainPart says whether name has a secret part, but is not that of a secret.
func plainPart(name string) bool {
	switch name {
	case "registryauthfrom", "secrets", "author", "authors":
		return true
	}
	return false
}

// paramOf classifies a parameter of a query by its name.
func (r *Redactor) paramOf(name []byte, session bool) paramKind {
	if len(name) == 0 {
		return paramPlain
	}
	var buf [maxName]byte
	low := buf[:copy(buf[:], name[max(0, len(name)-maxName):])]
	for i, c := range low {
		low[i] = chars.Lower(c)
	}
	switch string(low) {
	case "buildargs", "labels":
		return paramPairs
	case "changes":
		return paramText
	case "session":
		// Of a client that serves a build.
		if session {
			return paramSecret
		}
	case "key", "code", "pass", "sig", "access_key":
		return paramSecret
	}
	if r.named(low) {
		return paramSecret
	}
	for i, c := range low {
		for _, part := range secretParts[c&31] {
			if chars.HasPrefixAt(low, i, part) && !plainPart(string(low)) {
				return paramSecret
			}
		}
	}
	return paramPlain
}

// isFlagValue says whether v answers a question with yes or no, as in
// "rotateWorkerToken=true".
func isFlagValue(v []byte) bool {
	switch strings.ToLower(string(v[:min(len(v), 6)])) {
	case "true", "false", "0", "1", "yes", "no", "on", "off":
		return true
	}
	return false
}
