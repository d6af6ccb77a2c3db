package equivalent

import (
	"strings"
	"testing"
)

// TestUnnamedVolumes: a path at which something stands that has a name is not asked for
// again, as docker-py and the CLI do.
func TestUnnamedVolumes(t *testing.T) {
	for doc, want := range map[string][2]string{ // of docker and of Python
		`"Volumes":{"/x":{}},"HostConfig":{"Binds":["/tmp:/x:ro"]}`:               {"-v /tmp:/x:ro busybox", "volumes=['/tmp:/x:ro']"},
		`"Volumes":{"/x/":{}},"HostConfig":{"Binds":["/tmp:/x"]}`:                 {"-v /tmp:/x busybox", "volumes=['/tmp:/x']"},
		`"Volumes":{"/x":{}},"HostConfig":{"Binds":["/tmp:/x/"]}`:                 {"-v /tmp:/x/ busybox", "volumes=['/tmp:/x/']"},
		`"Volumes":{"/data":{}},"HostConfig":{"Binds":["/data"]}`:                 {"-v /data busybox", "volumes=['/data']"},
		`"Volumes":{"/x":{},"/y":{}},"HostConfig":{"Binds":["/tmp:/x/y","v:/x"]}`: {"-v /tmp:/x/y -v v:/x -v /y busybox", "volumes=['/tmp:/x/y', 'v:/x', '/y']"},
		`"Volumes":{"/x":{}},"HostConfig":{"Tmpfs":{"/x":"size=1m"}}`:             {"--tmpfs /x:size=1m busybox", "tmpfs={'/x': 'size=1m'}"},
		`"Volumes":{"/x":{}},"HostConfig":{"Mounts":[{"Type":"volume","Target":"/x"}]}`: {"--mount type=volume,target=/x busybox",
			"mounts=[{'Type': 'volume', 'Target': '/x'}]"},
		`"Volumes":{"/x":{}}`: {"-v /x busybox", "volumes=['/x']"},
	} {
		x := exchange("POST", "/v1.41/containers/create", `{"Image":"busybox","AttachStdout":true,"AttachStderr":true,`+doc+`}`, jsonType)
		if got := docker(x, Options{}); joined(got.Text) != "docker create "+want[0] || strings.Contains(strings.Join(got.Notes, " "), "No flag") {
			t.Errorf("%s: %s %q", doc, got.Text, got.Notes)
		}
		if got := python(x, Options{}); !strings.Contains(flat(got.Text), "create('busybox', "+want[1]+").id)") || len(got.Notes) > 0 {
			t.Errorf("%s: %s %q", doc, got.Text, got.Notes)
		}
	}
}

// TestWords: words of flags stand for what was sent, if parts of it are missing.
func TestWords(t *testing.T) {
	for doc, want := range map[string]string{
		`{"PathOnHost":"/dev/a","CgroupPermissions":"r"}`:                            "/dev/a:r",
		`{"PathOnHost":"/dev/a","PathInContainer":"/dev/a","CgroupPermissions":"r"}`: "/dev/a:r",
		`{"PathOnHost":"/dev/a","PathInContainer":"/b","CgroupPermissions":"r"}`:     "/dev/a:/b:r",
		`{"PathOnHost":"/dev/a","PathInContainer":"/b","CgroupPermissions":"rwm"}`:   "/dev/a:/b",
	} {
		if got := deviceWord(parsedValue([]byte(doc))); got != want {
			t.Errorf("%s: %s, want %s", doc, got, want)
		}
	}
	for doc, want := range map[string]string{`{"Name":"n","Hard":5}`: "n=0:5", `{"Name":"n","Soft":5,"Hard":5}`: "n=5"} {
		if got := ulimitWord(parsedValue([]byte(doc))); got != want {
			t.Errorf("%s: %s, want %s", doc, got, want)
		}
	}
	for _, path := range []string{"/v1.41/containers/create", "/v1.41/containers/web/update"} {
		policy := `"RestartPolicy":{"Name":"","MaximumRetryCount":3}`
		x := exchange("POST", path, `{"Image":"a","HostConfig":{`+policy+`},`+policy+`}`, jsonType)
		if got := docker(x, Options{}); strings.Contains(got.Text, "--restart") || !strings.Contains(strings.Join(got.Notes, " "), "MaximumRetryCount 3") {
			t.Errorf("%s: %s %q", path, got.Text, got.Notes)
		}
	}
}
