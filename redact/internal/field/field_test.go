package field

import (
	"strings"
	"testing"

	"github.com/socktrace/socktrace/redact/internal/name"
	"github.com/socktrace/socktrace/redact/internal/words"
)

// TestOf: fields by the one rule of names, and a few more whose values are always
// secrets; asked twice, since the second answer comes from memory.
func TestOf(t *testing.T) {
	k := New(name.NewGiven([]string{"x-custom"}))
	always := words.Secret | words.Strict
	for called, want := range map[string]words.Meaning{
		"Authorization": always, "Grpc-Status-Details-Bin": always, "COOKIE": always | words.Members, "x-registry-config": always, "X-Docker-Expose-Session-UUID": always,
		"Authorization\t": always, "a b: Proxy-Authorization": always, "X-Custom ": always | words.Deep, "x_custom": always | words.Deep,
		"X-Api-Key": words.Secret | words.Deep, "password": always | words.Deep, "X-Vault-Token": words.Secret | words.Members,
		"X-Registry-Auth": always, "Set-Cookie": always | words.Members, "Proxy-Authorization": always, "X-Docker-Expose-Session-Sharedkey": words.Secret | words.Strict | words.Deep,
		"X-Docker-Expose-Session-Uuid-of-something": 0, "Host": 0, "": 0, ":": 0, "WWW-Authenticate": 0, "X-Registry-Authx": 0, "X-Docker-Expose-Session-Name": 0, "Sec-WebSocket-Key": 0,
	} {
		for range 2 {
			if got := k.OfString(called); got != want || k.Of([]byte(called)) != want {
				t.Errorf("%q: got %b, want %b", called, got, want)
			}
		}
		if got, ok := k.asked.OfString(called); !ok || words.Meaning(got) != want {
			t.Errorf("%q: %b is remembered", called, got)
		}
	}
}

// TestInText: a single word in a text is a name only if nothing else has it.
func TestInText(t *testing.T) {
	k := New(name.NewGiven([]string{"wobble"}))
	for called, want := range map[string]bool{
		"Authorization": true, "cookie": true, "X-Vault-Token": true, "api_key": true, "wobble": true,
		"token": false, "password": false, "auth": false, "Key": false, "X-Thing": false, "": false, "key_foo": false, "x-token": true, " x-token": false, "x-code": false, "x-registry-auth": true,
	} {
		if got := k.InText([]byte(called)) != 0; got != want {
			t.Errorf("%q: got %t", called, got)
		}
	}
}

func TestCredentials(t *testing.T) {
	for _, tt := range []struct {
		name, value, scheme, credentials string
		ok                               bool
	}{
		{"authorization", "Basic \t x y", "Basic", "x y", true},
		{"x-authorization", "digest a", "digest", "a", true},
		{"authorization", "Unheard of", "Unheard", "of", false},
		{"authorization", "Basic ", "Basic", "", false},
		{"cookie", "Basic x", "", "", false},
	} {
		scheme, credentials, ok := Credentials(tt.name, tt.value)
		if scheme != tt.scheme || credentials != tt.credentials || ok != tt.ok {
			t.Errorf("%s: %s: got %q, %q, %t", tt.name, tt.value, scheme, credentials, ok)
		}
	}
}

// TestSchemes: the schemes that are left to be seen.
func TestSchemes(t *testing.T) {
	for scheme := range strings.FieldsSeq("Basic Bearer Digest Negotiate NTLM Token ApiKey Macaroon PeerCred AWS4-HMAC-SHA256 DPoP Hawk HOBA Kerberos Mutual OAuth SCRAM-SHA-1 SCRAM-SHA-256") {
		if got, _, ok := Credentials("authorization", scheme+" x"); !ok || got != scheme {
			t.Errorf("%s: got %q, %t", scheme, got, ok)
		}
	}
	for value, want := range map[string]bool{"": true, "e30": true, "e30=": true, "bnVsbA": true, "bnVsbA==": true, "e31=": false, "{}": false} {
		if IsNoAuth(value) != want {
			t.Errorf("%q: want %t", value, want)
		}
	}
	for name, want := range map[string]bool{"x-registry-auth": true, "x-registry-config": true, "x-registry": false, "authorization": false} {
		if HasRegistryAuth(name) != want {
			t.Errorf("%q: want %t", name, want)
		}
	}
}

// TestTokens: where tokens begin and end.
func TestTokens(t *testing.T) {
	for s, want := range map[string][3]string{
		"Z9z: x": {"Z9z", ": x", "x"}, " a": {"", " a", "a"}, "a b-c ": {"a", " b-c ", "b-c"}, "": {}, ":": {"", ":", ""}, "\x80a\x7f": {"", "\x80a\x7f", "a"},
	} {
		first, rest := FirstToken(s)
		if got := [3]string{first, rest, LastToken(s)}; got != want {
			t.Errorf("%q: got %q, want %q", s, got, want)
		}
	}
}
