package compare

import "testing"

// TestPlaces says which places patterns mean.
func TestPlaces(t *testing.T) {
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
