package main

import (
	"io"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/intercept"
)

func TestSize(t *testing.T) {
	for _, c := range []struct {
		in   string
		want int64
		text string
	}{
		{"0", 0, "0"},
		{"4096", 4096, "4k"},
		{"64k", 64 << 10, "64k"},
		{"64KiB", 64 << 10, "64k"},
		{"10M", 10 << 20, "10m"},
		{"1g", 1 << 30, "1g"},
		{"1500", 1500, "1500"},
		{"4611686018427387904", 1 << 62, "4294967296g"},
		{"4294967296g", 1 << 62, "4294967296g"},
	} {
		var s size
		if err := s.Set(c.in); err != nil || int64(s) != c.want || s.String() != c.text {
			t.Errorf("Set(%q): %d, %q, %v; want %d, %q", c.in, int64(s), s.String(), err, c.want, c.text)
		}
	}
	for _, in := range []string{"", "k", "-1", "1.5M", "10x", "9999999999999999999", "4611686018427387905", "4294967297g", "9223372036854775807g"} {
		var s size
		if err := s.Set(in); err == nil {
			t.Errorf("Set(%q): %d; want an error", in, int64(s))
		}
	}
}

func TestChildEnv(t *testing.T) {
	env := []string{"HOME=/root", "DOCKER_HOST=tcp://x:1", "DOCKER_CONTEXT=y", "DOCKER_TLS_VERIFY=1", "DOCKER_CONFIG=/c", "CONTAINER_HOST=old", "=odd"}
	unix, tcp := intercept.Addr{Network: "unix", Address: "/s"}, intercept.Addr{Network: "tcp", Address: "h:1"}
	for _, c := range []struct {
		at   intercept.Addr
		more []string
		want []string // behind what is not taken over
	}{
		{unix, []string{"CONTAINER_HOST"}, []string{"DOCKER_HOST=unix:///s", "CONTAINER_HOST=unix:///s"}},
		{unix, []string{"CONTAINERD_ADDRESS", "UNSET", "BY_PATH", "DOCKER_HOST", "AT"}, []string{"DOCKER_HOST=unix:///s", "CONTAINERD_ADDRESS=/s", "UNSET=unix:///s", "BY_PATH=/s", "AT=unix:///s"}},
		{tcp, []string{"CONTAINERD_ADDRESS"}, []string{"DOCKER_HOST=tcp://h:1", "CONTAINERD_ADDRESS=tcp://h:1"}},
	} {
		begins := []string{"HOME=/root", "DOCKER_CONFIG=/c", "=odd"}
		named := func(kv string) bool {
			name, _, _ := strings.Cut(kv, "=")
			return slices.Contains(c.more, name)
		}
		var want []string
		for _, kv := range append(begins, "CONTAINER_HOST=old", "BY_PATH=/run/x.sock", "AT=unix:///run/x.sock") {
			if !named(kv) {
				want = append(want, kv)
			}
		}
		got := childEnv(append(env, "BY_PATH=/run/x.sock", "AT=unix:///run/x.sock"), c.at, c.more)
		slices.Sort(got)
		want = append(want, c.want...)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%v at %v:\n got %q\nwant %q", c.more, c.at, got, want)
		}
	}
	if got := childEnv([]string{"CONTAINERD_ADDRESS=unix:///c"}, unix, []string{"CONTAINERD_ADDRESS"}); got[1] != "CONTAINERD_ADDRESS=unix:///s" {
		t.Errorf("got %q", got)
	}
}

// TestSweep removes only what nobody listens on.
func TestSweep(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	live, l, err := privateListener("")
	if err != nil {
		t.Fatal(err)
	}
	defer live.remove()
	defer l.Close()
	dead := filepath.Join(dir, privatePrefix+"dead")
	if err := os.Mkdir(dead, 0o700); err != nil {
		t.Fatal(err)
	}
	leaveStale(t, filepath.Join(dead, "docker.sock"))
	if err := os.WriteFile(filepath.Join(dead, lockName), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	other := filepath.Join(dir, privatePrefix+"other")
	if err := os.Mkdir(other, 0o700); err != nil {
		t.Fatal(err)
	}
	sweep(dir)
	for path, want := range map[string]bool{live.dir: true, dead: false, other: true} {
		if _, err := os.Stat(path); (err == nil) != want {
			t.Errorf("%s is there: %t; want %t", path, err == nil, want)
		}
	}
}

// TestUsage names every flag and command, and refuses what is none.
func TestUsage(t *testing.T) {
	root := newRoot(processStd())
	root.SetOut(io.Discard)
	for _, cmd := range root.Commands() {
		if cmd.Short == "" || strings.HasSuffix(cmd.Short, ".") {
			t.Errorf("%s: short help %q", cmd.Name(), cmd.Short)
		}
		usage := cmd.UsageString()
		for _, flag := range []string{"--format", "--output", "--quiet", "--color", "--max-body", "--show-secrets"} {
			if f := cmd.Flags().Lookup(flag[2:]); f != nil && strings.Contains(usage, flag+" ") == f.Hidden {
				t.Errorf("%s: usage names %s: %t", cmd.Name(), flag, f.Hidden)
			}
		}
	}
}

// leaveStale makes a socket file that nobody listens on, as a killed process
// does.
func leaveStale(t *testing.T, path string) {
	t.Helper()
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	l.SetUnlinkOnClose(false)
	l.Close()
}
