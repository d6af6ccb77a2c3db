package redact

import (
	"bytes"
	"strings"

	"github.com/socktrace/socktrace/redact/internal/chars"
	"github.com/socktrace/socktrace/redact/internal/form"
	"github.com/socktrace/socktrace/redact/internal/mask"
	"github.com/socktrace/socktrace/wire"
)

// secretHeaders are the names of fields whose values are secrets, in lower
// case; secretSuffixes what other such names end with.
var (
	secretHeaders = []string{
		"authorization",
		"proxy-authorization",
		"cookie",
		"set-cookie",
		"api-key",
		"x-registry-auth",   // base64url of an AuthConfig
		"x-registry-config", // the same, by registry
		"x-docker-expose-session-sharedkey",
		"x-docker-expose-session-uuid", // whoever knows it can call the client's session
		"x-vault-token",
		"x-incus-secret",
	}
	secretSuffixes = []string{"-token", "-api-key", "-secret", "-password", "-authorization"}
)

// schemes are the authentication schemes, in lower case, that are left to be
// seen before the credentials (RFC 9110, section 11.4).
var schemes = map[string]bool{
	"basic": true, "bearer": true, "digest": true, "negotiate": true, "ntlm": true, "token": true,
	"apikey": true, "macaroon": true, "peercred": true, "aws4-hmac-sha256": true, "dpop": true,
	"hawk": true, "hoba": true, "kerberos": true, "mutual": true, "oauth": true,
	"scram-sha-1": true, "scram-sha-256": true,
}

// ending is what the name of a secret field ends with, or all of it.
type ending struct {
	text  string
	whole bool
}

// endings are those of the names of secret fields, by their last letter. Five
// bits of it count, so that case does not.
var endings = func() (t [32][]ending) {
	add := func(text string, whole bool) {
		at := &t[text[len(text)-1]&31]
		*at = append(*at, ending{text, whole})
	}
	for _, name := range secretHeaders {
		add(name, true)
	}
	for _, suffix := range secretSuffixes {
		add(suffix, false)
	}
	return t
}()

// isSecret says whether values of the field with this name are masked. Of a
// name that is none the last token counts.
func isSecret[T string | []byte](name T) bool {
	n := len(name)
	for n > 0 && !isTokenChar(name[n-1]) {
		n--
	}
	if n == 0 {
		return false
	}
	for _, e := range endings[name[n-1]&31] {
		at := n - len(e.text)
		if chars.HasFoldAt(name[:n], at, e.text) && (!e.whole || at == 0 || !isTokenChar(name[at-1])) {
			return true
		}
	}
	return false
}

// lastToken returns the last run of token characters in s (RFC 9110, section
// 5.6.2).
func lastToken[T string | []byte](s T) T {
	end := len(s)
	for end > 0 && !isTokenChar(s[end-1]) {
		end--
	}
	start := end
	for start > 0 && isTokenChar(s[start-1]) {
		start--
	}
	return s[start:end]
}

func isTokenChar(c byte) bool { return tokenChars[c] }

// tokenChars is never changed.
var tokenChars = func() (t [256]bool) {
	for c := range t {
		t[c] = 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' ||
			c < 0x80 && strings.IndexByte("!#$%&'*+-.^_`|~", byte(c)) >= 0
	}
	return t
}()

// fields returns a copy of fields with the secrets in them masked, and their
// names behind prefix; nil if there are none. It may use the memory of s.
func (r *Redactor) fields(s *connState, fields []wire.Field, prefix string) (out []wire.Field, names []string) {
	look := s.worthLooking(fields)
	for i := range fields {
		f := &fields[i]
		value, name, ok := r.field(f)
		if !ok && look {
			value, ok = r.plainValue(f.Value)
		}
		if !ok {
			continue
		}
		if out == nil {
			out = append(make([]wire.Field, 0, len(fields)), fields...)
		}
		out[i] = wire.Field{Name: f.Name, Value: value, Masked: true}
		names = append(names, prefix+name)
	}
	return out, names
}

// worthLooking says whether some value may hold a secret that is not known by
// the field's name.
func (s *connState) worthLooking(fields []wire.Field) bool {
	s.scratch = s.scratch[:0]
	for i := range fields {
		s.scratch = append(append(s.scratch, fields[i].Value...), '\n')
	}
	return form.Index(s.scratch) >= 0 || bytes.IndexByte(s.scratch, '?') >= 0
}

// field returns the masked value of f, and the name it goes by; false if its
// name is not that of a secret. A line without a colon is a value without a
// name.
func (r *Redactor) field(f *wire.Field) (value, name string, ok bool) {
	if f.Name != "" {
		if r.isSecretField(f.Name) {
			value, ok = r.value(f.Name, f.Value)
		}
		return value, f.Name, ok
	}
	name, rest := firstToken(f.Value)
	if rest == "" || !r.isSecretField(name) {
		return "", "", false
	}
	value, ok = r.value(name, strings.TrimLeft(rest, " \t"))
	return name + " " + value, name, ok
}

// isSecretField is isSecret, or what the user names.
func (r *Redactor) isSecretField(name string) bool {
	return isSecret(name) || len(r.names) > 0 && r.named([]byte(name))
}

// firstToken cuts the token that s begins with off it.
func firstToken(s string) (token, rest string) {
	i := 0
	for i < len(s) && isTokenChar(s[i]) {
		i++
	}
	return s[:i], s[i:]
}

// value masks the value of a secret field; false if there is nothing secret in
// it. The authentication scheme stays.
func (r *Redactor) value(name, value string) (string, bool) {
	if value == "" || mask.Is(value) {
		return value, false
	}
	low := strings.ToLower(lastToken(name))
	switch {
	case low == "x-registry-auth", low == "x-registry-config":
		return r.registryAuth(value)
	case strings.HasSuffix(low, "authorization"):
		scheme, credentials, _ := strings.Cut(value, " ")
		if credentials = strings.TrimLeft(credentials, " \t"); credentials != "" && schemes[strings.ToLower(scheme)] {
			if mask.Is(credentials) {
				return value, false
			}
			return scheme + " " + r.marks.Placeholder([]byte(credentials), len(credentials)), true
		}
	}
	return r.marks.Placeholder([]byte(value), len(value)), true
}

// plainValue masks the secrets in the value of a field that is none: those
// that are known by how they look, and parameters of URLs.
func (r *Redactor) plainValue(value string) (string, bool) {
	text := []byte(value)
	var found mask.Spans
	if i := bytes.IndexByte(text, '?'); i >= 0 && (text[0] == '/' || bytes.Contains(text[:i], []byte("://"))) {
		found = r.targetSpans(found, text, false, true, "")
	} else {
		found = form.Find(found, r.marks, text, true, "")
	}
	if len(found) == 0 {
		return value, false
	}
	return string(found.Sorted().Masked(text, 0)), true
}
