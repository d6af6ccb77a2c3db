package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// soakVar says how long TestSoak is to take.
const soakVar = "SOCKTRACE_SOAK"

// TestSoak has clients of all kinds talk to a daemon that comes and goes, by way of
// three programs: one records all and has a reader that is slow, the recordings of one
// meet the end of the disk, and one stands before a real daemon, if there is one. Now
// and then they are suspended. It takes as long as SOCKTRACE_SOAK says. What clients
// get is right, the program needs no more with time, and its counts are those of its
// clients.
func TestSoak(t *testing.T) {
	length, err := time.ParseDuration(os.Getenv(soakVar))
	if err != nil {
		t.Skipf("%s does not say for how long, such as 2m", soakVar)
	}
	daemon := newSoakDaemon(t)
	dir := t.TempDir()

	slow, stdout, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer slow.Close()
	all := listenWith(t, func(c *exec.Cmd) { c.Stdout = stdout }, daemon.path, "-f", "text", "--max-body", "4k", "--har", filepath.Join(dir, "all.har"))
	stdout.Close() // so that its end is seen
	full := listenWith(t, func(c *exec.Cmd) {
		c.Args = append([]string{"sh", "-c", `ulimit -f 4000; trap "" XFSZ; exec "$0" "$@"`, c.Path}, c.Args[1:]...)
		c.Path = "/bin/sh"
	}, daemon.path, "-q", "--har", filepath.Join(dir, "full.har"), "--pcapng", filepath.Join(dir, "full.pcapng"))

	ctx, stop := context.WithTimeout(t.Context(), length)
	defer stop()
	var around, clients sync.WaitGroup
	shown := readSlowly(ctx, slow)
	groups := []*soakClients{}
	watched := []*soakWatch{}
	for _, l := range []*listener{all, full} {
		s := &soakClients{daemon: daemon, socket: l.path, right: map[string]int{}, fault: func(format string, args ...any) {
			t.Errorf(filepath.Base(filepath.Dir(l.path))+": "+format, args...)
		}}
		groups = append(groups, s)
		watched = append(watched, newSoakWatch(t, l))
		for id := range 6 {
			clients.Go(func() { s.run(ctx, id) })
		}
		clients.Go(func() { s.vanish(ctx) })
		clients.Go(func() { s.dawdle(ctx) })
	}
	around.Go(func() {
		for pause(ctx, 3*time.Second); ctx.Err() == nil; pause(ctx, 3*time.Second) {
			if err := daemon.restart(); err != nil {
				t.Error(err)
				return
			}
		}
	})
	for _, w := range watched {
		around.Go(func() { w.watch(ctx) })
		around.Go(func() { w.suspend(ctx) })
	}
	soakDocker(ctx, t, &clients)
	clients.Wait()
	around.Wait()

	for i, w := range watched {
		w.check()
		got := w.l.stop(syscall.SIGINT)
		summary, status := got.err, "exit status 1" // recordings that are not whole
		if w.l == all {
			summary, status = <-shown, "exit status 0"
		}
		check(t, "status", got.status, status)
		check(t, "connections", countIn(t, summary, "connection"), groups[i].dialed.Load())
		if w.l == all {
			checkSoakHAR(t, filepath.Join(dir, "all.har"), countIn(t, summary, "exchange"), groups[i].right)
		}
		if entries, err := os.ReadDir(filepath.Dir(w.l.path)); err != nil || len(entries) > 0 {
			t.Errorf("left behind: %v, %v", entries, err)
		}
		t.Logf("%d connections, %d things done right; %s", groups[i].dialed.Load(), len(groups[i].right), tail(got.err))
	}
	t.Logf("the daemon was asked %d times, and was away %d times", daemon.asked.Load(), daemon.epoch.Load()/2)
}

// readSlowly reads less than what is written, until ctx ends, and then all; it sends the
// end of it.
func readSlowly(ctx context.Context, f *os.File) <-chan string {
	end := make(chan string, 1)
	go func() {
		var last []byte
		b := make([]byte, 4<<10)
		for {
			n, err := f.Read(b)
			last = append(last, b[:n]...)
			last = last[max(0, len(last)-len(b)):]
			if err != nil {
				end <- string(last)
				return
			}
			pause(ctx, 20*time.Millisecond)
		}
	}()
	return end
}

// soakDocker has the docker commands that there are run containers, by way of a program
// of their own, until ctx ends.
func soakDocker(ctx context.Context, t *testing.T, clients *sync.WaitGroup) {
	found, err := findDocker()
	if err != nil {
		t.Logf("without real clients: %v", err)
		return
	}
	upstream, isUnix := strings.CutPrefix(os.Getenv("DOCKER_HOST"), "unix://")
	if !isUnix {
		upstream = "/var/run/docker.sock"
	}
	l := listenTo(t, upstream, "-f", "compact")
	for _, docker := range found {
		clients.Go(func() {
			runs := 0
			for ; ctx.Err() == nil; runs++ {
				text := fmt.Sprintf("run %d", runs)
				c := exec.Command(docker.path, "run", "-i", "--rm", "--network", "none", testImage, "cat")
				c.Env = append(os.Environ(), "DOCKER_HOST=unix://"+l.path)
				c.Stdin = strings.NewReader(text)
				if out, err := c.CombinedOutput(); err != nil || string(out) != text {
					t.Errorf("docker %s run: %v, %q", docker.version, err, out)
				}
			}
			t.Logf("docker %s ran %d containers", docker.version, runs)
		})
	}
}

// soakWatch looks at what a program needs.
type soakWatch struct {
	t     *testing.T
	l     *listener
	files int     // descriptors that are open when nobody is connected
	sizes []int64 // of its memory, in KiB, second by second
}

func newSoakWatch(t *testing.T, l *listener) *soakWatch {
	return &soakWatch{t: t, l: l, files: len(l.descriptors(t))}
}

// descriptors returns those that the program has open.
func (l *listener) descriptors(t testing.TB) (open []string) {
	t.Helper()
	dir := fmt.Sprintf("/proc/%d/fd", l.Process.Pid)
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		to, _ := os.Readlink(filepath.Join(dir, e.Name()))
		open = append(open, e.Name()+" "+to)
	}
	return open
}

func (w *soakWatch) watch(ctx context.Context) {
	for ; ctx.Err() == nil; pause(ctx, time.Second) {
		b, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", w.l.Process.Pid))
		if err != nil {
			w.t.Error(err)
			return
		}
		if pages, err := strconv.ParseInt(strings.Fields(string(b))[1], 10, 64); err == nil {
			w.sizes = append(w.sizes, pages*int64(os.Getpagesize())>>10)
		}
	}
}

// suspend stops the program for a moment, again and again: nobody notices.
func (w *soakWatch) suspend(ctx context.Context) {
	for pause(ctx, 5*time.Second); ctx.Err() == nil; pause(ctx, 5*time.Second) {
		if err := w.l.Process.Signal(syscall.SIGSTOP); err != nil {
			w.t.Error(err)
		}
		time.Sleep(300 * time.Millisecond)
		if err := w.l.Process.Signal(syscall.SIGCONT); err != nil {
			w.t.Error(err)
		}
	}
}

// check fails the test if the program needs more than it did, when all clients have left.
func (w *soakWatch) check() {
	await(w.t, "the descriptors of connections being closed", func() bool { return len(w.l.descriptors(w.t)) <= w.files+1 }) // +1: the poller's
	if n := len(w.sizes); n >= 8 {
		early, late := most(w.sizes[n/4:n/2]), most(w.sizes[3*n/4:])
		w.t.Logf("memory: at most %d MiB in the second quarter, %d in the last", early>>10, late>>10)
		if !underRace() && late > early+early/4+8<<10 {
			w.t.Errorf("memory grows: at most %d KiB in the second quarter, %d in the last", early, late)
		}
	}
}

func most(of []int64) int64 {
	n := of[0]
	for _, v := range of {
		n = max(n, v)
	}
	return n
}

// countIn returns how many of something the summary tells.
func countIn(t testing.TB, summary, what string) int64 {
	t.Helper()
	m := regexp.MustCompile(`\bsocktrace: .*?(\d+) ` + what + `s?\b`).FindStringSubmatch(summary)
	if m == nil {
		t.Fatalf("no %ss in %q", what, summary)
	}
	n, _ := strconv.ParseInt(m[1], 10, 64)
	return n
}

// checkSoakHAR compares the recording with what was counted, and with what clients know.
func checkSoakHAR(t *testing.T, name string, exchanges int64, right map[string]int) {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	d := json.NewDecoder(f)
	for {
		token, err := d.Token()
		if err != nil {
			t.Fatalf("no entries: %v", err)
		}
		if token == "entries" {
			break
		}
	}
	if _, err := d.Token(); err != nil { // [
		t.Fatal(err)
	}
	entries, done := int64(0), map[string]int{}
	for ; d.More(); entries++ {
		var e struct {
			Own struct {
				Exchange      int
				Target, State string
			} `json:"_socktrace"`
		}
		if err := d.Decode(&e); err != nil {
			t.Fatal(err)
		}
		if e.Own.Exchange == 0 {
			entries-- // it is no exchange
		} else if e.Own.State == "done" {
			done[e.Own.Target]++
		}
	}
	check(t, "entries", entries, exchanges)
	for target, n := range right {
		if done[target] < n {
			t.Errorf("%s went well %d times, and is recorded %d times", target, n, done[target])
		}
	}
}
