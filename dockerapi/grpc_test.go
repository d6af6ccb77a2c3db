package dockerapi

import (
	"testing"

	"github.com/socktrace/socktrace/wire"
)

// TestGRPC names calls after their methods.
func TestGRPC(t *testing.T) {
	for _, c := range []struct {
		target string
		want   wire.Call
		is     bool // by its target alone
	}{
		{"/moby.buildkit.v1.Control/Solve", wire.Call{Operation: "Control/Solve"}, true},
		{"/moby.buildkit.v1.Control/Status?x", wire.Call{Operation: "Control/Status", Waits: true}, true},
		{"/Control/Solve", wire.Call{Operation: "Control/Solve"}, false},
		{"/a.b/c", wire.Call{Operation: "b/c"}, false},
		{"/a./B", wire.Call{}, true},
		{"/a.b/", wire.Call{}, false},
		{"/a.b", wire.Call{}, false},
		{"/a.b/C/d", wire.Call{}, false},
		{"?", wire.Call{}, false},
		{"", wire.Call{}, false},
	} {
		call, _ := Match("POST", c.target)
		got, ok := call.ToldGRPC(c.target)
		if call.IsGRPC() != c.is || got.Operation != c.want.Operation || ok != (c.want.Operation != "") {
			t.Errorf("%s: %+v, %t, by its target: %t", c.target, got, ok, call.IsGRPC())
		}
		if again := Tell(got.Operation, "POST", c.target); ok && c.is && again != got {
			t.Errorf("%s: recalled as %+v, told as %+v", c.target, again, got)
		}
	}
	if (Call{}).IsGRPC() {
		t.Error("nothing is a call of gRPC")
	}
	if got := Tell("Control/Info", "POST", "/moby.buildkit.v1.Control/Solve"); got != (wire.Call{Operation: "Control/Info"}) {
		t.Errorf("another operation: %+v", got)
	}
}

// TestNamings: a method goes before its service, and only known ones are looked at.
func TestNamings(t *testing.T) {
	for target, want := range map[string]string{
		"/runtime.v1.RuntimeService/RunPodSandbox":      "pod",
		"/runtime.v1.RuntimeService/StopPodSandbox":     "container",
		"/moby.buildkit.v1.Control/Status?x":            "build",
		"/moby.buildkit.v1.Control/Info":                "",
		"/moby.filesync.v1.FileSync/DiffCopy":           "",
		"/moby.buildkit.secrets.v1.Secrets":             "",
		"/x/moby.buildkit.secrets.v1.Secrets/GetSecret": "",
		"": "",
	} {
		got := ""
		if TellsCall(target) {
			got = Namings(target)[0].Type
		}
		if got != want {
			t.Errorf("%s: got %q, want %q", target, got, want)
		}
	}
}
