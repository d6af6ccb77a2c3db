package dockerapi

import (
	"slices"
	"testing"
)

// TestAnswers: answers have the fields that are described, and those that are gone are not
// among them.
func TestAnswers(t *testing.T) {
	for operation, fields := range map[string][]string{
		"ContainerInspect": {"State.ExitCode", "NetworkSettings.Networks.*.IPAddress", "HostConfig.NetworkMode"},
		"ContainerWait":    {"StatusCode"},
		"ContainerCreate":  {"Id", "Warnings"},
		"SystemVersion":    {"ApiVersion"},
	} {
		for _, field := range fields {
			if !slices.Contains(Named(operation).Answers(), field) {
				t.Errorf("%s: %s is not there", operation, field)
			}
		}
	}
	for name := range answers() {
		if Named(name) == nil {
			t.Errorf("there is no %s", name)
		}
	}
	for name, list := range gone {
		for _, g := range list {
			for _, field := range g.Fields {
				if name != "SystemEvents" && slices.Contains(Named(name).Answers(), field) {
					t.Errorf("%s: %s is gone, and is there", name, field)
				}
			}
		}
	}
	if list := (*Operation)(nil).Answers(); list != nil {
		t.Errorf("nothing answers %v", list)
	}
}

// TestBefore: operations are found by the names that they had.
func TestBefore(t *testing.T) {
	for name, want := range map[string]string{"ContainerArchive": "ContainerGetArchive", "ContainerArchiveInfo": "ContainerArchiveHead", "PutContainerArchive": "ContainerPutArchive"} {
		if got := Named(name).Before(); !slices.Equal(got, []string{want}) {
			t.Errorf("%s: %q", name, got)
		}
	}
	if Named("ContainerList").Before() != nil || (*Operation)(nil).Before() != nil {
		t.Error("there are names that were none")
	}
}
