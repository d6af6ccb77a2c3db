package redact

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/wire"
)

// slowPlainPath does what plainPath does, as plainly as can be.
func slowPlainPath(path string) string {
	path, _, _ = strings.Cut(path, "#")
	if p, err := url.PathUnescape(path); err == nil {
		path = p
	}
	return strings.ToLower(path)
}

// FuzzPlainPath compares plainPath with slowPlainPath.
func FuzzPlainPath(f *testing.F) {
	for _, path := range []string{"/v1.41/auth#x", "/%61UTH/", "/web\u212aet", "/%zz/AUTH", "/a%2Fb", "//", "", ":=", "é"} {
		f.Add(path)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if got, want := plainPath(s), slowPlainPath(s); got != want {
			t.Errorf("plainPath(%q): got %q, want %q", s, got, want)
		}
	})
}

// TestTraits: paths however they are written.
func TestTraits(t *testing.T) {
	for _, tt := range []struct {
		method, target string
		want           traits
	}{
		{"GET", "/v1.41/containers/json?all=1", 0},
		{"get", "/containers/x/EXPORT", traitTarDown},
		{"PUT", "/containers/x/%61rchive?path=/", traitTarUp},
		{"PUT", "/images/x/archive", 0},
		{"POST", "/containers/x/Attach/?stdin=1", traitInput},
		{"GET", "/x/web\u212aet", 0},
		{"GET", "/x/websoc\u212aet", traitInput},
		{"POST", "/Secrets/create", traitData},
		{"GET", "/x/configs", traitData},
		{"GET", "/x?y=/configs", 0},
		{"GET", "/x#/configs", 0},
		{"POST", "/build?remote=x", traitBuild | traitTarUp},
		{"POST", "/images/create?fromSrc=-", traitTarUp},
		{"POST", "/images/create?fromImage=x", 0},
	} {
		if got := traitsOf(tt.method, tt.target); got != tt.want {
			t.Errorf("%s %s: got %b, want %b", tt.method, tt.target, got, tt.want)
		}
	}
	for value, want := range map[string]traits{
		"application/x-tar": traitTarUp, " Application/X-TAR ; a=b": traitTarUp, "application/x-tar+GZIP": traitTarUp, "application/tar": traitTarUp, "application/x-gtar": traitTarUp,
		"application/x-www-form-URLENCODED": traitFormUp, "application/json": 0, "text/plain": 0, "": 0, " ;": 0, "tar": 0,
	} {
		if got := bodyTraits([]wire.Field{{Name: "content-TYPE", Value: value}}, wire.ToServer); got != want {
			t.Errorf("%q: got %b, want %b", value, got, want)
		}
	}
}

// TestTakingTurns has events of connections between each other: each has its
// own state, and none of one that has ended.
func TestTakingTurns(t *testing.T) {
	r := newRedactor()
	login, plain := &conv{r, &wire.Conn{ID: 1}}, &conv{r, &wire.Conn{ID: 2}}
	const body = `{"a":["x"],"auth":[{"b":"x"}]}`
	for range 2 {
		login.request(1, "/auth")
		plain.request(1, "/x")
		a, b := login.message(1, wire.ToServer, wire.KindJSON, body), plain.message(1, wire.ToServer, wire.KindJSON, body)
		if a.Masked == nil || b.Masked != nil {
			t.Errorf("masked %q and %q", a.Masked, b.Masked)
		}
		for _, c := range []*conv{login, plain} {
			r.Event(&wire.Close{Meta: c.meta(0, wire.ToServer)})
			if s := r.conns.last.Load(); s != nil && s.conn == c.conn {
				t.Error("a connection that has ended is remembered")
			}
		}
		if m := login.message(1, wire.ToServer, wire.KindJSON, body); m.Masked != nil {
			t.Errorf("after its end: %q", m.Masked)
		}
		r.Event(&wire.Close{Meta: login.meta(0, wire.ToServer)})
	}
}

// TestManyExchanges has exchanges end in another order than they began.
func TestManyExchanges(t *testing.T) {
	c := newConv()
	for n := range 10 {
		c.request(n, "/x", "Cookie: x")
	}
	for _, n := range []int{3, 9, 0, 8, 1, 5} {
		c.r.Event(&wire.End{Meta: c.meta(n, wire.ToServer)})
	}
	s := c.known()
	for n := range 10 {
		if open := s.find(n) >= 0; open != slices.Contains([]int{2, 4, 6, 7}, n) {
			t.Errorf("exchange %d: open is %t", n, open)
		}
	}
	if x := s.exchange(6); len(x.names) != 1 || s.exchange(11) == x {
		t.Errorf("exchange 6: %+v", x)
	}
}
