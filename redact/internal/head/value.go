package head

import (
	"bytes"
	"strings"

	"github.com/socktrace/socktrace/redact/internal/field"
	"github.com/socktrace/socktrace/redact/internal/form"
	"github.com/socktrace/socktrace/redact/internal/jsonmask"
	"github.com/socktrace/socktrace/redact/internal/mask"
	"github.com/socktrace/socktrace/redact/internal/query"
	"github.com/socktrace/socktrace/redact/internal/text"
	"github.com/socktrace/socktrace/wire"
)

// Value masks the value of the field that is called so; false if its name is not that
// of a secret, or if there is nothing secret in it. The authentication scheme stays.
func Value(r *text.Rules, called, value string) (string, bool) {
	m := r.Fields.OfString(called)
	if m == 0 || value == "" || mask.Is(value) || m.Excuses([]byte(value)) {
		return value, false
	}
	low := strings.ToLower(field.LastToken(called))
	if field.HasRegistryAuth(low) {
		return registryAuth(r, value)
	}
	if low == wire.StatusDetails {
		return status(r, value)
	}
	if scheme, credentials, ok := field.Credentials(low, value); ok {
		if mask.Is(credentials) {
			return value, false
		}
		return scheme + " " + r.Marks.Of(credentials), true
	}
	return r.Marks.Of(value), true
}

// plainValue masks the secrets in the value of a field that is none: those
// that are known by how they look, parameters, of URLs too, and JSON.
func plainValue(r *text.Rules, value string) (string, bool) {
	b := []byte(value)
	var found mask.Spans
	switch {
	case jsonmask.Begins(b):
		found = jsonmask.Find(r, found, b, jsonmask.Where{}, true)
	case isURL(b):
		found = query.Target(r, found, b, false, true, "")
	default:
		found = form.Find(found, r.Marks, b, true, "")
		if l := (text.Lines{Prose: true}); bytes.IndexByte(b, '=') >= 0 {
			found = l.Find(r, found, append(b, '\n'), "") // which ends what is last
		}
	}
	if len(found) == 0 {
		return value, false
	}
	return string(found.Sorted().Masked(b, 0)), true
}

// saidValue is plainValue of what a call of gRPC says went wrong.
func saidValue(r *text.Rules, value string) (string, bool) {
	return InMessage(value, func(b []byte) mask.Spans { return Said(r, nil, b, true, "") })
}

// IsMessage reports whether f is the field in which a call of gRPC says what went wrong.
func IsMessage(f *wire.Field) bool { return isName(f.Name, "grpc-message") }

// isName says whether a field is called name, in any case. Most begin with another letter;
// that of name stands for no other than ASCII ones.
func isName(called, name string) bool {
	return len(called) >= len(name) && called[0]|0x20 == name[0] && strings.EqualFold(called, name)
}

// InMessage masks what is found in the value of such a field, as it reads without its
// encoding; false if that is nothing.
func InMessage(value string, find func(b []byte) mask.Spans) (string, bool) {
	b := []byte(wire.DecodeMessage(value))
	found := find(b)
	if len(found) == 0 {
		return value, false
	}
	return wire.EncodeMessage(string(found.Sorted().Masked(b, 0))), true
}

// Said adds the secrets in what a call of gRPC says went wrong, which may quote
// command lines.
func Said(r *text.Rules, found mask.Spans, b []byte, ended bool, label string) mask.Spans {
	return form.Find(r.Assignments(found, b, 0, false, ended, label), r.Marks, b, ended, label)
}

// IsAuthority says whether the value of f is a host, before which stands who asks it.
func IsAuthority(f *wire.Field) bool {
	return f.Name == ":authority" || isName(f.Name, "host")
}

// authority masks the password of who asks a host.
func authority(r *text.Rules, value string) (string, bool) {
	b := []byte(value)
	found := query.Target(r, nil, b, false, true, "")
	if len(found) == 0 {
		return plainValue(r, value)
	}
	return string(found.Sorted().Masked(b, 0)), true
}

// isURL says whether b is a reference and nothing else: one with a query, or to another
// host without a scheme.
func isURL(b []byte) bool {
	if bytes.ContainsAny(b, "<> ,") {
		return false
	}
	i := bytes.IndexByte(b, '?')
	return i >= 0 && (b[0] == '/' || bytes.Contains(b[:i], []byte("://"))) || bytes.HasPrefix(b, []byte("//"))
}
