//go:build unix

package main

import (
	"context"
	"net"
	"net/http"
	"net/http/httputil"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
)

// guard is a proxy that lets in what its rules do, as the two are built that have expressions: on
// net/http, which hands connections over on an upgrade.
type guard struct {
	mu     sync.Mutex
	denied []string
}

// guards starts one in front of a daemon.
func guards(t *testing.T, upstream string, allowed func(*http.Request) bool) (socket string, g *guard) {
	t.Helper()
	g = &guard{}
	path := strings.TrimPrefix(upstream, "unix://")
	proxy := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) { r.Out.URL.Scheme, r.Out.URL.Host = "http", "docker" },
		Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			var d net.Dialer
			return d.DialContext(ctx, "unix", path)
		}},
	}
	socket = filepath.Join(shortDir(t), "g.sock")
	l, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !allowed(r) {
			g.mu.Lock()
			g.denied = append(g.denied, r.Method+" "+r.RequestURI)
			g.mu.Unlock()
			http.Error(w, "denied", http.StatusForbidden)
			return
		}
		proxy.ServeHTTP(w, r)
	})}
	go func() { _ = server.Serve(l) }()
	t.Cleanup(func() { server.Close() })
	return "unix://" + socket, g
}

// saw returns what was denied.
func (g *guard) saw() string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return strings.Join(g.denied, "\n")
}

// TestPolicyDocker records a session of the docker CLI, writes rules, and has the same session go
// through proxies that have them: nothing of it is denied. What was not in it is, and --check says
// so before.
func TestPolicyDocker(t *testing.T) {
	daemon := os.Getenv("DOCKER_HOST")
	for _, docker := range dockers(t) {
		t.Run(docker.version, func(t *testing.T) {
			t.Parallel()
			if !strings.HasPrefix(daemon, "unix://") {
				t.Skip("the daemon is not on a unix socket")
			}
			dir := t.TempDir()
			name, recorded := uniqueName(), filepath.Join(dir, "a.har")
			session := [][]string{
				{"run", "--name", name, "-v", dir + ":/x:ro", "--network", "none", testImage, "echo", "hi"},
				{"logs", name}, {"rm", "-f", name}, {"images", testImage}, {"version"},
			}
			// Of 20.10, a session of BuildKit's, in HTTP/2 inside of the stream.
			const buildkit = "DOCKER_BUILDKIT=1"
			if strings.HasPrefix(docker.version, "20.") {
				session = append(session, []string{"build", "-q", "--no-cache", "--network", "none", "-t", name, buildFolder(t)})
				t.Cleanup(func() { docker.must(t, "rmi", "-f", name) })
			}
			for i, args := range session {
				p := socktrace(t, environ(buildkit), append([]string{"run", "-q", "--har", recorded + string(rune('0'+i)) + ".har", "--", docker.path}, args...)...).end()
				check(t, strings.Join(args, " "), p.status, "exit status 0")
			}
			all := filepath.Join(dir, "a.har?.har")
			for _, proxy := range []string{"wollomatic", "cetusguard"} {
				form := map[string]string{"wollomatic": "flags", "cetusguard": "rules"}[proxy]
				rules := filepath.Join(dir, proxy+".txt")
				got := socktrace(t, nil, "policy", "--for", proxy, "--as", form, "-o", rules, all).end()
				check(t, "status", got.status, "exit status 0")
				text := readFile(t, rules)
				if proxy == "wollomatic" && !strings.Contains(text, "\n'-allowbindmountfrom="+dir+"'\n") {
					t.Errorf("what was mounted is not told:\n%s", text)
				}
				host, g := guards(t, daemon, allowedBy(t, proxy, text))
				for _, args := range session {
					p := launch(t, environ("DOCKER_HOST="+host, buildkit), docker.path, args...).end()
					check(t, proxy+": "+strings.Join(args, " "), p.status+p.err, "exit status 0")
				}
				check(t, proxy+" denied", g.saw(), "")
				before := g.saw()
				for _, args := range [][]string{{"ps"}, {"network", "ls"}, {"top", "x"}, {"kill", "x"}, {"volume", "create", "x"}, {"tag", testImage, "x:x"}} {
					p := launch(t, environ("DOCKER_HOST="+host), docker.path, args...).end()
					if now := g.saw(); p.status == "exit status 0" || now == before {
						t.Errorf("%s: %s was not denied: %s", proxy, strings.Join(args, " "), p.status)
					} else {
						before = now
					}
				}
				got = socktrace(t, nil, "policy", "--check", rules, all).end()
				check(t, "status", got.status, "exit status 0")
				if !strings.HasPrefix(got.out, "None of ") {
					t.Errorf("%s", got.out)
				}
			}
		})
	}
}

// aFlagOf and aRuleOf are rules as they are written.
var (
	aFlagOf = regexp.MustCompile(`(?m)^'-allow([A-Z]+)=(.*)'$`)
	aRuleOf = regexp.MustCompile(`(?m)^([A-Z]+) %API_PREFIX_([A-Z]+)%(.*)$`)
)

// allowedBy returns what decides by rules, read as their proxy reads them: one matches the decoded
// path, the other the target.
func allowedBy(t *testing.T, proxy, text string) func(*http.Request) bool {
	t.Helper()
	rules := map[string][]*regexp.Regexp{}
	if proxy == "wollomatic" {
		for _, m := range aFlagOf.FindAllStringSubmatch(text, -1) {
			rules[m[1]] = append(rules[m[1]], regexp.MustCompile("^"+m[2]+"$"))
		}
	} else {
		for _, m := range aRuleOf.FindAllStringSubmatch(text, -1) {
			section := strings.Replace(strings.ToLower(m[2]), "ping", "_ping", 1)
			rules[m[1]] = append(rules[m[1]], regexp.MustCompile(`^(?:/v[0-9]+(?:\.[0-9]+)*)?/`+section+m[3]+"$"))
		}
	}
	if len(rules) < 3 {
		t.Fatalf("%s: no rules:\n%s", proxy, text)
	}
	return func(r *http.Request) bool {
		subject := r.URL.Path
		if proxy != "wollomatic" {
			subject = r.URL.RequestURI()
		}
		for _, e := range rules[r.Method] {
			if e.MatchString(subject) {
				return true
			}
		}
		return false
	}
}
