//go:build unix

package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/socktrace/socktrace/internal/need"
)

// TestWhichIsSlow asks which call is slow: the first row says it, whatever waited
// for longer.
func TestWhichIsSlow(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "slow.jsonl")
	line := func(conn int, method, target, operation string, took time.Duration) string {
		return statsLine(conn, method, target, operation, "done", took, statsAnswer)
	}
	text := line(1, "POST", "/containers/a/wait", "ContainerWait", 5*time.Minute) + line(2, "GET", "/containers/a/logs?follow=1", "ContainerLogs", 4*time.Minute) +
		line(3, "POST", "/containers/a/start", "ContainerStart", 80*time.Millisecond) + line(4, "POST", "/images/create?fromImage=busybox", "ImageCreate", 4200*time.Millisecond) +
		line(5, "POST", "/containers/b/start", "ContainerStart", 90*time.Millisecond)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	got := slices.Collect(strings.Lines(socktrace(t, nil, "stats", file).end().out))
	rows := []string{got[3], got[4], got[6], got[7], got[8]}
	for i, begins := range []string{"ImageCreate ", "ContainerStart ", "not the daemon's time", "ContainerWait ", "ContainerLogs "} {
		if !strings.HasPrefix(rows[i], begins) {
			t.Errorf("row %d is %q, not of %s", i, rows[i], begins)
		}
	}
	r := parseReport(t, socktrace(t, nil, "stats", "-f", "jsonl", file).end().out)
	if len(r.Slowest) != 3 || r.Slowest[0].Operation != "ImageCreate" || r.Slowest[0].Conn != 4 || r.Clients[0].Name != "docker" {
		t.Errorf("%+v", r)
	}
}

// composing are the requests of a compose file with two services coming up.
var composing = []string{
	"HEAD /_ping", "GET /v1.41/version", "GET /v1.41/containers/json?all=1&filters=x", "GET /v1.41/networks/proj_default", "POST /v1.41/networks/create",
	"GET /v1.41/images/busybox/json", "GET /v1.41/images/busybox:1.36/json", "POST /v1.41/containers/create?name=proj-a-1", "POST /v1.41/containers/create?name=proj-b-1",
	"POST /v1.41/containers/proj-a-1/start", "POST /v1.41/containers/proj-b-1/start", "GET /v1.41/events?filters=y", "GET /unknown/7", "GET /unknown/8",
}

// TestWhichCalls asks which calls a client of many makes, live.
func TestWhichCalls(t *testing.T) {
	t.Parallel()
	daemon := fakeDaemon(t, func(c net.Conn) {
		in := bufio.NewReader(c)
		for {
			r, err := http.ReadRequest(in)
			if err != nil {
				return
			}
			status := "200 OK"
			if strings.HasPrefix(r.URL.Path, "/v1.41/networks/p") {
				status = "404 Not Found"
			}
			fmt.Fprintf(c, "HTTP/1.1 %s\r\nContent-Length: 0\r\n\r\n", status)
		}
	})
	l := listenTo(t, daemon, "-q", "--stats")
	client := &http.Client{Transport: &http.Transport{
		DialContext: func(context.Context, string, string) (net.Conn, error) { return net.Dial("unix", l.path) },
	}, Timeout: patience}
	for _, what := range composing {
		method, target, _ := strings.Cut(what, " ")
		req, err := http.NewRequestWithContext(t.Context(), method, "http://docker"+target, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("User-Agent", "compose/v2")
		resp, err := client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, resp.Body)
		resp.Body.Close()
	}
	client.CloseIdleConnections()
	check(t, "status", l.stop(os.Interrupt).status, "exit status 0")
	for name, want := range map[string]string{
		"SystemPingHead": "1 0", "SystemVersion": "1 0", "ContainerList": "1 0", "NetworkInspect": "1 1", "NetworkCreate": "1 0", "ImageInspect": "2 0",
		"ContainerCreate": "2 0", "ContainerStart": "2 0", "SystemEvents": "1 0", "GET /unknown/{id}": "2 0",
	} {
		row := ""
		for line := range strings.Lines(l.saved()) {
			if rest, ok := strings.CutPrefix(line, name+" "); ok && row == "" {
				row = strings.Join(strings.Fields(rest)[:2], " ")
			}
		}
		check(t, name, row, want)
	}
	if !strings.Contains(l.saved(), "compose/v2") || !strings.Contains(l.saved(), "1.41") {
		t.Errorf("nothing says who it was:\n%s", l.saved())
	}
}

// TestStatsOfRun: run writes them where its live output goes, behind what the command
// writes.
func TestStatsOfRun(t *testing.T) {
	t.Parallel()
	curl := need.Program(t, "curl")
	daemon := fakeDaemon(t, func(c net.Conn) {
		if _, err := http.ReadRequest(bufio.NewReader(c)); err == nil {
			_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: close\r\n\r\nOK\n")
		}
	})
	got := socktrace(t, nil, "run", "-q", "--stats", "--upstream", "unix://"+daemon, "--", "sh", "-c", `"$0" -s --unix-socket "${DOCKER_HOST#unix://}" http://docker/_ping`, curl).end()
	check(t, "status", got.status, "exit status 0")
	check(t, "stdout", got.out, "OK\n")
	if !strings.HasPrefix(got.err, "1 exchange in ") || !strings.Contains(got.err, "\nSystemPing ") || !strings.Contains(got.err, "  curl/") {
		t.Errorf("got\n%s", got.err)
	}
}
