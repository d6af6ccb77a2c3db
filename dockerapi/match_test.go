package dockerapi

import (
	"strings"
	"testing"
)

// example fills the parameters of op's path.
func example(op *Operation, value string) string {
	path := op.Path
	for {
		i, j := strings.IndexByte(path, '{'), strings.IndexByte(path, '}')
		if i < 0 {
			return path
		}
		v := value
		switch path[i : j+1] {
		case "{grpc.Service}":
			v = "moby.buildkit.v1.Control"
		case "{Method}":
			v = "Solve"
		case "{checkpoint}":
			v = "cp1"
		}
		path = path[:i] + v + path[j+1:]
	}
}

// TestMatchFindsEveryOperation asks for each row of the table in every way a
// client may write it.
func TestMatchFindsEveryOperation(t *testing.T) {
	for i := range operations {
		op := &operations[i]
		for _, value := range []string{"abc", "127.0.0.1:5055/lib/bb:1", "sha256:0f", "json", "prune", "a/json"} {
			if value == "prune" && op.Path == "/debug/pprof/{name}" {
				continue
			}
			path := example(op, value)
			targets := []string{path, path + "?all=1&x=/containers/json"}
			if op.Name != "HTTP2Preface" {
				targets = append(targets, "http://localhost"+path, "https://[::1]:2376"+path+"?x")
			}
			if op.Name != "HTTP2Preface" && op.Name != "GRPCMethod" {
				targets = append(targets, "/v1.41"+path, "/v1.41"+path+"?x=%2", "tcp://h/v1.56"+path, "/base/path/v1.41"+path)
			}
			for _, target := range targets {
				c, ok := Match(op.Method, target)
				if !ok || c.Op != op {
					t.Errorf("%s %s: got %s, want %s %s", op.Method, target, c.Name(), op.Name, op.Path)
				}
				if want := subjectOf(op, value); c.Subject != want {
					t.Errorf("%s %s: got subject %q, want %q", op.Method, target, c.Subject, want)
				}
				versioned := strings.Contains(target, "/v1.") && (op.Name != "Options" || !strings.HasPrefix(target, "/base"))
				if (c.Version != "") != versioned || versioned && !strings.Contains(target, "/v"+c.Version+path) {
					t.Errorf("%s %s: got version %q", op.Method, target, c.Version)
				}
			}
		}
	}
}

// subjectOf is what example fills the first parameter of op's path with.
func subjectOf(op *Operation, value string) string {
	switch {
	case op.Name == "GRPCMethod":
		return "moby.buildkit.v1.Control"
	case op.Name == "Options" || !strings.Contains(op.Path, "{"):
		return ""
	}
	return value
}

func TestMatch(t *testing.T) {
	for _, tt := range []struct{ method, target, want string }{
		{"GET", "/v1.41/images/127.0.0.1:5055/bb/json", "ImageInspect"},
		{"GET", "/images/json/json", "ImageInspect"},
		{"GET", "/images/get/get", "ImageGet"},
		{"GET", "/images/foo/v1.2/json", "ImageInspect"},
		{"GET", "/images/foo/containers/json", "ImageInspect"},
		{"DELETE", "/images/library/json", "ImageDelete"},
		{"POST", "/v1.41/images/127.0.0.1%3A5055%2Fbb/push?tag=1", "ImagePush"},
		{"GET", "/containers/%61bc/json", "ContainerInspect"},
		{"GET", "/containers/100%/json", "ContainerInspect"}, // not decodable: as it is
		{"DELETE", "/containers/a/checkpoints/b", "CheckpointDelete"},
		{"DELETE", "/containers/checkpoints", "ContainerDelete"},
		{"GET", "/containers/a/attach/ws", "ContainerAttachWebsocket"},
		{"POST", "/v1.24/containers/a/copy", "ContainerCopy"},
		{"DELETE", "/containers//checkpoints/b", "ContainerDelete"},
		{"DELETE", "/containers/a/checkpoints/", "ContainerDelete"},
		{"GET", "/debug/pprof/trace", "DebugPprofTrace"},
		{"GET", "//v1.41/info", "SystemInfo"},
		{"GET", "http:///info", "SystemInfo"},
		{"GET", "/networks/", "NetworkList"},
		{"GET", "/networks/bridge", "NetworkInspect"},
		{"HEAD", "/base/path/_ping", "SystemPingHead"},
		{"GET", "http://docker/_ping", "SystemPing"},
		{"GET", "/v1.41/_ping", "SystemPing"},
		{"OPTIONS", "*", "Options"},
		{"OPTIONS", "/what/ever", "Options"},
		{"PRI", "*", "HTTP2Preface"},
		{"POST", "/grpc.health.v1.Health/Check", "GRPCMethod"},
		{"POST", "/v1.41/session", "Session"},
		{"GET", "/libpodx/v1.41/info", "SystemInfo"},
		{"GET", "/xlibpod/v1.41/info", "SystemInfo"},
		{"GET", "/v1.41x/v1.42/info", "SystemInfo"},
		{"GET", "/v9.09/info", "SystemInfo"},
		{"POST", "/a.B/C", "GRPCMethod"},
		{"POST", "/a.B/A", "GRPCMethod"},
		{"POST", "/a.B/Za:b", "GRPCMethod"},
		{"POST", "http://h/a.B/C?x", "GRPCMethod"},

		{"GET", "", ""},
		{"GET", "*", ""},
		{"GET", "/", ""},
		{"GET", "http://docker", ""},
		{"GET", "containers/json", ""},
		{"CONNECT", "docker:2375", ""},
		{"get", "/containers/json", ""},
		{"PATCH", "/containers/json", ""},
		{"GET", "/containers", ""},
		{"GET", "/containers/json/", ""},
		{"GET", "/containers//json", ""},
		{"GET", "//containers/json", ""},
		{"GET", "/v1.41", ""},
		{"GET", "/v1.41//info", ""},
		{"DELETE", "/containers/", ""},
		{"GET", "/v4.0.0/libpod/containers/json", "ContainerListLibpod"},
		{"GET", "/base/v4.0.0/libpod/containers/json", "ContainerListLibpod"},
		{"GET", "/v4.0.0/libpod/_ping", "SystemPing"},
		{"GET", "/libpod/_ping", "SystemPing"},
		{"POST", "/v5.0.0/libpod/containers/a/exec", "ContainerExecLibpod"},
		{"GET", "/libpod", ""},
		{"GET", "/libpod/", ""},
		{"GET", "/libpods/containers/json", ""},
		{"GET", "/v4.0.0/libpod/containers", ""},
		{"GET", "/v4.0.0/libpod/v1.41/containers/json", ""},
		{"POST", "/v4.0.0/libpod/containers/a/copy", ""},
		{"GET", "/v1/secrets", ""},   // another daemon's
		{"GET", "/base/version", ""}, // likely another daemon's
		{"GET", "/x://h/info", ""},   // no URL
		{"GET", "/x1.41/info", ""},   // no version
		{"GET", "/vx.1/info", ""},    // no version
		{"GET", "/v./info", ""},      // no version
		{"GET", "/v1.41x/info", ""},  // no version
		{"POST", "/v1.41/Foo", ""},   // not gRPC
		{"POST", "/a.b/c", ""},       // not gRPC
		{"POST", "/VolumeDriver.Create", ""},
		{"POST", "/.B/C", ""},
		{"POST", "/aB/C", ""},
		{"POST", "/a.B/", ""},
		{"POST", "/a.B/@", ""},
		{"POST", "/a.B/[", ""},
		{"POST", "/a.B/C/D", ""},
		{"POST", "/a.B//C", ""},
		{"POST", "a.B/C", ""},
		{"PUT", "/a.B/C", ""},
		{"GET", "/x/libpod/v1.41/info", ""},
		{"GET", "/v.41/info", ""},
		{"GET", "/v1:41/info", ""},
		{"GET", "/v1.4/1", ""},
		{"GET", "/v1/41/info", ""},
	} {
		c, ok := Match(tt.method, tt.target)
		if c.Name() != tt.want || ok != (tt.want != "") {
			t.Errorf("%s %s: got %q, %t; want %q", tt.method, tt.target, c.Name(), ok, tt.want)
		}
	}
}

// TestTable checks what Match and its users rely on.
func TestTable(t *testing.T) {
	routes, names := map[string]bool{}, map[string]string{}
	for _, op := range operations {
		if op.Method == "" || op.Path == "" || op.Name == "" {
			t.Errorf("incomplete: %+v", op)
		}
		if key := op.Method + " " + op.Path; routes[key] {
			t.Errorf("twice: %s", key)
		} else {
			routes[key] = true
		}
		if other, ok := names[op.Name]; ok && op.Path != other+"/" {
			t.Errorf("%s is the name of %s and %s", op.Name, other, op.Path)
		}
		names[op.Name] = op.Path
		if strings.Count(op.Path, "{") > 2 {
			t.Errorf("%s: more parameters than a route can have", op.Path)
		}
		if op.RequestTTY && op.RequestBody != JSON || op.ResponseTTY && op.Response != JSON && op.Response != Hijack {
			t.Errorf("%s: a member of what is no document", op.Path)
		}
		if name, value, ok := strings.Cut(op.BodyIf, "="); op.BodyIf != "" && (op.RequestBody == NoBody || !ok || name == "" || value == "") {
			t.Errorf("%s: a body if %q", op.Path, op.BodyIf)
		}
	}
}

func FuzzMatch(f *testing.F) {
	f.Add("GET", "/v1.41/containers/a%2Fb/json?x=1")
	f.Add("POST", "http://h/base/v1.41/exec/1/start")
	f.Add("POST", "/v5.0.0/libpod/containers/a/attach")
	f.Fuzz(func(t *testing.T, method, target string) {
		c, ok := Match(method, target)
		if ok != (c.Op != nil) || ok && c.Op.Method != method {
			t.Errorf("%s %s: got %+v, %t", method, target, c, ok)
		}
		query, _ := Match(method, target+"?a=/containers/json")
		if query.Op != c.Op || query.Version != c.Version || query.Subject != c.Subject {
			t.Errorf("%s %s: the query changes %+v to %+v", method, target, c, query)
		}
		if a, ok := Akin(method, target); ok != (a.Op != nil) || ok && a.Op.Method != method {
			t.Errorf("%s %s: got %+v, %t", method, target, a, ok)
		}
	})
}

func BenchmarkMatch(b *testing.B) {
	for _, bm := range []struct{ name, method, target string }{
		{"ping", "HEAD", "/_ping"},
		{"inspect", "GET", "/v1.41/containers/50c951e801755a18c3db669735565523b5257b324fbfdb9e114e84c58ae0e2e5/json"},
		{"attach", "POST", "/v1.41/containers/50c951e801755a18c3db669735565523b5257b324fbfdb9e114e84c58ae0e2e5/attach?stderr=1&stdin=1&stdout=1&stream=1"},
		{"push", "POST", "/v1.41/images/127.0.0.1:5055/bb/push?tag=1"},
		{"unknown", "GET", "/v4.0.0/libpod/containers/50c951e801755a18c3db669735565523b5257b32/json"},
	} {
		b.Run(bm.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Match(bm.method, bm.target)
			}
		})
	}
}
