package redact

import (
	"strings"

	"github.com/socktrace/socktrace/wire"
)

// secretHeaders are the names of fields whose values are secrets, in lower
// case; secretSuffixes what other such names end with.
var (
	secretHeaders = map[string]bool{
		"authorization":                     true,
		"proxy-authorization":               true,
		"cookie":                            true,
		"set-cookie":                        true,
		"api-key":                           true,
		"x-registry-auth":                   true, // base64url of an AuthConfig
		"x-registry-config":                 true, // the same, by registry
		"x-docker-expose-session-sharedkey": true,
		"x-docker-expose-session-uuid":      true, // whoever knows it can call the client's session
		"x-vault-token":                     true,
		"x-incus-secret":                    true,
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

// emptyAuth are the values of X-Registry-Auth and X-Registry-Config that say
// that there are no credentials: "{}" and "null" in base64.
var emptyAuth = map[string]bool{"": true, "e30=": true, "e30": true, "bnVsbA==": true, "bnVsbA": true}

// maxName is how much of a field's name is looked at: its end, if it is longer.
const maxName = 64

// isSecret says whether values of the field with this name are masked. Of a
// name that is none the last token counts.
func isSecret[T string | []byte](name T) bool {
	name = lastToken(name)
	var buf [maxName]byte
	lower := buf[:copy(buf[:], name[max(0, len(name)-maxName):])]
	for i, c := range lower {
		if 'A' <= c && c <= 'Z' {
			lower[i] = c + 'a' - 'A'
		}
	}
	if secretHeaders[string(lower)] {
		return true
	}
	for _, suffix := range secretSuffixes {
		if n := len(lower) - len(suffix); n >= 0 && string(lower[n:]) == suffix {
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

// fields returns a copy of fields with the secret values masked, and their
// names behind prefix; nil if there are none.
func (r *Redactor) fields(fields []wire.Field, prefix string) (out []wire.Field, names []string) {
	for i, f := range fields {
		value, name, ok := r.field(f)
		if !ok {
			continue
		}
		if out == nil {
			out = append(make([]wire.Field, 0, len(fields)), fields...)
		}
		out[i] = wire.Field{Name: f.Name, Value: value}
		names = append(names, prefix+name)
	}
	return out, names
}

// field returns the masked value of f, and the name it goes by; false if it is
// no secret. A line without a colon is a value without a name.
func (r *Redactor) field(f wire.Field) (value, name string, ok bool) {
	if f.Name != "" {
		if !isSecret(f.Name) {
			return "", "", false
		}
		value, ok = r.value(f.Name, f.Value)
		return value, f.Name, ok
	}
	name, rest := firstToken(f.Value)
	if rest == "" || !isSecret(name) {
		return "", "", false
	}
	value, ok = r.value(name, strings.TrimLeft(rest, " \t"))
	return name + " " + value, name, ok
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
	if value == "" {
		return value, false
	}
	lower := strings.ToLower(lastToken(name))
	switch {
	case lower == "x-registry-auth", lower == "x-registry-config":
		if emptyAuth[value] {
			return value, false
		}
	case strings.HasSuffix(lower, "authorization"):
		scheme, credentials, _ := strings.Cut(value, " ")
		if credentials = strings.TrimLeft(credentials, " \t"); credentials != "" && schemes[strings.ToLower(scheme)] {
			return scheme + " " + r.placeholder(credentials), true
		}
	}
	return r.placeholder(value), true
}
