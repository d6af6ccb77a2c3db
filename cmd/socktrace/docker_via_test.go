//go:build linux

package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/internal/need"
)

// needStrace skips the test if there is no strace, or it may not trace.
func needStrace(t testing.TB) {
	t.Helper()
	program := need.Program(t, "strace")
	if _, err := tryStrace(program); err != nil {
		need.Skip(t, "strace", err)
	}
}

// TestDockerVia has strace see the docker CLI while socktrace stands in between: what
// strace shows of both sides, as of the CLI so of socktrace as a client of the daemon, is
// what went through. What differs:
//   - times, which strace takes elsewhere;
//   - the user, whom strace does not tell;
//   - the pieces that reads make of what has no borders;
//   - bytes that a side has left unread when it closed: those that it never read are
//     not there for strace. So an answer that a client has given up, as that of a build
//     which failed, may be shorter and partial.
func TestDockerVia(t *testing.T) {
	needStrace(t)
	for _, docker := range dockers(t) {
		for _, test := range dockerCases {
			t.Run(docker.version+" "+test.name, func(t *testing.T) {
				t.Parallel()
				test.via(t, docker)
			})
		}
	}
}

func (c dockerCase) via(t *testing.T, docker cli) {
	dir := t.TempDir()
	via, live := filepath.Join(dir, "via.jsonl"), filepath.Join(dir, "live.jsonl")
	program := testedProgram(t)
	prepare := func(cmd *exec.Cmd) {
		cmd.Env = append(os.Environ(), c.env...)
		if c.stdin != "" {
			cmd.Stdin = strings.NewReader(c.stdin)
		}
	}
	args := []string{"run", "--via", "strace", "--show-secrets", "-f", "jsonl", "-o", via, "--",
		program, "run", "--show-secrets", "-f", "jsonl", "-o", live, "--", docker.path}
	got := socktrace(t, prepare, append(args, c.once(t, docker)...)...).end()
	if c.status == "" {
		c.status = "exit status 0"
	}
	check(t, "status", got.status, c.status)
	if strings.Contains(got.err, "socktrace: strace:") {
		t.Errorf("messages:\n%s", got.err)
	}
	want := talkOf(t, readFile(t, live), "docker")
	if len(want) == 0 {
		t.Fatal("nothing was said")
	}
	for _, client := range []string{"docker", "socktrace"} {
		checkTalk(t, client, talkOf(t, readFile(t, via), client), want)
	}
}

// talkOf returns the exchanges of a client by what was asked: the numbers of connections
// are another matter.
func talkOf(t *testing.T, text, client string) map[string]*exchange {
	t.Helper()
	clients := map[float64]bool{}
	var own strings.Builder
	for line := range strings.Lines(text) {
		var ev struct {
			Event  string
			Conn   float64
			Parent *struct{ Conn float64 }
			Client struct{ Name string }
		}
		if err := json.Unmarshal([]byte(line), &ev); err != nil {
			t.Fatalf("%v in %q", err, line)
		}
		if ev.Event == "open" {
			clients[ev.Conn] = ev.Client.Name == client || ev.Parent != nil && clients[ev.Parent.Conn]
		}
		if clients[ev.Conn] {
			own.WriteString(line)
		}
	}
	all := slices.Collect(maps.Values(parseExchanges(t, own.String())))
	slices.SortFunc(all, func(a, b *exchange) int { return a.start.Compare(b.start) })
	talk := map[string]*exchange{}
	for _, x := range all {
		key, n := "", 0
		for n = 1; key == "" || talk[key] != nil; n++ {
			key = fmt.Sprint(x.event["method"], " ", x.event["target"], " ", n)
		}
		delete(x.event, "conn")
		talk[key] = x
	}
	return talk
}

// checkTalk is checkSameTalk for what one client has said: a program is called by its
// number and its name.
func checkTalk(t *testing.T, client string, got, want map[string]*exchange) {
	t.Helper()
	for key, x := range want {
		who, _ := x.event["client"].(map[string]any)
		seen, _ := got[key].who()
		if client == "docker" && (seen["pid"] != who["pid"] || seen["name"] != who["name"]) && got[key] != nil {
			t.Errorf("%s: client: got %v, want %v", key, seen, who)
		}
	}
	copies := map[string]*exchange{} // to compare deletes what it leaves out
	for key, x := range want {
		c := *x
		c.event = maps.Clone(x.event)
		copies[key] = &c
		if got[key] != nil && got[key].gaveUp(&c) {
			delete(copies, key)
			delete(got, key)
		}
	}
	checkSameTalk(t, client, got, copies)
}

// gaveUp reports whether an exchange is one whose answer the client has not read to its
// end, of which all is there that it has.
func (x *exchange) gaveUp(whole *exchange) bool {
	body := func(x *exchange) string {
		response, _ := x.event["response"].(map[string]any)
		text, _ := response["body"].(string)
		return text
	}
	return x.event["client_left"] == true && x.event["state"] == "aborted" && x.event["status"] == whole.event["status"] &&
		whole.event["client_left"] != true && strings.HasPrefix(body(whole), body(x))
}

// who returns what an exchange tells of its client.
func (x *exchange) who() (who map[string]any, ok bool) {
	if x == nil {
		return nil, false
	}
	who, ok = x.event["client"].(map[string]any)
	return who, ok
}
