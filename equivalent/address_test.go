package equivalent

import (
	"strings"
	"testing"
)

// TestAddresses: all forms reach the daemon at the same address, however that is written.
func TestAddresses(t *testing.T) {
	for addr, want := range map[string][4]string{ // of curl, docker, Python and Go
		"/run/x.sock":                    {"--unix-socket /run/x.sock 'http://localhost/", "-H unix:///run/x.sock ", "base_url='unix:///run/x.sock'", `"unix:///run/x.sock"`},
		"/var/run/docker.sock":           {"--unix-socket /var/run/docker.sock ", "docker info", "base_url='unix:///var/run/docker.sock'", `"unix:///var/run/docker.sock"`},
		"@x":                             {"--abstract-unix-socket x ", "-H unix://@x ", "", `"unix://@x"`},
		"h:2375":                         {"'http://h:2375/", "-H tcp://h:2375 ", "base_url='tcp://h:2375'", `"tcp://h:2375"`},
		"http://h:2375":                  {"'http://h:2375/", "-H tcp://h:2375 ", "base_url='tcp://h:2375'", `"tcp://h:2375"`},
		"https://h:2376":                 {"'https://h:2376/", "-H tcp://h:2376 --tlsverify ", "base_url='tcp://h:2376', version='1.41', tls=", `"tcp://h:2376", client.WithTLSClientConfig`},
		"tcp://h:2375/base":              {"'http://h:2375/", "-H tcp://h:2375/base ", "base_url='tcp://h:2375'", `"tcp://h:2375/base"`},
		"tcp://[::1]:2375":               {"'http://[::1]:2375/", "-H 'tcp://[::1]:2375' ", "base_url='tcp://[::1]:2375'", `"tcp://[::1]:2375"`},
		"npipe:////./pipe/docker_engine": {"'http://localhost/", "-H npipe:////./pipe/docker_engine ", "base_url='npipe:////./pipe/docker_engine'", `"npipe:////./pipe/docker_engine"`},
		"ssh://me@h":                     {"--unix-socket /tmp/docker.sock ", "-H ssh://me@h ", "base_url='unix:///tmp/docker.sock'", `"ssh://me@h"`},
	} {
		x, o := exchange("GET", "/v1.41/info", ""), Options{Daemon: addr}
		for i, got := range []string{curl(x, o).Text, docker(x, o).Text, strings.Join(python(x, o).Setup, "\n"), strings.Join(goClient(x, o).Setup, "\n")} {
			if !strings.Contains(joined(got), want[i]) {
				t.Errorf("%s: got %s, want %s", addr, got, want[i])
			}
		}
	}
}

// TestForward: an address that a peer has given is words of a command, and no more.
func TestForward(t *testing.T) {
	const begins = "ssh -nNT -L /tmp/docker.sock:"
	for addr, want := range map[string]string{
		"h":                "/var/run/docker.sock h",
		"me@h:22/run/d":    "/run/d -p 22 me@h",
		"h;id>/x;y":        "'/x;y' 'h;id>'",
		"h:$(id)":          "/var/run/docker.sock -p '$(id)' h",
		"-oProxyCommand=x": "/var/run/docker.sock -- -oProxyCommand=x",
		"[::1]":            "/var/run/docker.sock '[::1]'",
		"[::1]:22":         "/var/run/docker.sock -p 22 '[::1]'",
		"::1":              "/var/run/docker.sock ::1",
	} {
		if want = begins + want; addr == "h;id>/x;y" {
			want = "ssh -nNT -L '/tmp/docker.sock:/x;y' 'h;id>'"
		}
		if got := forward(addr); got != want {
			t.Errorf("%s: got %s, want %s", addr, got, want)
		}
	}
}

// TestCurlFieldNames: a name that is no name is no option of curl's.
func TestCurlFieldNames(t *testing.T) {
	for _, name := range []string{"@/etc/passwd", "a b", "", "a;", "ä"} {
		got := curl(exchange("GET", "/x", "", name+": x", "B: c"), Options{})
		if got.Text != "curl --unix-socket /var/run/docker.sock -H 'B: c' 'http://localhost/x'" || len(got.Notes) != 1 || !strings.Contains(got.Notes[0], name) {
			t.Errorf("%q: %s %q", name, got.Text, got.Notes)
		}
	}
}

// TestGoDigits: a number is the one that was sent, whatever zeros stand before it.
func TestGoDigits(t *testing.T) {
	for sent, want := range map[string]string{"010": "Limit: 10", "08": "Limit: 8", "+5": "Limit: 5", "x": "ListOptions{}"} {
		if got := goClient(exchange("GET", "/v1.41/containers/json?limit="+strings.ReplaceAll(sent, "+", "%2B"), ""), Options{}).Text; !strings.Contains(got, want) {
			t.Errorf("%s: %s", sent, got)
		}
	}
}
