package diff

import (
	"fmt"
	"testing"
)

// TestIgnores says which places patterns mean.
func TestIgnores(t *testing.T) {
	for _, c := range []struct {
		pattern, place string
		want           bool
	}{
		{"HostConfig.Memory", "body HostConfig.Memory", true},
		{"hostconfig", "answer HostConfig.Memory", true},
		{"HostConfig.Mem", "body HostConfig.Memory", false},
		{"HostConfig.*", "body HostConfig.Binds[0]", true},
		{"User-Agent", "request header User-Agent", true},
		{"request header", "request header User-Agent", true},
		{"answer", "answer State.ExitCode", true},
		{"answer", "body Answer", true},
		{"answer", "status", false},
		{"body", "body Cmd[1]", true},
		{"body", "answer stdout", false},
		{"ContainerCreate:Env", "body Env[A]", true},
		{"ContainerStart:Env", "body Env[A]", false},
		{"*:Env", "body Env[A]", true},
		{"Env[A]", "body Env[A]", true},
		{"Env[B]", "body Env[A]", false},
		{"containercreate:*", "status", true},
		{"status", "status", true},
		{"", "status", false},
	} {
		if got := ignores(c.pattern, "ContainerCreate", c.place); got != c.want {
			t.Errorf("%q, %q: %v", c.pattern, c.place, got)
		}
	}
}

// TestIgnoreOperations leaves out exchanges that only one session has, or in another order.
func TestIgnoreOperations(t *testing.T) {
	a := session(t, "a", recorded(t, "docker-28.har"))
	b := session(t, "b", recorded(t, "docker-28.har"))
	b.Exchanges = b.Exchanges[:len(b.Exchanges)-1] // the last is missing
	operation := a.Exchanges[len(a.Exchanges)-1].Operation()
	if r := Compare(a, b, Options{}); r.Count(Missing) != 1 {
		t.Fatalf("%d are missing", r.Count(Missing))
	}
	for _, sides := range [][2]*Session{{a, b}, {b, a}} {
		r := Compare(sides[0], sides[1], Options{Ignore: []string{operation + ":*", "NoSuch:*"}})
		if r.Differs() || fmt.Sprint(r.Unused) != "[NoSuch:*]" {
			t.Errorf("%v is told, and that nothing met %v", r.Items, r.Unused)
		}
	}
}
