package explain

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/protobuf"
)

// TestEveryOperation: each operation and each method has one entry, and nothing else has.
func TestEveryOperation(t *testing.T) {
	want := make(map[string]bool) // "METHOD path" of all that there is
	for _, op := range dockerapi.Operations() {
		want[op.Method+" "+op.Path] = true
		if e := Of(op.Name); e == nil || e.Name != op.Name {
			t.Errorf("%s has no entry", op.Name)
		}
	}
	for _, method := range protobuf.Embedded().Methods() {
		want["gRPC /"+method] = true
	}
	names := make(map[string]bool)
	for _, e := range All() {
		if names[e.Name] {
			t.Errorf("%s has two entries", e.Name)
		}
		names[e.Name] = true
		if len(e.Requests) == 0 {
			t.Errorf("%s is no operation", e.Name)
		}
		for _, r := range e.Requests {
			key := r.Method + " " + r.Path
			if !want[key] {
				t.Errorf("%s: there is no %s, or it is there twice", e.Name, key)
			}
			delete(want, key)
		}
	}
	for key := range want {
		t.Errorf("%s has no entry", key)
	}
}

// TestTexts checks that each text has the form that those who show it count on.
func TestTexts(t *testing.T) {
	shorts := make(map[string]string)
	for _, e := range All() {
		first, _, _ := strings.Cut(e.Short, " ")
		past := e.Until != ""
		if !strings.HasSuffix(strings.TrimSuffix(first, ","), "s") && !past {
			t.Errorf("%s: %q does not begin with a verb in the present", e.Name, e.Short)
		}
		if n := len(e.Short); n > 100 || !isSentence(e.Short) || strings.Count(e.Short, ". ") > 0 {
			t.Errorf("%s: %q is no sentence of at most 100 characters, but of %d", e.Name, e.Short, n)
		}
		if n := sentences(e.Long); n < 1 || n > 4 || !isSentence(e.Long) {
			t.Errorf("%s: long has %d sentences: %q", e.Name, n, e.Long)
		}
		for _, v := range []string{e.Since, e.Until, e.Deprecated} {
			if minor, ok := strings.CutPrefix(v, "1."); v != "" && (!ok || strings.Trim(minor, "0123456789") != "") {
				t.Errorf("%s: %q is no version", e.Name, v)
			}
		}
		for _, x := range e.Errors {
			if !isSentence(x.Means) || strings.HasSuffix(x.Try, ".") || strings.Contains(x.Means+x.Try, "  ") {
				t.Errorf("%s: %s: %q, %q", e.Name, x.Status, x.Means, x.Try)
			}
			if n, err := strconv.Atoi(x.Status); (err != nil || n < 200 || n > 599) != e.IsGRPC() {
				t.Errorf("%s: %q is no status", e.Name, x.Status)
			}
		}
		for _, list := range [][]string{e.Commands, e.Python} {
			if slices.Contains(list, "") {
				t.Errorf("%s: %q", e.Name, list)
			}
		}
		for _, c := range e.Commands {
			if program, _, _ := strings.Cut(c, " "); !slices.Contains([]string{"docker", "podman", "ctr", "crictl"}, program) {
				t.Errorf("%s: %q is no command", e.Name, c)
			}
		}
		for _, text := range []string{e.Short, e.Long} {
			for _, r := range text {
				if r < ' ' || r > '~' {
					t.Errorf("%s: %q in %q", e.Name, r, text)
				}
			}
		}
		api := e.Name[len(strings.TrimSuffix(e.Name, "Libpod")):]
		if other := shorts[api+e.Short]; other != "" && !e.IsGRPC() {
			t.Errorf("%s and %s: %s", other, e.Name, e.Short)
		}
		shorts[api+e.Short] = e.Name
	}
}

// isSentence reports whether a text begins and ends as sentences do. Names of parameters
// keep their case.
func isSentence(s string) bool {
	return s != "" && s == strings.TrimSpace(s) && strings.HasSuffix(s, ".")
}

// sentences counts those of a text.
func sentences(s string) int { return strings.Count(s+" ", ". ") }

// TestRaises: what docker-py 7.1.0 raised against engine 20.10, in calls that failed.
func TestRaises(t *testing.T) {
	for _, c := range []struct{ name, status, want string }{
		{"ContainerInspect", "404", "docker.errors.NotFound"},
		{"ImageInspect", "404", "docker.errors.ImageNotFound"},
		{"ContainerCreate", "404", "docker.errors.ImageNotFound"},
		{"ContainerCreate", "409", "docker.errors.APIError"},
		{"NetworkInspect", "404", "docker.errors.NotFound"},
		{"ContainerStart", "304", ""},
		{"ContainerWait", "200", "docker.errors.ContainerError"},
		{"ContainerStart", "503", "docker.errors.APIError"}, // of all
		{"ImageBuild", "200", "docker.errors.BuildError"},
		{"ContainerInspectLibpod", "404", ""},
		{"CheckpointList", "404", ""},
		{"Secrets/GetSecret", "NotFound", ""},
		{"Secrets/GetSecret", "Unavailable", ""},
	} {
		x, ok := Of(c.name).Error(c.status)
		if !ok || x.Raises != c.want {
			t.Errorf("%s %s: %+v, %t; want %q", c.name, c.status, x, ok, c.want)
		}
	}
	if x, ok := Of("ContainerStart").Error("418"); ok {
		t.Errorf("418: %+v", x)
	}
	if x, _ := Of("ContainerInspect").Error("404"); x.Try == "" {
		t.Error("nothing helps")
	}
}
