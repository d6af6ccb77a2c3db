//go:build linux

package main

import (
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/socktrace/socktrace/internal/need"
)

// TestDockerCapture captures what the docker CLI says over TCP while socktrace
// stands in between: the packets tell the same as the bytes that went through,
// live and as HAR, times aside.
func TestDockerCapture(t *testing.T) {
	docker := dockers(t)[0]
	need.Program(t, "dumpcap")
	t.Parallel()
	dir := t.TempDir()
	live, har, capture := filepath.Join(dir, "live.jsonl"), filepath.Join(dir, "live.har"), filepath.Join(dir, "captured.pcapng")
	addr := listenTCP(t, "--show-secrets", "-f", "jsonl", "-o", live, "--har", har)
	_, port, _ := strings.Cut(strings.TrimPrefix(addr, "tcp://"), ":")
	dump := launch(t, nil, "dumpcap", "-q", "-i", "lo", "-f", "tcp port "+port, "-w", capture)
	dump.err.await(t, "File: ")

	c := docker.container(t, "sh", "-c", "echo one; echo two >&2; sleep 1000")
	client := environ("DOCKER_HOST=" + addr)
	for _, args := range [][]string{
		{"version"}, {"ps", "-a"}, {"logs", c}, {"inspect", c}, {"cp", c + ":/etc/motd", "-"}, {"exec", c, "sh", "-c", "echo out; echo err >&2"},
		{"run", "--rm", "--network", "none", testImage, "echo", "hi"}, {"inspect", "--type", "container", "nosuchcontainer"},
	} {
		_ = launch(t, client, docker.path, args...).end()
	}
	await(t, "the end of all connections", func() bool {
		all := eventsIn(t, live)
		return len(all.of("open")) > 8 && len(all.of("open")) == len(all.of("close"))
	})
	time.Sleep(2 * time.Second) // the kernel hands packets to dumpcap in batches
	t.Log(dump.stop(syscall.SIGINT).err)

	want := parseExchanges(t, readFile(t, live))
	converted := filepath.Join(dir, "captured.har")
	read := socktrace(t, nil, "read", "--show-secrets", "-f", "jsonl", "--har", converted, capture).end()
	check(t, "status", read.status, "exit status 0")
	checkSameTalk(t, "capture", parseExchanges(t, read.out), want)
	for _, file := range []string{har, converted} {
		back := socktrace(t, nil, "read", "--show-secrets", "-f", "jsonl", file).end()
		checkSameTalk(t, filepath.Base(file), parseExchanges(t, back.out), want)
	}
}

// checkSameTalk fails the test if the exchanges differ in more than times, and
// in the pieces that reads and packets make of what has no borders.
func checkSameTalk(t *testing.T, what string, got, want map[string]*exchange) {
	t.Helper()
	check(t, "exchanges of "+what, len(got), len(want))
	for _, key := range slices.Sorted(maps.Keys(want)) {
		back := got[key]
		if back == nil {
			t.Errorf("%s has no %s", what, key)
			continue
		}
		for _, x := range []*exchange{want[key], back} {
			delete(x.event, "client") // packets do not tell
			streams, _ := x.event["streams"].(map[string]any)
			for _, kind := range []string{"stdin", "terminal", "raw"} {
				if s, ok := streams[kind].(map[string]any); ok {
					delete(s, "frames")
				}
			}
		}
		want[key].compareEvent(t, what+" "+key, back)
		want[key].compareMessages(t, what+" "+key, back)
	}
}
