//go:build unix

package main

import (
	"strings"
	"testing"
)

// TestDockerArgs reads the command lines of docker as it does, and puts our socket in
// the place of what names a daemon.
func TestDockerArgs(t *testing.T) {
	const ours = "unix:///ours"
	for _, c := range []struct{ args, said, at string }{ // said is empty if it is not followed
		{"docker -H tcp://h:1 ps", "docker -H tcp://h:1", "docker -H unix:///ours ps"},
		{"/usr/bin/docker --host tcp://h:1 ps -a", "docker -H tcp://h:1", "/usr/bin/docker -H unix:///ours ps -a"},
		{"docker --host=tcp://h:1 ps", "docker -H tcp://h:1", "docker -H unix:///ours ps"},
		{"docker -H=tcp://h:1 ps", "docker -H tcp://h:1", "docker -H unix:///ours ps"},
		{"docker -Htcp://h:1 ps", "docker -H tcp://h:1", "docker -H unix:///ours ps"},
		{"docker -DHtcp://h:1 ps", "docker -H tcp://h:1", "docker --debug=true -H unix:///ours ps"},
		{"docker -D -l debug -H tcp://h:1 ps", "docker -H tcp://h:1", "docker --debug=true --log-level=debug -H unix:///ours ps"},
		{"docker -c prod ps", "docker --context prod", "docker -H unix:///ours ps"},
		{"docker -Dc prod ps", "docker --context prod", "docker --debug=true -H unix:///ours ps"},
		{"docker --context prod --context dev ps", "docker --context dev", "docker -H unix:///ours ps"},
		{"docker --config /c --context prod run -it x -H y", "docker --context prod", "docker --config=/c -H unix:///ours run -it x -H y"},
		{"docker -H h --tlsverify ps", "docker -H h --tlsverify", "docker -H unix:///ours ps"},
		{"docker --tls=false -H h ps", "docker -H h --tls=false", "docker -H unix:///ours ps"},
		{"docker --tlscacert /c/ca.pem --tlscert /c/cert.pem --tlskey /c/key.pem --tls -H h ps", "docker -H h --tls", "docker -H unix:///ours ps"},
		{"docker -H h -- ps", "docker -H h", "docker -H unix:///ours ps"},
		{"docker -H h -- -x", "docker -H h", "docker -H unix:///ours -- -x"},
		// What is the command's, and what is none.
		{"docker exec web cmd -H x", "", ""},
		{"docker ps -H x", "", ""},
		{"docker run --rm docker docker -H x ps", "", ""},
		{"docker ps", "", ""},
		{"docker", "", ""},
		// It says so itself.
		{"docker -H a -H b ps", "", ""},
		{"docker -H a --context b ps", "", ""},
		{"docker --hos a ps", "", ""},
		{"docker --tls=maybe -H a ps", "", ""},
		{"docker -H", "", ""},
		{"docker -H a", "", ""},
		{"docker -H a --version", "", ""},
		{"docker -H a --help ps", "", ""},
		// It is about contexts, not about a daemon.
		{"docker --context prod context show", "", ""},
	} {
		d, ok := parseDockerArgs(strings.Fields(c.args))
		said, at := "", ""
		if ok && d.names() {
			said, at = d.said(), strings.Join(d.at(ours), " ")
		}
		check(t, c.args, said, c.said)
		check(t, c.args+", with our socket", at, c.at)
	}
}

// TestToFollow follows what docker alone would do, and only that.
func TestToFollow(t *testing.T) {
	for _, c := range []struct {
		args string
		o    options
		want bool
	}{
		{"docker -H h ps", options{}, true},
		{"docker.exe -H h ps", options{}, true},
		{"docker --config c ps", options{}, true},
		{"docker --tls ps", options{}, true},
		{"docker -H h ps", options{env: []string{"X"}}, true},
		{"docker ps", options{}, false},
		{"docker -H h ps", options{upstream: "unix:///u"}, false},
		{"docker -H h ps", options{context: "x"}, false},
		{"mydocker -H h ps", options{}, false},
		{"env docker -H h ps", options{}, false},
		{"docker --tlscacert /mine/ca.pem --tls -H h ps", options{}, true},
	} {
		_, ok := c.o.toFollow(strings.Fields(c.args))
		check(t, c.args, ok, c.want)
	}
}

// TestUpstreamOfArgs finds the daemon that a docker command names.
func TestUpstreamOfArgs(t *testing.T) {
	env := map[string]string{"DOCKER_HOST": "tcp://env:1", "DOCKER_CONTEXT": "env", "DOCKER_CONFIG": t.TempDir(), "DOCKER_TLS": "1"}
	for args, want := range map[string]string{
		"docker -H h --tls=false ps":                          "tcp://h:2375",
		"docker -H h ps":                                      "tcp://h:2375 tls",
		"docker --tls=false -H unix:// ps":                    "unix:///var/run/docker.sock",
		"docker --tls=false ps":                               "tcp://env:1",
		"docker --tlsverify=false ps":                         "tcp://env:1 tls",
		"docker --context default ps":                         "tcp://env:1 tls",
		"docker --context= ps":                                "tcp://env:1 tls",
		"docker -H /a ps":                                     "tcp://localhost:2375/a tls",
		"docker -H x:y ps":                                    "error: docker -H: address \"x:y\": malformed port \"y\"",
		"docker --context none ps":                            `error: docker context "none": no such context`,
		"docker --tlsverify --tlscacert /no/such.pem -H h ps": "error: /no/such.pem: no such file or directory",
	} {
		d, ok := parseDockerArgs(strings.Fields(args))
		if !ok {
			t.Errorf("%s: not read", args)
			continue
		}
		u, err := d.upstream(func(name string) string { return env[name] })
		got := u.Addr.String()
		if u.TLS != nil {
			got += " tls"
		}
		if err != nil {
			got = "error: " + err.Error()
		}
		check(t, args, got, want)
	}
}

// TestGoesPast says what goes past us, and nothing of what may not.
func TestGoesPast(t *testing.T) {
	for _, c := range []struct{ args, what, hint string }{ // words, | between those with blanks
		{"docker -H h ps", "docker -H h goes past socktrace",
			"what is named to socktrace counts, without it docker's own is followed: socktrace run -- docker -H h ps"},
		{"env A=b docker -H h ps", "docker -H h goes past socktrace", "leave it out: socktrace run --upstream h -- env A=b docker ps"},
		{"env DOCKER_HOST=tcp://h:1 python3 x.py", "what has DOCKER_HOST=tcp://h:1 goes past socktrace",
			"leave it out: socktrace run --upstream tcp://h:1 -- python3 x.py"},
		{"env A=b DOCKER_CONTEXT=c docker ps", "DOCKER_CONTEXT=c means nothing beside the DOCKER_HOST of socktrace",
			"leave it out: socktrace run --context c -- env A=b docker ps"},
		{"sudo -n docker --context c ps", "docker --context c goes past socktrace", "sudo -n socktrace run -- docker --context c ps"},
		{"nohup /usr/bin/docker -c c ps", "docker --context c goes past socktrace", "leave it out: socktrace run --context c -- nohup /usr/bin/docker ps"},
		{"podman --url unix:///p ps", "podman --url unix:///p goes past socktrace",
			"leave it out: socktrace run --upstream unix:///p --env CONTAINER_HOST -- podman --remote ps"},
		{"podman --connection=p ps", "podman --connection p goes past socktrace",
			"name its address: socktrace run --upstream ADDR --env CONTAINER_HOST -- podman --remote …; podman system connection list has it"},
		{"nerdctl -a /c.sock ps", "nerdctl -a /c.sock goes past socktrace",
			"leave it out: socktrace run --upstream /c.sock --env CONTAINERD_ADDRESS -- nerdctl ps"},
		{"docker-compose -H tcp://h:1 up", "docker-compose -H tcp://h:1 goes past socktrace",
			"leave it out: socktrace run --upstream tcp://h:1 -- docker-compose up"},
		{"sh|-c|cd x && docker -H h ps", "docker -H h goes past socktrace", "leave it out of the script, and say socktrace run --upstream h -- …"},
		{"env|A=b|bash|-euc|docker --context 'a b' ps $X", "docker --context 'a b' goes past socktrace",
			"leave it out of the script, and say socktrace run --context 'a b' -- …"},
		{"sh|-c|DOCKER_HOST=h make", "what has DOCKER_HOST=h goes past socktrace", "leave it out of the script, and say socktrace run --upstream h -- …"},
		{"sh|-c|DOCKER_CONTEXT=h make", "DOCKER_CONTEXT=h means nothing beside the DOCKER_HOST of socktrace", "leave it out of the script, and say socktrace run --context h -- …"},
		{"busybox|sh|-c|if true; then docker -c x ps; fi", "docker --context x goes past socktrace",
			"leave it out of the script, and say socktrace run --context x -- …"},
		// Nothing is sure.
		{"docker ps", "", ""},
		{"docker exec web cmd -H x", "", ""},
		{"echo docker -H h ps", "", ""},
		{"env -i docker -H h ps", "", ""},
		{"env", "", ""},
		{"env A=b", "", ""},
		{"env DOCKER_HOST= docker ps", "", ""},
		{"sudo -x docker -H h ps", "", ""},
		{"podman ps --url x", "", ""},
		{"podman --url", "", ""},
		{"nerdctl", "", ""},
		{"sh|-c|echo docker -H h ps", "", ""},
		{"sh|-c|docker -H $H ps", "", ""},
		{"sh|-c|docker -H \"$H\" ps", "", ""},
		{"sh|-c|docker $A -H h ps", "", ""},
		{"sh|-c|# docker -H h ps", "", ""},
		{"sh|-c|echo 'docker -H h ps'", "", ""},
		{"sh|-c|cat <<E\ndocker -H h ps\nE", "", ""},
		{"sh|-c|DOCKER_HOST=h", "", ""},
		{"sh|script|-c|docker -H h ps", "", ""},
		{"sh", "", ""},
		{"curl http://localhost/", "", ""},
	} {
		words := strings.Fields(c.args)
		if strings.Contains(c.args, "|") {
			words = strings.Split(c.args, "|")
		}
		got := goesPast(words, true)
		check(t, c.args, got.what, c.what)
		check(t, c.args+", hint", got.hint, c.hint)
	}
}

// TestSimpleCommands reads the commands of scripts that are plain.
func TestSimpleCommands(t *testing.T) {
	for script, want := range map[string]string{
		"a b; c&&d||e|f\ng&":   "a b/c/d/e/f/g",
		"a 'b c' \"d e\"f '' ": "a b c d ef ",
		"(a b) # c\nd":         "a b/d",
		"a b#c":                "a b#c",
		"a b$c d; e":           "a/e",
		"a \"b$c\" d; e":       "a/e",
		"a $(b c) d":           "a/b c/d",
		"a `b c`; d":           "a/b c/d",
		"a b\\ c d; e":         "a/e",
		"a >b c; d 2>&1":       "a/d/1",
		"a 'b":                 "a",
		"a \"b\\\"c; d e\"":    "a",
		"time if a":            "a",
		"a <<b":                "",
		"a\\":                  "",
		"":                     "",
	} {
		var got []string
		for _, words := range simpleCommands(script) {
			got = append(got, strings.Join(words, " "))
		}
		check(t, script, strings.Join(got, "/"), want)
	}
}

// FuzzSimpleCommands: no script takes long, or panics.
func FuzzSimpleCommands(f *testing.F) {
	f.Add("a 'b' \"c\" $d `e` <<f\\")
	f.Fuzz(func(t *testing.T, script string) {
		n := 0
		for _, words := range simpleCommands(script) {
			for _, w := range words {
				n += len(w)
			}
		}
		if n > len(script) {
			t.Errorf("%q: more was read than there is", script)
		}
		scriptPast(script)
	})
}
