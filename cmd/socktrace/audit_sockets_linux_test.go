package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestAuditSockets: a container that gets a socket by which the daemon is reached has a mark
// for it: that which is listened on, that which is aside, and their folders.
func TestAuditSockets(t *testing.T) {
	// bound asks by a socket for a container that has a path, and returns its marks.
	bound := func(path, file, source string) string {
		t.Helper()
		from := strings.Count(readFile(t, file), "\n")
		dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, "unix", path)
		}
		client := &http.Client{Timeout: patience, Transport: &http.Transport{DialContext: dial, DisableKeepAlives: true}}
		doc := fmt.Sprintf(`{"HostConfig":{"Binds":["%s:/x"]}}`, source)
		resp, err := client.Post("http://d/v1.47/containers/create", "application/json", strings.NewReader(doc))
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		return marksOf(auditLines(t, file, from))
	}
	daemon := filepath.Join(shortDir(t), "d.sock")
	httpDaemon(t, daemon)
	file := filepath.Join(t.TempDir(), "audit.jsonl")
	l := listenWith(t, nil, daemon, "-q", "--audit", file)
	for source, want := range map[string]string{l.path: "bind-socket", filepath.Dir(l.path): "bind-socket", daemon: "bind-socket", l.path + "x": ""} {
		check(t, source, bound(l.path, file, source), want)
	}
	check(t, "status", l.stop(syscall.SIGTERM).status, "exit status 0")

	file = filepath.Join(t.TempDir(), "audit.jsonl")
	p := inPlace(t, nil, daemon, "--audit", file)
	dir, name := filepath.Split(daemon)
	for source, want := range map[string]string{daemon: "bind-socket", dir: "bind-socket", dir + "." + name + ".socktrace": "bind-socket", dir + "other": ""} {
		check(t, source, bound(daemon, file, source), want)
	}
	check(t, "status", p.stop(syscall.SIGTERM).status, "exit status 0")
}
