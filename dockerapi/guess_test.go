package dockerapi

import (
	"fmt"
	"math/rand/v2"
	"net/url"
	"strings"
	"testing"
)

// spelled writes a path in another way that means the same to somebody: in other
// case, percent-encoded here and there, with slashes behind it.
func spelled(r *rand.Rand, path string) string {
	var b strings.Builder
	for _, c := range []byte(path) {
		if r.IntN(3) == 0 {
			c = strings.ToUpper(string(rune(c)))[0]
		}
		if r.IntN(4) == 0 {
			fmt.Fprintf(&b, [...]string{"%%%02x", "%%%02X"}[r.IntN(2)], c)
		} else {
			b.WriteByte(c)
		}
	}
	b.WriteString("///"[:r.IntN(4)])
	return b.String()
}

// TestGuessFindsEveryOperation spells each row of the table in every way.
func TestGuessFindsEveryOperation(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	found := 0
	for i := range operations {
		op := &operations[i]
		if op.Path == "*" || strings.HasPrefix(op.Path, "/{") {
			continue // nothing to recognise
		}
		query := ""
		if op.BodyIf != "" {
			query = "?x=1&" + op.BodyIf
		}
		path := example(op, "127.0.0.1:5055/lib")
		exact := Guess(op.Method, path+query)
		if want := op.traits(); exact&want != want {
			t.Errorf("%s %s: got %b, want %b", op.Method, path, exact, want)
		}
		if exact != 0 {
			found++
		}
		for range 50 {
			target := [...]string{"", "/v1.41", "/base/path", "/base/v1.41", "http://host/x", "/v5.0.0/libpod"}[r.IntN(6)] + spelled(r, path)
			if query != "" {
				target += "?" + spelled(r, query[1:])
			}
			method := [...]string{op.Method, strings.ToLower(op.Method)}[r.IntN(2)]
			if got := Guess(method, target); got&exact != exact {
				t.Errorf("%s %s: got %b, want %b of %s", method, target, got, exact, path)
			}
		}
	}
	if found < 20 {
		t.Errorf("only %d operations have traits", found)
	}
}

func TestGuess(t *testing.T) {
	for _, tt := range []struct {
		method, target string
		want           Traits
	}{
		{"GET", "/v1.41/containers/json?all=1", 0},
		{"get", "/containers/x/EXPORT", TarResponse},
		{"PUT", "/containers/x/%61rchive?path=/", TarRequest},
		{"PUT", "/images/x/archive", 0},
		{"POST", "/containers/x/Attach/?stdin=1", Input | Hidden},
		{"GET", "/x/web\u212aet", 0},
		{"GET", "/x/websoc\u212aet", Input | Hidden},
		{"POST", "/Secrets/create", Data},
		{"GET", "/x/configs", Data},
		{"GET", "/x?y=/configs", 0},
		{"GET", "/x#/configs", 0},
		{"POST", "/build?remote=x", SessionParam | TarRequest | Progress},
		{"POST", "/images/create?fromSrc=-", TarRequest},
		{"POST", "/images/create?fromImage=x", 0},
		{"POST", "/images/create?from%53RC=-", TarRequest},
		{"POST", "/v1.41/plugins/x/set", Pairs},
		{"POST", "/plugins/create", TarRequest},
		{"POST", "/AuthZPlugin.AuthZReq", Authz},
		{"POST", "/AuthZPlugin.AuthZRes", Authz},
		{"POST", "/session", Sealed},
		{"POST", "/v1.41/grpc", Sealed},
		{"POST", "/v1.41/exec/x/start", Input},
		{"POST", "/v1.41/containers/x/start", 0},
		{"GET", "/v1.41/containers/x/attach/ws", Input | Hidden},
		{"GET", "/1.0/operations/x/websocket?secret=y", Input | Hidden},
		{"POST", "/api/v1/namespaces/d/pods/x/exec?command=sh", Input | Hidden},
		{"POST", "/api/v1/namespaces/d/pods/x/attach", Input | Hidden},
		{"POST", "/v1.41/containers/x/exec", 0},
		{"GET", "/images/get?names=x", TarResponse},
		{"GET", "/v5.0.0/libpod/images/export", TarResponse},
		{"POST", "/v5.0.0/libpod/images/import", TarRequest},
		{"POST", "/v5.0.0/libpod/secrets/create?name=db", Data | Hidden},
		{"GET", "/v5.0.0/libpod/secrets/create", Data},
		{"POST", "/v5.0.0/libpod/play/kube", Hidden},
		{"POST", "/v5.0.0/libpod/kube/play", Hidden},
		{"POST", "/v5.0.0/libpod/kube/apply", Hidden},
		{"DELETE", "/v5.0.0/libpod/play/kube", Hidden},
		{"DELETE", "/v5.0.0/libpod/kube/play?force=true", Hidden},
		{"GET", "/v5.0.0/libpod/generate/kube", 0},
		{"POST", "/v6.0.0/libpod/quadlets?replace=true", Hidden},
		{"DELETE", "/v6.0.0/libpod/quadlets/x.container", 0},
		{"POST", "/v5.6.0/libpod/artifacts/add?name=x", Hidden},
		{"POST", "/v6.0.0/libpod/artifacts/local/add?name=x", Hidden},
		{"GET", "/v5.6.0/libpod/artifacts/x/y/extract", TarResponse},
		{"POST", "/v5.0.0/libpod/volumes/x/import", TarRequest},
		{"GET", "/v5.0.0/libpod/volumes/x/export", TarResponse},
		{"POST", "/v5.0.0/libpod/containers/x/checkpoint?export=true", TarResponse},
		{"POST", "/v5.0.0/libpod/containers/x/checkpoint", 0},
		{"POST", "/v5.0.0/libpod/containers/x/restore?import=1", TarRequest},
		{"POST", "/SecretProvider.GetSecret", Data},
		{"POST", "/moby.buildkit.secrets.v1.Secrets/GetSecret", Data},
		{"POST", "/x/moby.filesync.v1.Auth/%43redentials", Data},
		{"POST", "/moby.sshforward.v1.SSH/ForwardAgent", Data},
		{"POST", "/moby.filesync.v1.FileSync/DiffCopy", 0},
		{"POST", "/v1.41/swarm/unlock", Data},
		{"GET", "/v1.41/swarm", Data},
		{"POST", "/v1.41/swarm/join", Data},
		{"POST", "/%zz/%61uth", Login},
		{"POST", "/auth~", 0},
		{"PRI", "*", 0},
		{"OPTIONS", "/x", 0},
		{"POST", "/a.b/C", 0},
		{"GET", "/x/attach/ws", Input | Hidden},
		{"GET", "/containers/x/y/ws", 0},
		{"POST", "/containers/x/y/attach", Input | Hidden},
		{"POST", "/images/x/create?fromSrc=-", TarRequest},
		{"POST", "/x/create?fromSrc=-", 0},
		{"POST", "attach", Input | Hidden},
		{"POST", "/auth%", 0},
		{"POST", "/auth%2", 0},
	} {
		if got := Guess(tt.method, tt.target); got != tt.want {
			t.Errorf("%s %s: got %b, want %b", tt.method, tt.target, got, tt.want)
		}
	}
}

func TestGuessLogin(t *testing.T) {
	for target, want := range map[string]bool{
		"/auth": true, "/v1.41/auth": true, "/v1.41/auth?x=/y": true, "/base/v1.41/auth": true, "http://h/auth": true,
		"/v1.41/%61uth": true, "/auth/": true, "/AUTH": true, "/v1.41/auth#x": true,
		"/oauth": false, "/auth/x": false, "/x?y=/auth": false, "": false, "*": false,
	} {
		if got := Guess("POST", target)&Login != 0; got != want {
			t.Errorf("POST %s: got %t", target, got)
		}
		if Guess("GET", target)&Login != 0 {
			t.Errorf("GET %s: got true", target)
		}
	}
}

// plainGuess is the least that Guess returns, written as plainly as can be.
func plainGuess(method, target string) (t Traits) {
	path, query, _ := strings.Cut(target, "?")
	path, _, _ = strings.Cut(path, "#")
	if p, err := url.PathUnescape(path); err == nil {
		path = p
	}
	path = "/" + strings.TrimRight(strings.ToLower(path), "/")
	ends := func(s string) bool { return strings.HasSuffix(path, s) }
	has := func(s string) bool { return strings.Contains(path[1:], s) }
	is := func(m string) bool { return strings.ToUpper(method) == m }
	for _, rule := range []struct {
		applies bool
		traits  Traits
	}{
		{is("POST") && ends("/auth"), Login},
		{ends("/session") || ends("/grpc"), Sealed},
		{ends("/attach") || ends("/attach/ws") && has("/attach/ws") || ends("/websocket"), Input | Hidden},
		{ends("/start") && has("/exec/"), Input},
		{ends("/exec") && (has("/pods/") || has("/exec/")), Input},
		{ends("/set") && has("/plugins/"), Pairs},
		{ends("/authzplugin.authzreq") || ends("/authzplugin.authzres"), Authz},
		{ends("/build"), SessionParam | Progress},
		{has("/secrets") || has("/configs") || has("/swarm"), Data},
		{is("POST") && (has("/libpod/secrets") && ends("/create") || ends("/libpod/quadlets")) || has("/libpod/kube/") && ends("/play"), Hidden},
		{is("PUT") && ends("/archive") && has("/containers/"), TarRequest},
		{is("POST") && (ends("/build") || (ends("/load") || ends("/import")) && has("/images/") || ends("/create") && has("/plugins/")), TarRequest},
		{is("POST") && ends("/create") && has("/images/") && strings.Contains(query, "fromSrc="), TarRequest},
		{is("POST") && ends("/copy") && has("/containers/"), TarResponse},
		{is("GET") && (ends("/archive") || ends("/export")) && has("/containers/"), TarResponse},
		{is("GET") && (ends("/get") || ends("/export")) && has("/images/"), TarResponse},
	} {
		if rule.applies {
			t |= rule.traits
		}
	}
	return t
}

// FuzzGuess compares Guess with what is written plainly, and a spelling with
// another.
func FuzzGuess(f *testing.F) {
	for i := range operations {
		f.Add(operations[i].Method, example(&operations[i], "a"), uint64(i))
	}
	for _, target := range []string{"/images/create?fromSrc=-", "/v1.41/auth#x", "/%61UTH/", "/web\u212aet", "/%zz/AUTH", "/a%2Fb", "//", "", ":=", "é", "session", "/x/exec/x/exec"} {
		f.Add("POST", target, uint64(1))
	}
	f.Fuzz(func(t *testing.T, method, target string, seed uint64) {
		if len(target) > 4<<10 {
			return // slow, and nothing new
		}
		got := Guess(method, target)
		if want := plainGuess(method, target); got&want != want {
			t.Errorf("%s %s: got %b, want %b", method, target, got, want)
		}
		path, query, _ := strings.Cut(target, "?")
		if strings.ContainsAny(path, "%#") {
			return
		}
		for _, c := range path {
			if c >= 0x80 {
				return
			}
		}
		other := "/base" + spelled(rand.New(rand.NewPCG(seed, 0)), path) + "?" + query
		if strings.HasPrefix(path, "/") && Guess(method, other)&got != got {
			t.Errorf("%s %s: got %b, want %b of %s", method, other, Guess(method, other), got, target)
		}
	})
}

func BenchmarkGuess(b *testing.B) {
	for _, bm := range []struct{ name, method, target string }{
		{"ping", "HEAD", "/_ping"},
		{"inspect", "GET", "/v1.41/containers/50c951e801755a18c3db669735565523b5257b324fbfdb9e114e84c58ae0e2e5/json"},
		{"attach", "POST", "/v1.41/containers/50c951e801755a18c3db669735565523b5257b324fbfdb9e114e84c58ae0e2e5/attach?stderr=1&stdin=1&stdout=1&stream=1"},
	} {
		b.Run(bm.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Guess(bm.method, bm.target)
			}
		})
	}
}
