package intercept

import (
	"strings"
	"testing"
)

func TestParseAddr(t *testing.T) {
	const form = "want unix:///path, tcp://host:port[/base], https://host[:port] or ssh://[user@]host[:port][/path]"
	tests := []struct{ in, want string }{ // want: String of it, or the error after "error: "
		{"unix:///run/docker.sock", "unix:///run/docker.sock"},
		{"unix://rel/docker.sock", "unix://rel/docker.sock"},
		{"unix://@abstract", "unix://@abstract"},
		{"/run/docker.sock", "unix:///run/docker.sock"},
		{"./s", "unix://./s"},
		{"../s", "unix://../s"},
		{"/with:colon", "unix:///with:colon"},
		{"unix://", "error: no path; " + form},
		{"unix://@", "error: no path; " + form},
		{"http+unix:///run/s", "unix:///run/s"}, // docker-py
		{"http+unix://rel/s", "unix://rel/s"},
		{"http+unix://%2Frun%2Fs", "unix:///run/s"}, // requests-unixsocket
		{"unix://@a/", "unix://@a/"},
		{"unix:///run/", "error: path of a directory, not of a socket"},
		{"unix:///a\x00b", "error: zero byte in path"},

		{"tcp://127.0.0.1:2375", "tcp://127.0.0.1:2375"},
		{"tcp://127.0.0.1:2375/", "tcp://127.0.0.1:2375"},
		{"tcp://127.0.0.1", "tcp://127.0.0.1:2375"},
		{"tcp://", "tcp://localhost:2375"},
		{"tcp://:4444", "tcp://:4444"},
		{"tcp://[::1]", "tcp://[::1]:2375"},
		{"tcp://[::1]:80", "tcp://[::1]:80"},
		{"tcp://[fe80::1%eth0]:80", "tcp://[fe80::1%eth0]:80"},
		{"host:99", "tcp://host:99"},
		{":99", "tcp://:99"},
		{"http://host:99", "tcp://host:99"},
		{"http://host", "tcp://host:80"},
		{"tcp://[fe80::1%25eth0]:80", "tcp://[fe80::1%eth0]:80"},
		{"tcp://host%25:80", "tcp://host%25:80"},
		{"tcp://::1", "tcp://[::1]:2375"},
		{"tcp://fe80::1%eth0", "error: malformed host or port; " + form}, // with brackets only
		{"tcp://::1/base", "tcp://[::1]:2375/base"},
		{"::1", "tcp://[::1]:2375"},
		{"tcp://::x", "error: malformed host or port; " + form},
		{"tcp://host:port", `error: malformed port "port"`},
		{"tcp://host:65535", "tcp://host:65535"},
		{"tcp://host:1a", `error: malformed port "1a"`},
		{"tcp://host:0x1", `error: malformed port "0x1"`},
		{"tcp://host:65536", `error: malformed port "65536"`},
		{"tcp://host:", `error: malformed port ""`},
		{"tcp://host:1/base", "tcp://host:1/base"},
		{"tcp://host:1/base/path//", "tcp://host:1/base/path"},
		{"tcp://host/base", "tcp://host:2375/base"},
		{"tcp:///base", "tcp://localhost:2375/base"},
		{"host:1/base", "tcp://host:1/base"},
		{"tcp://host:1//", "tcp://host:1"},
		{"tcp://host:1/%41", "tcp://host:1/%41"},
		{"tcp://me@host:1", "error: a name before the host is not supported"},
		{"tcp://host:1?x", "error: want only host:port[/base] after tcp://"},
		{"tcp://host:1/b?x", "error: want only host:port[/base] after tcp://"},
		{"tcp://host:1/a b", "error: want only host:port[/base] after tcp://"},
		{"tcp://host:1/a\u0085", "error: want only host:port[/base] after tcp://"},
		{"tcp://host:1#x", "error: want only host:port[/base] after tcp://"},
		{"tcp://a b:1", "error: want only host:port[/base] after tcp://"},
		{"tcp://host:+1", `error: malformed port "+1"`},
		{"http://", "tcp://localhost:80"},
		{"https://host", "https://host:443"},
		{"https://[::1]:1/base/", "https://[::1]:1/base"},
		{"https://host:x", `error: malformed port "x"`},
		{"https://host?", "error: want only host:port[/base] after https://"},
		{`C:\pipe`, `error: malformed port "\\pipe"`},

		{"ssh://host", "ssh://host"},
		{"ssh://me@host:22/run/docker.sock", "ssh://me@host:22/run/docker.sock"},
		{"ssh://host/", "ssh://host"},
		{"ssh://me@[::1]:22/s", "ssh://me@[::1]:22/s"},
		{"ssh://[fe80::1%eth0]:22/s%41", "ssh://[fe80::1%25eth0]:22/s%41"},
		{"ssh://[fe80::1%25eth0]", "ssh://[fe80::1%25eth0]"},
		{"ssh://", "error: no host; " + form},
		{"ssh://me:secret@host", "error: a password in an address is not supported"},
		{"ssh://-oProxyCommand=x", "error: a host does not begin with a dash"},
		{"ssh://-lx@h", "error: a user does not begin with a dash"},
		{"ssh://host?x=1", "error: want nothing after the path"},
		{"ssh://host#x", "error: want nothing after the path"},
		{"ssh://host//", "ssh://host"},
		{"ssh://host:0", `error: malformed port "0"`},
		{"ssh://host:70000", `error: malformed port "70000"`},
		{"ssh://a b@host", "error: invalid userinfo"},
		{"ssh://host:x", `error: invalid port ":x" after host`},

		{"", "error: " + form},
		{"docker", "error: " + form},
		{"fd://", "error: fd:// is a socket that systemd hands to a daemon, nothing to connect to; " + form},
		{"npipe:////./pipe/docker_engine", "error: only Windows has named pipes; " + form},
		{"vsock://1:2", `error: unknown scheme "vsock"; ` + form},
	}
	for _, test := range tests {
		a, err := parseAddr(test.in, "linux")
		if want, fails := strings.CutPrefix(test.want, "error: "); fails {
			if err == nil || err.Error() != want || a != (Addr{}) {
				t.Errorf("%q: got %v, %v; want the error %s", test.in, a, err, want)
			}
		} else if err != nil || a.String() != test.want {
			t.Errorf("%q: got %v, %v; want %s", test.in, a, err, test.want)
		}
	}
	if _, err := ParseAddr("x\n"); err == nil || err.Error() != `address "x\n": `+form {
		t.Errorf("an address that is none: %v", err)
	}
}

// TestParseAddrElsewhere says what other systems have.
func TestParseAddrElsewhere(t *testing.T) {
	for _, test := range []struct{ system, in, want string }{
		{"windows", "npipe:////./pipe/docker_engine", "npipe:////./pipe/docker_engine"},
		{"windows", `npipe://\\.\pipe\a\b`, "npipe:////./pipe/a/b"},
		{"windows", "npipe://docker_engine", "want npipe:////./pipe/name"},
		{"windows", "npipe:////./pipe/", "want npipe:////./pipe/name"},
		{"windows", "unix://@a", "only Linux has abstract sockets; a file whose name begins with @ is unix://./@a"},
		{"darwin", "unix://@a", "only Linux has abstract sockets; a file whose name begins with @ is unix://./@a"},
		{"darwin", "unix://./@a", "unix://./@a"},
	} {
		a, err := parseAddr(test.in, test.system)
		got := a.String()
		if err != nil {
			got = err.Error()
		}
		if got != test.want {
			t.Errorf("%s on %s: got %s; want %s", test.in, test.system, got, test.want)
		}
	}
}

// TestAddrParts takes addresses apart.
func TestAddrParts(t *testing.T) {
	for _, test := range []struct {
		in, hostPort, base, peer string
		tcp                      bool
	}{
		{"tcp://h:1/a/b", "h:1", "/a/b", "tcp://h:1", true},
		{"https://[::1]/a", "[::1]:443", "/a", "tcp://[::1]:443", true},
		{"tcp://h:1", "h:1", "", "tcp://h:1", true},
		{"unix:///a/b", "", "", "unix:///a/b", false},
		{"ssh://h:1/a/b", "h:1", "", "ssh://h:1/a/b", false},
	} {
		a, err := ParseAddr(test.in)
		if err != nil {
			t.Fatal(err)
		}
		if a.HostPort() != test.hostPort || a.Base() != test.base || a.peer() != test.peer || a.TCP() != test.tcp {
			t.Errorf("%s: %q, %q, %q, %v", test.in, a.HostPort(), a.Base(), a.peer(), a.TCP())
		}
		if b := a.WithBase("/x"); a.TCP() && (b.Base() != "/x" || b.HostPort() != a.HostPort() || b.Network != a.Network) {
			t.Errorf("%s with another base: %s", test.in, b)
		}
	}
}

// Whatever is accepted reads back as the same address.
func FuzzParseAddr(f *testing.F) {
	for _, s := range []string{"unix:///a", "./a", "tcp://h", "[::1]:2", "http://h", "ssh://u@h:1/p", "unix://@a", "tcp://[a]", "ssh://a%41", "ssh://0//",
		"tcp://h/b", "https://::1", "http+unix://%2Fa", "tcp://[a::1%25b]:1", "ssh://[a::1%b]"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		a, err := ParseAddr(s)
		if err != nil {
			return
		}
		if b, err := ParseAddr(a.String()); err != nil || a != b {
			t.Errorf("%q is %v, which is %v, %v", s, a, b, err)
		}
	})
}
