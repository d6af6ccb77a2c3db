//go:build unix

package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/socktrace/socktrace/internal/need"
)

// auditLine is what tests look at of a line of an audit.
type auditLine struct {
	Event, Operation, Target, State string
	Client                          struct {
		PID       int
		Name      string
		User      string
		Container struct{ Runtime, ID string }
		Parents   []struct {
			PID  int
			Name string
		}
		Certificate struct{ Subject string }
	}
	Subject struct{ Name string }
	Risks   []struct{ Mark string }
}

// auditLines returns the lines of a file, from the one with this number on. What a kill has
// torn is none: the next line says so.
func auditLines(t testing.TB, file string, from int) (all []auditLine) {
	t.Helper()
	n, torn := 0, ""
	for line := range strings.Lines(readFile(t, file)) {
		if n++; n <= from {
			continue
		}
		var l auditLine
		err := json.Unmarshal([]byte(line), &l)
		if torn != "" && (err != nil || l.Event != "mended") {
			t.Fatalf("%s: no line, and not mended: %q", file, torn)
		}
		if torn = ""; err != nil {
			torn = line
			continue
		}
		all = append(all, l)
	}
	if torn != "" {
		t.Fatalf("%s: its last line is none: %q", file, torn)
	}
	return all
}

// marksOf returns the marks in lines, sorted, each once.
func marksOf(lines []auditLine) string {
	var all []string
	for _, l := range lines {
		for _, r := range l.Risks {
			all = append(all, r.Mark)
		}
	}
	slices.Sort(all)
	return strings.Join(slices.Compact(all), " ")
}

// verifies checks that files are whole, as the program says.
func verifies(t testing.TB, files ...string) string {
	t.Helper()
	got := socktrace(t, nil, append([]string{"audit", "verify"}, files...)...).end()
	if got.status != "exit status 0" {
		t.Fatalf("%s\n%s%s", got.status, got.out, got.err)
	}
	return got.out
}

// askStarts starts containers until the connection breaks, and returns the targets whose
// answer it has the head of.
func askStarts(c net.Conn, worker string) (answered []string) {
	r := bufio.NewReader(c)
	for n := 0; ; n++ {
		target := fmt.Sprintf("/v1.47/containers/%s-%d/start", worker, n)
		if _, err := fmt.Fprintf(c, "POST %s HTTP/1.1\r\nHost: docker\r\nContent-Length: 0\r\n\r\n", target); err != nil {
			return answered
		}
		resp, err := http.ReadResponse(r, nil)
		if err != nil {
			return answered
		}
		answered = append(answered, target)
		if _, err := io.Copy(io.Discard, resp.Body); err != nil {
			return answered
		}
	}
}

// TestAuditKilled kills an audit under load, again and again, and goes on with its files:
// every exchange that was answered has its line, and the chain is whole.
func TestAuditKilled(t *testing.T) {
	t.Parallel()
	times := 200
	if testing.Short() {
		times = 10
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "audit.jsonl")
	daemon := fakeDaemon(t, echoTarget)
	var answered []string
	for n := range times {
		flags := []string{"-q", "--audit", file, "--audit-max-size", "256k"}
		if n%3 == 0 {
			flags = append(flags, "--audit-strict")
		}
		l := listenWith(t, nil, daemon, flags...)
		var mu sync.Mutex
		var asking sync.WaitGroup
		for worker := range 3 {
			c := l.dial()
			asking.Go(func() {
				got := askStarts(c, fmt.Sprintf("%d-%d", n, worker))
				mu.Lock()
				defer mu.Unlock()
				answered = append(answered, got...)
			})
		}
		time.Sleep(time.Duration(rand.IntN(40)) * time.Millisecond)
		l.stop(syscall.SIGKILL)
		asking.Wait()
	}
	listenWith(t, nil, daemon, "-q", "--audit", file).stop(syscall.SIGTERM) // which mends what is torn
	files, err := filepath.Glob(file + "*")
	if err != nil {
		t.Fatal(err)
	}
	said := verifies(t, files...)
	there := make(map[string]bool)
	for _, f := range files {
		for _, l := range auditLines(t, f, 0) {
			if l.Event == "call" {
				there[l.Target] = true
			}
		}
	}
	for _, target := range answered {
		if !there[target] {
			t.Errorf("%s was answered, and has no line", target)
		}
	}
	if len(answered) < times {
		t.Errorf("%d answers", len(answered))
	}
	t.Logf("%d kills, %d answers, %d files: %s", times, len(answered), len(files), said)
}

// TestAuditStrict: where the audit cannot be written nothing is relayed, and stderr says so;
// without --audit-strict everything is.
func TestAuditStrict(t *testing.T) {
	if _, err := os.Stat("/dev/full"); err != nil {
		need.Skip(t, "/dev/full", err)
	}
	var mu sync.Mutex
	asked := ""
	daemon := fakeDaemon(t, func(c net.Conn) {
		r := bufio.NewReader(c)
		for {
			req, err := http.ReadRequest(r)
			if err != nil {
				return
			}
			mu.Lock()
			asked += req.Method + " "
			mu.Unlock()
			fmt.Fprint(c, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK")
		}
	})
	ask := func(l *listener, method, target string) error {
		c := l.dial()
		defer c.Close()
		fmt.Fprintf(c, "%s %s HTTP/1.1\r\nHost: d\r\nContent-Length: 0\r\n\r\n", method, target)
		_, err := http.ReadResponse(bufio.NewReader(c), nil)
		return err
	}
	strict := listenWith(t, nil, daemon, "-q", "--audit", "/dev/full", "--audit-strict")
	if err := ask(strict, "GET", "/_ping"); err != nil {
		t.Errorf("a ping: %v", err)
	}
	if err := ask(strict, "POST", "/v1.47/containers/web/start"); err == nil {
		t.Error("it was answered")
	}
	got := strict.stop(syscall.SIGTERM)
	for _, want := range []string{"/dev/full: a line could not be written: ", "no space left on device", "was closed: ", "--audit-strict relays only what is written there"} {
		if !strings.Contains(got.err, want) {
			t.Errorf("stderr lacks %q: %s", want, got.err)
		}
	}
	mu.Lock()
	check(t, "asked", asked, "GET ")
	mu.Unlock()
	loose := listenWith(t, nil, daemon, "-q", "--audit", "/dev/full")
	if err := ask(loose, "POST", "/v1.47/containers/web/start"); err != nil {
		t.Errorf("without --audit-strict: %v", err)
	}
	if got := loose.stop(syscall.SIGTERM); !strings.Contains(got.err, "/dev/full lacks ") {
		t.Errorf("stderr: %s", got.err)
	}
}

// TestAuditSecrets: no planted secret is in an audit.
func TestAuditSecrets(t *testing.T) {
	conns := make(chan net.Conn, 1)
	release := make(chan struct{})
	t.Cleanup(func() { close(release) })
	daemon := fakeDaemon(t, func(c net.Conn) { conns <- c; <-release })
	file := filepath.Join(t.TempDir(), "audit.jsonl")
	all := plants()
	l := listenWith(t, nil, daemon, "-q", "--audit", file, "--audit-reads", "--audit-strict", "--mask", "pin", "--mask", "Voucher", "--mask", "x-badge")
	for _, p := range all {
		p.play(t, l.path, conns)
	}
	got := l.stop(syscall.SIGTERM)
	check(t, "status", got.status, "exit status 0")
	text := readFile(t, file)
	for _, p := range all {
		for _, secret := range p.secrets {
			if seen(text, secret) {
				t.Errorf("%s: %q is in the audit", p.name, secret)
			}
		}
	}
	if lines := strings.Count(text, "\n"); lines < len(all) {
		t.Errorf("%d lines of %d plants", lines, len(all))
	}
	info, err := os.Stat(file)
	if err != nil {
		t.Fatal(err)
	}
	check(t, "mode", info.Mode().Perm(), 0o600)
	verifies(t, file)
}

// TestAuditFlags: what cannot be meant is refused.
func TestAuditFlags(t *testing.T) {
	for args, want := range map[string]string{
		"--audit-strict":                             "--audit-strict needs --audit FILE",
		"--alert true":                               "--alert needs --audit FILE",
		"--audit a --alert-on exec":                  "--alert-on needs --alert TARGET",
		"--audit a --alert true --alert-on exek":     "--alert-on \"exek\": not one of privileged, ",
		"--audit a --alert true --alert-on=":         "--alert-on: no mark is given",
		"--audit a --alert=":                         "--alert wants a value (TARGET): it is empty",
		"--audit=":                                   "--audit wants a value (FILE): it is empty",
		"--audit-keep 3":                             "--audit-keep needs --audit FILE",
		"--audit a --audit-keep 3":                   "--audit-keep needs --audit-max-size or --audit-max-age",
		"--audit a --audit-keep -3":                  "--audit-keep -3: less than nothing",
		"--audit a --audit-max-size 1k":              "--audit-max-size 1k: less than 64k",
		"--audit - -q --audit-max-size 1M":           "--audit -: standard output is one file",
		"--audit a --filter status>0":                "--audit and --filter exclude each other",
		"--audit a --max-body 0":                     "--max-body 0: --audit needs 64k at least",
		"--audit a --har a":                          "--har and --audit cannot both be a",
		"--audit a -q --audit-max-age 1h --pcapng a": "--pcapng and --audit cannot both be a",
	} {
		got := socktrace(t, nil, append([]string{"listen", "--upstream", "unix:///nowhere"}, strings.Fields(args)...)...).end()
		if got.status != "exit status 2" || !strings.Contains(got.err, want) {
			t.Errorf("%s: %s, %s, want %q", args, got.status, got.err, want)
		}
	}
	other := filepath.Join(t.TempDir(), "notes.txt")
	if err := os.WriteFile(other, []byte("notes\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	got := socktrace(t, nil, "listen", "--listen", "unix://"+filepath.Join(shortDir(t), "s"), "--upstream", "unix:///nowhere", "-q", "--audit", other).end()
	if got.status != "exit status 1" || !strings.Contains(got.err, other+": a file is there that is no audit") {
		t.Errorf("%s %s", got.status, got.err)
	}
	check(t, "notes", readFile(t, other), "notes\n")
}

// TestAuditVerify: the command says what is whole, and where it is not.
func TestAuditVerify(t *testing.T) {
	file := filepath.Join(t.TempDir(), "audit.jsonl")
	daemon := fakeDaemon(t, echoTarget)
	l := listenWith(t, nil, daemon, "-q", "--audit", file)
	for _, target := range []string{"/v1.47/containers/a/start", "/v1.47/containers/b/start"} {
		c := l.dial()
		fmt.Fprintf(c, "POST %s HTTP/1.1\r\nHost: d\r\nContent-Length: 0\r\n\r\n", target)
		if _, err := http.ReadResponse(bufio.NewReader(c), nil); err != nil {
			t.Fatal(err)
		}
		c.Close()
	}
	stopped := l.stop(syscall.SIGTERM)
	said := verifies(t, file)
	head := said[strings.LastIndex(said, "head ")+5 : len(said)-1]
	if !strings.HasPrefix(said, "whole: 5 lines in 1 file, from ") || !strings.Contains(stopped.err, file+": 5 lines, head "+head) {
		t.Errorf("%s%s", said, stopped.err)
	}
	verify := func(args ...string) result {
		return socktrace(t, nil, append([]string{"audit", "verify"}, args...)...).end()
	}
	check(t, "its head", verify("--head", strings.ToUpper(head), file).status, "exit status 0")
	lines := strings.SplitAfter(readFile(t, file), "\n")
	cut := filepath.Join(t.TempDir(), "cut")
	if err := os.WriteFile(cut, []byte(strings.Join(lines[:4], "")), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := verify(cut); got.status != "exit status 0" || !strings.Contains(got.out, "it does not end with a stop") {
		t.Errorf("%s %s", got.status, got.out)
	}
	if got := verify("--head", head, cut); got.status != "exit status 1" || !strings.Contains(got.out, "the end was cut off") {
		t.Errorf("%s %s", got.status, got.out)
	}
	if err := os.WriteFile(cut, []byte(strings.Replace(strings.Join(lines, ""), "containers/a", "containers/c", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := verify(cut); got.status != "exit status 1" || !strings.HasPrefix(got.out, cut+":3: the line was changed\nnot whole: ") {
		t.Errorf("%s %s", got.status, got.out)
	}
	for _, args := range [][]string{{"audit"}, {"audit", "verfy", file}, {"audit", "verify"}, {"audit", "verify", "--head", "", file}, {"audit", "verify", "--head", head[1:], file}} {
		check(t, strings.Join(args, " "), socktrace(t, nil, args...).end().status, "exit status 2")
	}
	check(t, "no such file", verify("/nowhere").status, "exit status 1")
}

// TestAuditRemoved: an audit whose folder is removed is missed, and with --audit-strict nothing
// is relayed that is not in one.
func TestAuditRemoved(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "d")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "audit.jsonl")
	l := listenWith(t, nil, fakeDaemon(t, echoTarget), "-q", "--audit", file, "--audit-strict")
	ask := func() error {
		c := l.dial()
		defer c.Close()
		fmt.Fprint(c, "POST /v1.47/containers/a/start HTTP/1.1\r\nHost: d\r\nContent-Length: 0\r\n\r\n")
		_, err := http.ReadResponse(bufio.NewReader(c), nil)
		return err
	}
	if err := ask(); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(dir, dir+"2"); err != nil {
		t.Fatal(err)
	}
	if err := ask(); err == nil {
		t.Error("it was answered, and is in no file")
	}
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := ask(); err != nil {
		t.Errorf("the folder is there again: %v", err)
	}
	got := l.stop(syscall.SIGTERM)
	for _, want := range []string{"the file was moved or removed, and no other can be begun", "another file is begun behind line"} {
		if !strings.Contains(got.err, want) {
			t.Errorf("stderr lacks %q: %s", want, got.err)
		}
	}
	if got := socktrace(t, nil, "audit", "verify", file).end(); got.status != "exit status 1" || !strings.Contains(got.out, "are not here") {
		t.Errorf("alone: %s, %s", got.status, got.out)
	}
	verifies(t, file, filepath.Join(dir+"2", "audit.jsonl"))
}

// TestAuditAlert: a command gets the lines that have a mark, each once, and what fails is told.
func TestAuditAlert(t *testing.T) {
	dir := t.TempDir()
	daemon := fakeDaemon(t, echoTarget)
	for _, strict := range []bool{false, true} {
		got := filepath.Join(dir, fmt.Sprint("got", strict))
		flags := []string{"-q", "--audit", got + ".audit", "--alert", "cat >> " + got, "--alert-on", "exec,swarm"}
		if strict {
			flags = append(flags, "--audit-strict")
		}
		l := listenWith(t, nil, daemon, flags...)
		for _, target := range []string{"/v1.47/exec/a/start", "/v1.47/containers/b/start", "/v1.47/plugins/x/enable", "/v1.47/swarm/leave"} {
			c := l.dial()
			fmt.Fprintf(c, "POST %s HTTP/1.1\r\nHost: d\r\nContent-Length: 0\r\n\r\n", target)
			if _, err := http.ReadResponse(bufio.NewReader(c), nil); err != nil {
				t.Fatal(err)
			}
			c.Close()
		}
		if end := l.stop(syscall.SIGTERM); !strings.Contains(end.err, "; 2 alerts sent\n") {
			t.Errorf("stderr: %s", end.err)
		}
		lines := auditLines(t, got, 0)
		if len(lines) != 2 || marksOf(lines) != "exec swarm" {
			t.Errorf("strict %v: %+v", strict, lines)
		}
	}
	l := listenWith(t, nil, daemon, "-q", "--audit", filepath.Join(dir, "failing"), "--alert", "exit 4")
	c := l.dial()
	fmt.Fprint(c, "POST /v1.47/exec/a/start HTTP/1.1\r\nHost: d\r\nContent-Length: 0\r\n\r\n")
	if _, err := http.ReadResponse(bufio.NewReader(c), nil); err != nil {
		t.Fatal(err)
	}
	if end := l.stop(syscall.SIGTERM); !strings.Contains(end.err, "--alert: exit 4: exit status 4; ") || !strings.Contains(end.err, "; 0 alerts sent, 1 failed, 0 left out\n") {
		t.Errorf("stderr: %s", end.err)
	}
}
