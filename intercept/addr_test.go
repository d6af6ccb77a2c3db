package intercept

import (
	"fmt"
	"strings"
	"testing"
)

func TestParseAddr(t *testing.T) {
	const form = "want unix:///path, tcp://host:port or ssh://[user@]host[:port][/path]"
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
		{"tcp://::1", "error: malformed host or port; " + form},
		{"tcp://host:port", `error: malformed port "port"`},
		{"tcp://host:65535", "tcp://host:65535"},
		{"tcp://host:1a", `error: malformed port "1a"`},
		{"tcp://host:0x1", `error: malformed port "0x1"`},
		{"tcp://host:65536", `error: malformed port "65536"`},
		{"tcp://host:", `error: malformed port ""`},
		{"tcp://host:1/base", "error: a path after the port is not supported"},
		{"tcp://me@host:1", "error: want only host:port after tcp://"},
		{"tcp://host:1?x", "error: want only host:port after tcp://"},
		{"tcp://host:1#x", "error: want only host:port after tcp://"},
		{"tcp://a b:1", "error: want only host:port after tcp://"},
		{"tcp://host:+1", `error: malformed port "+1"`},
		{"http://", "tcp://localhost:80"},
		{`C:\pipe`, `error: malformed port "\\pipe"`},

		{"ssh://host", "ssh://host"},
		{"ssh://me@host:22/run/docker.sock", "ssh://me@host:22/run/docker.sock"},
		{"ssh://host/", "ssh://host"},
		{"ssh://", "error: no host; " + form},
		{"ssh://me:secret@host", "error: a password in an address is not supported"},
		{"ssh://-oProxyCommand=x", "error: a host does not begin with a dash"},
		{"ssh://host?x=1", "error: want nothing after the path"},
		{"ssh://host#x", "error: want nothing after the path"},
		{"ssh://host//", "ssh://host"},
		{"ssh://host:x", `error: invalid port ":x" after host`},

		{"", "error: " + form},
		{"docker", "error: " + form},
		{"fd://", "error: fd:// is a socket that systemd hands to a daemon, nothing to connect to; " + form},
		{"npipe:////./pipe/docker_engine", "error: named pipes are not supported; " + form},
		{"https://host", "error: TLS is not part of an address; " + form},
		{"vsock://1:2", `error: unknown scheme "vsock"; ` + form},
	}
	for _, test := range tests {
		a, err := ParseAddr(test.in)
		if want, fails := strings.CutPrefix(test.want, "error: "); fails {
			if want = fmt.Sprintf("address %q: %s", test.in, want); err == nil || err.Error() != want || a != (Addr{}) {
				t.Errorf("%q: got %v, %v; want the error %s", test.in, a, err, want)
			}
		} else if err != nil || a.String() != test.want {
			t.Errorf("%q: got %v, %v; want %s", test.in, a, err, test.want)
		}
	}
}

// Whatever is accepted reads back as the same address.
func FuzzParseAddr(f *testing.F) {
	for _, s := range []string{"unix:///a", "./a", "tcp://h", "[::1]:2", "http://h", "ssh://u@h:1/p", "unix://@a", "tcp://[a]", "ssh://a%41", "ssh://0//"} {
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
