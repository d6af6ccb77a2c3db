package subject

import (
	"testing"
	"time"

	"github.com/socktrace/socktrace/wire"
)

// TestCalled: a call of gRPC fails with a status of its own, whatever that of HTTP is.
func TestCalled(t *testing.T) {
	for _, c := range []struct{ typ, status, message, before, want string }{
		{"application/grpc", "0", "", "", ""},
		{"application/grpc", "", "", "", ""},
		{"application/grpc", "5", "no%20such", "", "NotFound: no such"},
		{"application/grpc", "12", "", "", "Unimplemented"},
		{"application/grpc", "5", "x", "known", "known"},
		{"text/plain", "5", "x", "", ""},
	} {
		x := &wire.Exchange{
			Request:  &wire.Request{Stream: 1, Target: "/a.B/C", Fields: []wire.Field{{Name: "content-type", Value: c.typ}}},
			Response: &wire.Response{Status: 200},
			Outcome:  wire.Outcome{Error: c.before},
		}
		if c.status != "" {
			x.ResponseBody = &wire.Body{Trailer: []wire.Field{{Name: "grpc-status", Value: c.status}, {Name: "grpc-message", Value: c.message}}}
		}
		if NewReader().Learn(x, x); x.Outcome.Error != c.want {
			t.Errorf("%+v: got %q", c, x.Outcome.Error)
		}
	}
}

// TestOverdue: a call whose time is over has failed, although its client left it.
func TestOverdue(t *testing.T) {
	for _, c := range []struct {
		took         time.Duration
		before, want string
	}{
		{100 * time.Millisecond, "", "DeadlineExceeded: the client waited 100ms for it"},
		{100 * time.Millisecond, "known", "known"},
		{50 * time.Millisecond, "", ""},
	} {
		x := &wire.Exchange{
			Meta:    wire.Meta{Start: time.Unix(1, 0), End: time.Unix(1, 0).Add(c.took)},
			State:   wire.StateAborted,
			Request: &wire.Request{Stream: 1, Fields: []wire.Field{{Name: "content-type", Value: "application/grpc"}, {Name: "grpc-timeout", Value: "99999900n"}}},
			Reset:   &wire.Reset{Dir: wire.ToServer, Code: 8},
			Outcome: wire.Outcome{Error: c.before, Left: true},
		}
		if NewReader().Learn(x, x); x.Outcome.Error != c.want || !x.Outcome.Left {
			t.Errorf("%+v: got %+v", c, x.Outcome)
		}
	}
}

// TestNamed: what a call is about stands in its first message, or its metadata, under
// names of its service's own.
func TestNamed(t *testing.T) {
	for _, c := range []struct{ path, message, want string }{
		{"containerd.services.images.v1.Images/Get", `{"name":"docker.io/library/busybox:latest"}`, "image||docker.io/library/busybox:latest|"},
		{"containerd.services.images.v1.Images/Create", `{"image":{"labels":{"name":"x"},"name":"a:1"}}`, "image||a:1|"},
		{"containerd.services.content.v1.Content/Info", `{"digest":"` + img + `"}`, "content|" + img + "||"},
		{"containerd.services.content.v1.Content/Write", `{"action":"STAT","ref":"layer-1"}`, "content||layer-1|"},
		{"containerd.services.content.v1.Content/List", `{}`, "|||"},
		{"containerd.services.tasks.v1.Tasks/Start", `{"containerId":"c1"}`, "container||c1|"},
		{"containerd.services.snapshots.v1.Snapshots/Commit", `{"snapshotter":"overlayfs","key":"k","name":"n"}`, "snapshot||n|"},
		{"runtime.v1.RuntimeService/RunPodSandbox", `{"config":{"metadata":{"name":"web"}}}`, "pod||web|"},
		{"runtime.v1.RuntimeService/CreateContainer", `{"podSandboxId":"p","config":{"metadata":{"name":"web"}}}`, "container||web|"},
		{"runtime.v1.RuntimeService/StopPodSandbox", `{"podSandboxId":"` + web + `"}`, "pod|" + web + "||"},
		{"moby.buildkit.v1.Control/Solve", `{"Ref":"r","Exporters":[{"Type":"moby","Attrs":{"name":"app"}},{"Attrs":{"name":"other"}}]}`, "image||app|"},
		{"moby.buildkit.v1.Control/Solve", `{"Ref":"r","ExporterAttrsDeprecated":{"name":""}}`, "build||r|"},
		{"moby.buildkit.v1.Control/Info", `{"Ref":"r"}`, "|||"},
		{"moby.buildkit.secrets.v1.Secrets/GetSecret", `{"ID":"tok"}`, "secret||tok|"},
		{"moby.filesync.v1.FileSync/DiffCopy", `{"type":"PACKET_REQ"}`, "folder||context|"},
		{"moby.filesync.v1.Auth/Credentials", `{"Host":["r.example"]}`, "|||"},
		{"moby.filesync.v1.Auth/Credentials", `{"Host":"r.example"}`, "registry||r.example|"},
		{"moby.filesync.v1.Auth/Credentials", ``, "|||"},
		{"grpc.health.v1.Health/Check", `{"service":"s"}`, "service||s|"},
		{"a.B/C", `{"name":"x"}`, "|||"},
		{"moby.buildkit.secrets.v1.Secrets", `{"ID":"tok"}`, "|||"},
	} {
		r := NewReader()
		x := &wire.Exchange{Request: &wire.Request{Method: "POST", Target: "/" + c.path, Stream: 1, Fields: []wire.Field{{Name: "content-type", Value: "application/grpc"}, {Name: "dir-name", Value: "context"}}}}
		r.Learn(x.Request, x)
		later := &wire.Message{Meta: wire.Meta{Dir: wire.ToServer}, Kind: wire.KindGRPC, Index: 1, Data: []byte(c.message)}
		answer := &wire.Message{Meta: wire.Meta{Dir: wire.ToClient}, Kind: wire.KindGRPC, Data: []byte(c.message)}
		r.Learn(later, x)
		r.Learn(answer, x)
		if got := told(x); got != "|||" && x.Subject.Type != "folder" {
			t.Errorf("%s %s: by another message: %s", c.path, c.message, got)
		}
		r.Learn(&wire.Message{Meta: wire.Meta{Dir: wire.ToServer}, Kind: wire.KindGRPC, Data: []byte(c.message)}, x)
		r.Learn(&wire.Message{Meta: wire.Meta{Dir: wire.ToServer}, Kind: wire.KindGRPC, Data: []byte(`{"ID":"y","name":"y","Host":"y"}`), Index: 2}, x)
		if got := told(x); got != c.want {
			t.Errorf("%s %s: got %s, want %s", c.path, c.message, got, c.want)
		}
	}
}
