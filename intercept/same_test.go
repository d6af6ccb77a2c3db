package intercept

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/socktrace/socktrace/internal/need"
)

// TestSame: one socket by other names is found, and two are two.
func TestSame(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"tcp://127.0.0.1:1", "tcp://127.0.0.1:1", true},
		{"tcp://localhost:1", "tcp://127.0.0.1:1", true},
		{"tcp://localhost:1", "tcp://[::1]:1", true},
		{"tcp://0.0.0.0:1", "https://127.0.0.1:1", true},
		{"tcp://[::]:1", "tcp://localhost:1/base", true},
		{"tcp://[::ffff:127.0.0.1]:1", "tcp://127.0.0.1:1", true},
		{"tcp://127.0.0.1:1", "tcp://127.0.0.2:1", false},
		{"tcp://127.0.0.1:1", "tcp://127.0.0.1:2", false},
		{"tcp://h:1", "tcp://i:1", false},
		{"tcp://h:1", "unix:///h:1", false},
		{"unix:///nowhere/../nowhere/a", "unix:///nowhere/a", true},
		{"unix:///nowhere/a", "unix:///nowhere/b", false},
	} {
		a, errA := ParseAddr(c.a)
		b, errB := ParseAddr(c.b)
		if errA != nil || errB != nil {
			t.Fatal(errA, errB)
		}
		if a.Same(b) != c.want || b.Same(a) != c.want {
			t.Errorf("%s and %s: %t", a, b, !c.want)
		}
	}
	if x := (Addr{Network: "unix", Address: "@a"}); x.Same(Addr{Network: "unix", Address: "a"}) {
		t.Error("an abstract socket is a file")
	}
}

// TestSameByLinks: the same of sockets that links lead to, be they there or not.
func TestSameByLinks(t *testing.T) {
	if runtime.GOOS == "windows" {
		need.Skip(t, "symlink", "links are not for everybody there")
	}
	dir := t.TempDir()
	link := func(to, name string) Addr {
		t.Helper()
		if err := os.Symlink(to, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
		return Addr{Network: "unix", Address: filepath.Join(dir, name)}
	}
	s := Addr{Network: "unix", Address: filepath.Join(dir, "s")}
	one := link("s", "one")
	two := link(filepath.Join(dir, "one"), "two")
	link(dir, "d")
	in := Addr{Network: "unix", Address: filepath.Join(dir, "d", "s")}
	round := link("round", "round")
	for range 2 { // without the socket, and with it
		for _, a := range []Addr{one, two, in} {
			if !a.Same(s) || !s.Same(a) {
				t.Errorf("%s is not %s", a, s)
			}
		}
		if round.Same(s) {
			t.Error("what leads nowhere is the socket")
		}
		if err := os.WriteFile(s.Address, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
