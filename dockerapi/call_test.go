package dockerapi

import (
	"testing"

	"github.com/socktrace/socktrace/wire"
)

// TestCall asks for what decoders need to know.
func TestCall(t *testing.T) {
	for _, tt := range []struct {
		method, target string
		want           string // the methods that return true
	}{
		{"POST", "/v1.41/containers/a/attach", "hijacks"},
		{"POST", "/exec/a/start", "hijacks creates"},
		{"POST", "/containers/create", "creates"},
		{"POST", "/containers/a/exec", "creates"},
		{"GET", "/containers/a/json", "inspects"},
		{"GET", "/exec/a/json", "inspects"},
		{"GET", "/containers/a/logs", "logs"},
		{"GET", "/services/a/logs", "logs"},
		{"GET", "/v1.42/tasks/a/logs", "logs typed"},
		{"GET", "/containers/a/attach/ws", ""},
		{"GET", "/containers/json", ""},
		{"POST", "/session", ""},
		{"GET", "/nothing", ""},
	} {
		c, _ := Match(tt.method, tt.target)
		got := ""
		for _, is := range []struct {
			name string
			is   bool
		}{{"hijacks", c.Hijacks()}, {"creates", c.Creates()}, {"inspects", c.Inspects()}, {"logs", c.Logs()}, {"typed", c.Typed()}} {
			switch {
			case is.is && got == "":
				got = is.name
			case is.is:
				got += " " + is.name
			}
		}
		if got != tt.want {
			t.Errorf("%s %s: got %q, want %q", tt.method, tt.target, got, tt.want)
		}
	}
}

func TestShapes(t *testing.T) {
	for _, tt := range []struct {
		method, target string
		body, response Shape
	}{
		{"PUT", "/containers/a/archive?path=/", Tar, NoBody},
		{"GET", "/containers/a/archive?path=/", NoBody, Tar},
		{"HEAD", "/containers/a/archive?path=/", NoBody, NoBody},
		{"GET", "/containers/a/export", NoBody, Tar},
		{"POST", "/containers/a/copy", JSON, Tar},
		{"GET", "/images/a/get", NoBody, Tar},
		{"GET", "/images/get?names=a", NoBody, Tar},
		{"POST", "/images/load", Tar, JSONStream},
		{"POST", "/build", Tar, JSONStream},
		{"POST", "/plugins/create", Tar, NoBody},
		// The daemon reads the body of an import only.
		{"POST", "/images/create?fromSrc=-", Tar, JSONStream},
		{"POST", "/images/create?repo=a&fromSrc=-&tag=b", Tar, JSONStream},
		{"POST", "/images/create?from%53rc=%2D", Tar, JSONStream},
		{"POST", "/images/create?fromSrc=http://a/-", NoBody, JSONStream},
		{"POST", "/images/create?fromSrc=&fromSrc=-", NoBody, JSONStream},
		{"POST", "/images/create?fromImage=a&message=fromSrc=-", NoBody, JSONStream},
		{"POST", "/images/create?x=%zz&fromsrc=-", NoBody, JSONStream},
		{"POST", "/images/create", NoBody, JSONStream},
		{"GET", "/nothing", NoBody, NoBody},
	} {
		c, _ := Match(tt.method, tt.target)
		if c.RequestBody() != tt.body || c.Response() != tt.response {
			t.Errorf("%s %s: got %d and %d", tt.method, tt.target, c.RequestBody(), c.Response())
		}
	}
}

func TestTyped(t *testing.T) {
	for version, want := range map[string]bool{
		"1.42": true, "1.43": true, "1.56": true, "1.100": true, "1.42.1": true,
		"1.41": false, "1.9": false, "1.24": false, "1.41.10": false, "4.0.0": false, "2.50": false, "1": false, "": false,
	} {
		if got := (Call{Version: version}).Typed(); got != want {
			t.Errorf("%q: got %t", version, got)
		}
	}
}

func TestAkin(t *testing.T) {
	for _, tt := range []struct{ method, target, name, subject string }{
		{"POST", "/v5.0.0/nerd/containers/abc/attach?stdin=1", "ContainerAttach", "abc"},
		{"GET", "http://d/v5.0.0/nerd/containers/abc/logs", "ContainerLogs", "abc"},
		{"POST", "/v5.0.0/libpod/containers/abc/copy", "ContainerCopy", "abc"},
		{"POST", "/base/exec/abc/start", "ExecStart", "abc"},
		{"GET", "/v1/containers/abc/json", "ContainerInspect", "abc"},
		{"GET", "/nerd/images/a/containers/json", "ImageInspect", "a/containers"},
		{"GET", "/libpod/nothing", "", ""},
		{"post", "/base/exec/abc/start", "", ""},
		{"GET", "/", "", ""},
		{"GET", "", "", ""},
	} {
		c, ok := Akin(tt.method, tt.target)
		if c.Name() != tt.name || c.Subject != tt.subject || c.Version != "" || ok != (tt.name != "") {
			t.Errorf("%s %s: got %s of %q, version %q, %t", tt.method, tt.target, c.Name(), c.Subject, c.Version, ok)
		}
		if c, ok := Match(tt.method, tt.target); ok {
			t.Errorf("%s %s: Match returns %s", tt.method, tt.target, c.Name())
		}
	}
}

// TestLists tells lists from what is one.
func TestLists(t *testing.T) {
	for target, want := range map[string]bool{
		"/containers/json": true, "/containers/x/json": false, "/images/json": true, "/networks": true, "/libpod/pods/json": true, "/libpod/pods/x/json": false, "/events": false, "/nothing": false,
	} {
		if c, _ := Match("GET", target); c.Op.Lists() != want {
			t.Errorf("%s: %t", target, !want)
		}
	}
}

// TestTell: what is told of a request agrees with its target, or is left out.
func TestTell(t *testing.T) {
	for _, tt := range []struct {
		operation, target string
		want              wire.Call
	}{
		{"ContainerStart", "/v1.41/containers/a%62c/start", wire.Call{Operation: "ContainerStart", Version: "1.41", Subject: "abc"}},
		{"ContainerStart", "/v1.41/containers/abc/stop", wire.Call{Operation: "ContainerStart"}},
		{"ContainerStart", "/elsewhere", wire.Call{Operation: "ContainerStart"}},
		{"", "/v1.41/containers/abc/start", wire.Call{}},
	} {
		if got := Tell(tt.operation, "POST", tt.target); got != tt.want {
			t.Errorf("%s of %s: got %+v, want %+v", tt.operation, tt.target, got, tt.want)
		}
	}
	if c, _ := Match("POST", "/v1.41/containers/abc/start"); c.Told() != Tell(c.Name(), "POST", "/v1.41/containers/abc/start") {
		t.Error("a call and what is told of its target disagree")
	}
	if c, _ := Match("POST", "/elsewhere"); c.Told() != (wire.Call{}) {
		t.Errorf("no call tells %+v", c.Told())
	}
}
