//go:build unix

package main

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/explain"
)

// TestOperationVersions: parameters and fields are told with the versions that have them.
func TestOperationVersions(t *testing.T) {
	for operation, parts := range map[string][]string{
		"ContainerCreate":  {"\n  parameters  name, platform (since 1.41)\n", "Umask (since 1.56)", "MacAddress (deprecated in 1.44, up to 1.51)", "HostConfig: ", "Binds, ", "NetworkMode, ", "Memory, ", "HostConfig.DeviceRequests: Capabilities, Count, "},
		"BuildPrune":       {"keep-storage (since 1.39, deprecated in 1.48, up\n              to 1.51)", "reserved-space"},
		"ContainerInspect": {"\nGone from its answers\n  after API 1.51: NetworkSettings.IPAddress, "},
		"SwarmInspect":     nil,
	} {
		says := operationsSay(t, operation)
		for _, part := range parts {
			if !strings.Contains(strings.Join(strings.Fields(says), " "), strings.Join(strings.Fields(part), " ")) {
				t.Errorf("%s lacks %q:\n%s", operation, part, says)
			}
		}
		if parts == nil && (strings.Contains(says, "parameters") || strings.Contains(says, "Fields of the request")) {
			t.Errorf("%s takes nothing:\n%s", operation, says)
		}
	}
	var e explain.Entry
	if err := json.Unmarshal([]byte(operationsSay(t, "ContainerCreate", "--json")), &e); err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(e.Fields, func(a *dockerapi.Argument) bool { return a.Name == "MacAddress" })
	if i < 0 || e.Fields[i].Deprecated.String() != "1.44" || e.Fields[i].Until.String() != "1.51" || e.Fields[i].Since != (dockerapi.Version{}) || len(e.Fields) < 100 {
		t.Errorf("%d fields, MacAddress at %d", len(e.Fields), i)
	}
}
