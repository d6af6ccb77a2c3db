package policy

import (
	"fmt"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/wire"
)

// TestWidths: what stands in the place of a parameter is let in as narrowly as what was seen
// allows, for all of it.
func TestWidths(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ requests, wollomatic, cetusguard string }{
		{"GET /networks/a", `(/v[\d.]+)?/networks/[\w.-]+`, `%API_PREFIX_NETWORKS%/[\w.-]+(\?.*)?`},
		{"GET /networks/a|GET /networks/a%20b", `(/v[\d.]+)?/networks/[^/]+`, `%API_PREFIX_NETWORKS%/[^/?]+(\?.*)?`},
		{"GET /networks/a%2Fb", `(/v[\d.]+)?/networks/.+`, `%API_PREFIX_NETWORKS%/[^/?]+(\?.*)?`},
		{"GET /networks/a/b", `(/v[\d.]+)?/networks/.+`, `%API_PREFIX_NETWORKS%/[^?]+(\?.*)?`},
		{"GET /images/h:5000/a/b:c/json?x=1", `(/v[\d.]+)?/images/[\w.:/@-]+/json`, `%API_PREFIX_IMAGES%/[\w.:/@%-]+/json(\?.*)?`},
		{"GET /v1.41/_ping", `(/v[\d.]+)?/_ping`, `%API_PREFIX_PING%(\?.*)?`},
		{"GET /v4.0.0/libpod/pods/json", `(/v[\d.]+)?/libpod/pods/json`, `(/v[0-9.]+)?/libpod/pods/json(\?.*)?`},
		{"GET /debug/vars", `(/v[\d.]+)?/debug/vars`, `(/v[0-9.]+)?/debug/vars(\?.*)?`},
		{"DELETE /containers/a/checkpoints/b", `(/v[\d.]+)?/containers/[\w.-]+/checkpoints/[\w.-]+`, `%API_PREFIX_CONTAINERS%/[\w.-]+/checkpoints/[\w.-]+(\?.*)?`},
	} {
		requests := strings.Split(c.requests, "|")
		s := sees(t, requests...)
		for p, want := range map[*Proxy]string{wollomatic: c.wollomatic, cetusguard: c.cetusguard} {
			l := planFor(s, p)
			if len(l.rules) != 1 || l.rules[0].value != want {
				t.Errorf("%s for %s: %v", c.requests, p.Name, l.rules)
			}
			for _, r := range requests {
				method, target, _ := strings.Cut(r, " ")
				if !allows(l.model, method, target) {
					t.Errorf("%s: %s is denied", p.Name, r)
				}
			}
		}
	}
}

// TestVariables: the fewest that let in what was seen.
func TestVariables(t *testing.T) {
	t.Parallel()
	for requests, want := range map[string]string{
		"GET /containers/json":                               "CONTAINERS | CONTAINERS",
		"POST /containers/a/start":                           "POST ALLOW_START | ALLOW_START",
		"POST /containers/a/stop":                            "POST ALLOW_STOP | ALLOW_STOP",
		"POST /containers/a/stop|POST /containers/a/kill":    "POST ALLOW_RESTARTS ALLOW_KILL | ALLOW_RESTARTS",
		"GET /containers/a/archive|GET /containers/a/logs":   "CONTAINERS ALLOW_ARCHIVE ALLOW_LOGS | CONTAINERS ALLOW_ARCHIVE ALLOW_LOGS",
		"DELETE /containers/a":                               "POST DELETE CONTAINERS | POST CONTAINERS",
		"PUT /containers/a/archive|GET /containers/a/top":    "POST PUT CONTAINERS ALLOW_ARCHIVE | POST CONTAINERS ALLOW_ARCHIVE ALLOW_TOP",
		"POST /containers/a/start|GET /v1.41/_ping":          "POST PING ALLOW_START | PING ALLOW_START",
		"GET /containers/json|POST /containers/a/pause":      "POST CONTAINERS | CONTAINERS ALLOW_PAUSE",
		"POST /containers/create|POST /containers/a/start":   "POST CONTAINERS | POST CONTAINERS",
		"POST /grpc|POST /session|POST /build":               "POST BUILD GRPC SESSION | POST BUILD GRPC SESSION",
		"GET /debug/vars|GET /v4.0.0/libpod/containers/json": " | ",
		"HEAD /_ping|GET /version|GET /events":               "EVENTS PING VERSION | EVENTS PING VERSION",
	} {
		s := sees(t, strings.Split(requests, "|")...)
		var got []string
		for _, p := range []*Proxy{tecnativa, linuxserver} {
			var on []string
			for _, r := range planFor(s, p).rules {
				if r.value == "1" {
					on = append(on, r.name)
				}
			}
			got = append(got, strings.Join(on, " "))
		}
		if got := strings.Join(got, " | "); got != want {
			t.Errorf("%s: %s; want %s", requests, got, want)
		}
	}
}

// TestPodmansOwn: of what is made over Podman's own API no rule looks at the mounts.
func TestPodmansOwn(t *testing.T) {
	t.Parallel()
	s := New(nil, Options{})
	asks(t, s, "b", "POST", "/v1.41/containers/create", `{"HostConfig":{"Binds":["/srv/:/s"]}}`)
	asks(t, s, "b", "POST", "/v4.0.0/libpod/containers/create", `{"mounts":[{"type":"bind","source":"/"}]}`)
	text := strings.Join(strings.Fields(strings.ReplaceAll(s.account.result().Rules(wollomatic, Env), "\n#", "\n")), " ")
	for _, says := range []string{
		"Who may ask for ContainerCreate can become root on the host: no rule here looks at more of a container than its mounts.",
		"Who may ask for ContainerCreateLibpod can become root on the host: these rules do not look at what a container is to have.",
		"What is below them is let in too. What Podman's own API creates may mount anything. SP_ALLOWBINDMOUNTFROM=/srv",
	} {
		if !strings.Contains(text, says) {
			t.Errorf("%q is not there:\n%s", says, text)
		}
	}
}

// TestRemarks: what rules cannot say is said.
func TestRemarks(t *testing.T) {
	t.Parallel()
	s := New(nil, Options{})
	asks(t, s, "a", "GET", "/debug/vars")
	asks(t, s, "a", "GET", "/some/base/v1.41/containers/json")
	asks(t, s, "a", "GET", "/no/\x1b[2J")
	asks(t, s, "a", "POST", "/moby.buildkit.v1.Control/Solve")
	asks(t, s, "b", "POST", "/v1.41/services/create", `{"TaskTemplate":{"ContainerSpec":{"Mounts":[{"Type":"bind","Source":"/srv"}]}}}`)
	nested := &wire.Conn{ID: 2, Parent: wire.Parent{Conn: &wire.Conn{ID: 1}, Exchange: 3}, Via: "h2c"}
	attached := &wire.Exchange{Meta: wire.Meta{Conn: &wire.Conn{ID: 3}}, Request: &wire.Request{Method: "POST", Target: "/containers/x/attach"}, Response: &wire.Response{Status: 200}, Upgrade: &wire.Upgrade{}}
	inner := &wire.Exchange{Meta: wire.Meta{Conn: nested}, Request: &wire.Request{Method: "GET", Target: "/volumes"}}
	for _, x := range []*wire.Exchange{attached, inner} {
		if err := s.Event(x, x); err != nil {
			t.Fatal(err)
		}
	}
	seen := s.account.result()
	text := strings.Join(strings.Fields(strings.ReplaceAll(seen.Rules(tecnativa, Env), "\n#", "\n")), " ")
	for _, says := range []string{
		"can become root on the host", "No rule of this proxy lets in DebugVars, GET /debug/vars (1).",
		`1 request for ContainerList had something before the version, and is denied: "GET /some/base/v1.41/containers/json".`,
		"ContainerAttach became a stream without an upgrade", "1 request of HTTP/2 from the first byte, which this proxy does not relay, is left out.",
		`No operations of the API, and no rules for them: "GET /no/\e[2J" (1).`,
	} {
		if !strings.Contains(text, says) {
			t.Errorf("%q is not there:\n%s", says, text)
		}
	}
	if strings.Contains(text, "Volume") {
		t.Errorf("what travels inside is told:\n%s", text)
	}
	if text := seen.Rules(wollomatic, Env); !strings.Contains(text, "\nSP_ALLOWBINDMOUNTFROM=/srv\n") {
		t.Errorf("what is mounted is not told:\n%s", text)
	}
	if text := seen.Overview(); !strings.Contains(text, "  GET /no/\\e[2J (1, a)\n") || !strings.Contains(text, "1 request of HTTP/2") {
		t.Errorf("%s", text)
	}
}

// TestMountsUnknown: mounts are not restricted where not all are known.
func TestMountsUnknown(t *testing.T) {
	t.Parallel()
	for name, docs := range map[string][]string{
		"unread": nil, "borrowed": {`{"HostConfig":{"VolumesFrom":["x"]}}`}, "with a comma": {`{"HostConfig":{"Binds":["/a,b:/c"]}}`},
		"too many": {`{"HostConfig":{"Binds":["/0:/c"` + strings.Repeat(`,"/x:/y"`, 3) + `]}}`},
	} {
		s := New(nil, Options{})
		if name == "too many" {
			for i := range maxBinds {
				asks(t, s, "a", "POST", "/containers/create", fmt.Sprintf(`{"HostConfig":{"Binds":["/d%d:/c"]}}`, i))
			}
		}
		asks(t, s, "a", "POST", "/containers/create", docs...)
		text := s.account.result().Rules(wollomatic, Flags)
		if !strings.Contains(text, "# No rule for mounts: ") || strings.Contains(text, "bindmountfrom") {
			t.Errorf("%s:\n%.600s", name, text)
		}
	}
}

// TestBounded: of what nobody bounds, only so much is told apart, and the rest is counted.
func TestBounded(t *testing.T) {
	t.Parallel()
	rules, err := ReadRules("x", []byte("CONTAINERS=1"), nil)
	if err != nil {
		t.Fatal(err)
	}
	s := New(nil, Options{Rules: rules})
	const n = 5000
	for i := range n {
		asks(t, s, fmt.Sprint("client", i), "GET", fmt.Sprint("/what/", i, strings.Repeat("x", 5000)))
	}
	for i := range n {
		m := wire.Meta{Conn: &wire.Conn{ID: i}, Exchange: 1}
		x := &wire.Exchange{Meta: m, Request: &wire.Request{Call: wire.Call{Operation: "ContainerCreate"}}}
		if err := s.Event(&wire.Message{Meta: m, Kind: wire.KindJSON, Data: []byte(`{}`)}, x); err != nil {
			t.Fatal(err)
		}
	}
	seen := s.account.result()
	if len(seen.Clients) > maxClients+1 || len(seen.Others) != maxOthers || seen.OtherMore != n-maxOthers || len(seen.Others[0].Path) > maxText+10 {
		t.Errorf("%d clients, %d others, %d more", len(seen.Clients), len(seen.Others), seen.OtherMore)
	}
	if seen.Denied() != n || len(seen.denied) != maxDenied || seen.deniedMore != n-maxDenied || len(s.account.pending) != maxPending {
		t.Errorf("%d denied, %d told, %d more, %d pending", seen.Denied(), len(seen.denied), seen.deniedMore, len(s.account.pending))
	}
}

// FuzzReadRules: whatever is in a file of rules, it is read or an error, and decides.
func FuzzReadRules(f *testing.F) {
	for _, p := range Proxies() {
		for _, form := range p.Forms {
			f.Add(sees(f, "GET /containers/json", "POST /v1.41/containers/create", "GET /images/a%2fb/json").Rules(p, form), "/v1.41/containers/json?x")
		}
	}
	f.Fuzz(func(t *testing.T, rules, target string) {
		if r, err := ReadRules("x", []byte(rules), nil); err == nil {
			r.Decide(Request{Method: "GET", Target: target, Binds: []string{target}})
		}
	})
}

// TestFailures: how many requests failed is told, with the statuses.
func TestFailures(t *testing.T) {
	t.Parallel()
	s := New(nil, Options{})
	for i, status := range []int{200, 404, 101, 500, 304, 404} {
		x := &wire.Exchange{
			Meta:     wire.Meta{Conn: &wire.Conn{ID: 1}, Exchange: i + 1},
			Request:  &wire.Request{Method: "GET", Target: "/containers/json"},
			Response: &wire.Response{Status: status},
		}
		if err := s.Event(x, x); err != nil {
			t.Fatal(err)
		}
	}
	const want = "3 of 6 requests failed (404, 500): what comes behind them was perhaps not asked for."
	seen := s.account.result()
	for _, text := range []string{seen.Overview(), seen.Rules(wollomatic, Env), seen.Rules(tecnativa, Compose)} {
		if !strings.Contains(strings.Join(strings.Fields(strings.ReplaceAll(text, "\n#", "\n")), " "), want) {
			t.Errorf("%s", text)
		}
	}
	if text := sees(t, "GET /containers/json").Overview(); strings.Contains(text, "failed") {
		t.Errorf("%s", text)
	}
}

// TestDenialsWidth: ids are short, and the example is as long as there is room.
func TestDenialsWidth(t *testing.T) {
	t.Parallel()
	id := strings.Repeat("0123456789abcdef", 4)
	rules, err := ReadRules("x", []byte("IMAGES=1"), nil)
	if err != nil {
		t.Fatal(err)
	}
	s := New(nil, Options{Rules: rules})
	asks(t, s, "docker", "GET", "/v1.41/containers/"+id+"/json?"+strings.Repeat("a", 60))
	seen := s.account.result()
	short := "GET /v1.41/containers/0123456789ab/json?"
	for width, want := range map[int]string{0: short + strings.Repeat("a", 60) + "\n", 160: short + strings.Repeat("a", 60) + "\n", 80: short + "aa...\n"} {
		text := seen.Denials("x", width)
		if !strings.HasSuffix(text, "  "+want) {
			t.Errorf("%d: %s", width, text)
		}
	}
}
