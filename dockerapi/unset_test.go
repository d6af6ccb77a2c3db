package dockerapi

import (
	"strings"
	"testing"
)

func TestIsUnset(t *testing.T) {
	for _, c := range []struct {
		name, value string
		want        bool
	}{
		{"", "", true},
		{"", " \n", true},
		{"", "null", true},
		{"", ` "" `, true},
		{"", "0\n", true},
		{"", "false", true},
		{"", `"0001-01-01T00:00:00Z"`, true},
		{"", "{}", true},
		{"", "[ ]", true},
		{"Healthcheck", `{"Test":null,"Interval":0,"In":{"a":[]}}`, true},
		{"", "[0,null,[]]", true},
		{"", "true", false},
		{"", `"a"`, false},
		{"", "1", false},
		{"Entrypoint", `[""]`, false}, // which is no entrypoint, not that of the image
		{"", `{"a":{"b":[{"c":1}]}}`, false},
		{"ExposedPorts", `{"80/tcp":{}}`, false},
		{"exposedports", `{"80/tcp":{}}`, false},
		{"HostConfig.PortBindings", `{"80/tcp":null}`, false},
		{"", `{"HostConfig":{"Tmpfs":{"/run":""}}}`, false},
		{"", `{"Label\u0073":{"a":""}}`, false},
		{"Labels", "{}", true},
		{"Other", `{"a":""}`, true},
		{"Labels.Other", `{"a":""}`, true},
		{"", strings.Repeat("[", maxUnsetDepth) + strings.Repeat("]", maxUnsetDepth), true},
		{"", strings.Repeat("[", maxUnsetDepth+2) + strings.Repeat("]", maxUnsetDepth+2), false},
	} {
		if got := IsUnset(c.name, []byte(c.value)); got != c.want {
			t.Errorf("%s %.60s: got %t", c.name, c.value, got)
		}
	}
}
