//go:build linux

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/socktrace/socktrace/internal/need"
)

// containerdConfig is that of a daemon that needs only a folder.
const containerdConfig = `version = 2
root = "%[1]s/root"
state = "%[1]s/state"
disabled_plugins = ["io.containerd.grpc.v1.cri", "io.containerd.internal.v1.opt", "io.containerd.internal.v1.restart",
  "io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.devmapper",
  "io.containerd.snapshotter.v1.zfs"]
[grpc]
  address = "%[1]s/c.sock"
[ttrpc]
  address = "%[1]s/t.sock"
`

// containerd starts a daemon for the time of the test, and returns its socket.
func containerd(t *testing.T) string {
	t.Helper()
	program, dir := need.Program(t, "containerd"), shortDir(t)
	if os.Geteuid() != 0 {
		need.Skip(t, "root", "containerd needs it")
	}
	config := filepath.Join(dir, "config.toml")
	if err := os.WriteFile(config, fmt.Appendf(nil, containerdConfig, dir), 0o600); err != nil {
		t.Fatal(err)
	}
	p := launch(t, nil, program, "--config", config)
	t.Cleanup(func() { p.stop(syscall.SIGTERM) })
	p.err.await(t, "containerd successfully booted")
	return filepath.Join(dir, "c.sock")
}

// ctrSession is what is said to containerd: one command a line. {f} is the archive of
// an image, and {i} its name.
const ctrSession = `version
plugins ls
namespaces create box
namespaces ls
-n box images import {f}
-n box images ls
-n box containers create {i} first
-n box containers ls
-n box containers info first
-n box tasks ls
-n box run --rm {i} second echo hi
-n box run --rm {i} third sh -c exit${IFS}3
-n box leases ls
-n box snapshots ls
-n box containers rm first
-n box containers rm first
-n box images rm {i}
namespaces rm nowhere`

// ctr has a client say a session to the daemon at socket, with its events followed
// meanwhile, and returns how each command ended, and what the events were about.
func ctr(t *testing.T, socket, archive string) (ends []result, topics []string) {
	t.Helper()
	program := need.Program(t, "ctr")
	env := environ("CONTAINERD_SNAPSHOTTER=native") // which works on all file systems
	follow := launch(t, env, program, "--address", socket, "events")
	await(t, "the first event", func() bool {
		name := uniqueName() // until they are followed, nobody is told of those
		launch(t, env, program, "--address", socket, "namespaces", "create", name).end()
		launch(t, env, program, "--address", socket, "namespaces", "rm", name).end()
		return strings.Contains(follow.out.String(), "/namespaces/delete")
	})
	words := strings.NewReplacer("{f}", archive, "{i}", "docker.io/library/"+testImage)
	for line := range strings.Lines(ctrSession) {
		args := strings.Fields(words.Replace(line))
		ends = append(ends, launch(t, env, program, append([]string{"--address", socket}, args...)...).end())
	}
	follow.out.await(t, "/images/delete")
	told := follow.stop(syscall.SIGKILL).out
	for _, found := range regexp.MustCompile(`(?m)^.* (/\S+) \{`).FindAllStringSubmatch(told, -1) {
		topics = append(topics, found[1])
	}
	return ends, topics
}

// TestContainerd traces what ctr says to containerd: each command ends as it does
// directly, each call and each message has a name, and so has each message of a type
// of its own within another, such as those of events. The recordings say the same.
func TestContainerd(t *testing.T) {
	archive := filepath.Join(t.TempDir(), "image.tar")
	dockers(t)[0].must(t, "save", "-o", archive, testImage)
	direct, traced := containerd(t), containerd(t)
	r := recordingsIn(t.TempDir())
	l := listenWith(t, nil, traced, append(r.flags(), "--show-secrets")...)
	want, _ := ctr(t, direct, archive)
	got, topics := ctr(t, l.path, archive)
	check(t, "status", l.stop(syscall.SIGTERM).status, "exit status 0")
	for i, command := range strings.Split(ctrSession, "\n") {
		t.Run(command, func(t *testing.T) {
			checkAlike(t, want[i], got[i])
			check(t, "status", got[i].status, "exit status "+ctrStatus[i])
		})
	}
	all := eventsIn(t, r.live)
	checkCalls(t, all)
	for _, call := range strings.Fields("Version/Version Introspection/Plugins Namespaces/Create Content/Write Content/Info Images/Create Images/List " +
		"Snapshots/Prepare Diff/Apply Leases/Create Leases/Delete Containers/Create Containers/Get Tasks/List Tasks/Create Tasks/Start Tasks/Wait " +
		"Tasks/Delete Containers/Delete Images/Delete Events/Subscribe") {
		all.operation(t, call)
	}
	if told := all.topics(t); len(topics) < 10 || !slices.Equal(told[:min(len(topics), len(told))], topics) {
		t.Errorf("the trace has events\n%q, want\n%q", told, topics)
	}
	checkTyped(t, all)
	checkAgree(t, r, "--show-secrets")
}

// ctrStatus is how each command ends.
var ctrStatus = strings.Fields("0 0 0 0 0 0 0 0 0 0 0 3 0 0 0 1 0 0")

// topics returns what the events in a trace are about that containerd sends.
func (all events) topics(t *testing.T) (list []string) {
	t.Helper()
	for _, ev := range all.of("message") {
		if ev.Type != "containerd.types.Envelope" {
			continue
		}
		var told struct {
			Topic string
			Event struct {
				Type string `json:"@type"`
			}
		}
		if err := json.Unmarshal(ev.JSON, &told); err != nil || !strings.HasPrefix(told.Event.Type, "containerd.") {
			t.Errorf("%v in the event %s", err, ev.JSON)
		}
		list = append(list, told.Topic)
	}
	return list
}

// checkTyped checks that messages of types of their own are told as what they are:
// with members of names, or with the document that they hold.
func checkTyped(t *testing.T, all events) {
	t.Helper()
	seen := map[string]bool{}
	for _, ev := range all.of("message") {
		for _, found := range regexp.MustCompile(`"@type":"([^"]*)"(,"value":.)?`).FindAllSubmatch(ev.JSON, -1) {
			seen[string(found[1])] = true
			if len(found[2]) > 0 && !bytes.HasSuffix(found[2], []byte("{")) {
				t.Errorf("%s is %.200s", found[1], ev.JSON)
			}
		}
	}
	for _, want := range strings.Fields("containerd.runc.v1.Options types.containerd.io/opencontainers/runtime-spec/1/Spec " +
		"containerd.events.TaskExit containerd.events.ContainerCreate containerd.services.images.v1.ImageCreate") {
		if !seen[want] {
			t.Errorf("no %s among %v", want, seen)
		}
	}
}
