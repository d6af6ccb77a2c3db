//go:build unix

package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
)

// someHAR is a HAR file without entries.
const someHAR = `{"log":{"version":"1.2","creator":{"name":"x","version":"1"},"entries":[]}}`

// TestNoFolder has no folder for the socket of run and demo, or one whose name is too
// long for sockets: that is said, and nothing is left there.
func TestNoFolder(t *testing.T) {
	t.Parallel()
	daemon := idle(t)
	none, long := filepath.Join(shortDir(t), "none"), filepath.Join(shortDir(t), strings.Repeat("x", 100))
	if err := os.Mkdir(long, 0o700); err != nil {
		t.Fatal(err)
	}
	random := regexp.MustCompile(`socktrace-\d+`)
	for _, c := range []struct{ args, status string }{
		{"demo -q", "exit status 1"},
		{"run -q --upstream unix://" + daemon + " -- true", "exit status 125"},
	} {
		for tmp, want := range map[string]string{
			none: "socktrace: listen: stat " + none + ": no such file or directory\n",
			long: "socktrace: listen unix://" + long + "/socktrace-N/docker.sock: path of ",
		} {
			got := socktrace(t, environ("TMPDIR="+tmp), strings.Fields(c.args)...).end()
			check(t, "status", got.status, c.status)
			check(t, "stdout", got.out, "")
			if err := random.ReplaceAllString(got.err, "socktrace-N"); !strings.HasPrefix(err, want) || strings.Count(err, "\n") != 1 {
				t.Errorf("%s: stderr %q, want %q", c.args, err, want)
			}
		}
	}
	left, err := os.ReadDir(long)
	if err != nil || len(left) > 0 {
		t.Errorf("left: %v, %v", left, err)
	}
	if _, _, err := demoDaemon(long); err == nil {
		t.Error("a daemon listens on a name that is too long")
	}
	for dir, network := range map[string]string{"": "tcp", shortDir(t): "unix"} {
		l, upstream, err := demoDaemon(dir)
		if err != nil {
			t.Fatal(err)
		}
		check(t, "network", upstream.Addr.Network, network)
		check(t, "address", upstream.Addr, l.Local())
		check(t, "in the folder", strings.HasPrefix(upstream.Addr.Address, dir), true)
		l.Close()
	}
}

// TestFewestDescriptors lets demo, run and listen have ever more files open, until there
// are enough for their sockets: whichever cannot be made, that is all that is said, and
// nothing is left.
func TestFewestDescriptors(t *testing.T) {
	t.Parallel()
	tmp, daemon := shortDir(t), idle(t)
	listens := "listening on unix://" + tmp + "/s.sock for unix://" + daemon + "\n"
	failed := regexp.MustCompile(`^socktrace: listen: open ` + tmp + `/socktrace-\d+/(lock): too many open files\n$|` +
		`^socktrace: listen unix://` + tmp + `/(?:socktrace-\d+/)?(docker|dockerd|s)\.sock: too many open files\n$`)
	for _, c := range []struct{ args, status, last, want string }{
		{"demo", "exit status 1", "dockerd", "map[docker:true dockerd:true lock:true]"},
		{"run --upstream unix://" + daemon, "exit status 125", "docker", "map[docker:true lock:true]"},
		{"listen --listen unix://" + tmp + "/s.sock --upstream unix://" + daemon, "exit status 1", "s", "map[s:true]"},
	} {
		args := append(strings.Fields(c.args), "-f", "compact")
		if args[0] == "run" {
			args = append(args, "--", "true")
		}
		met := map[string]bool{}
		for n := 4; !met[c.last] && n < 64; n++ {
			p := socktrace(t, func(cmd *exec.Cmd) {
				cmd.Env = append(os.Environ(), "TMPDIR="+tmp)
				cmd.Args = append([]string{"sh", "-c", fmt.Sprintf(`ulimit -n %d; exec "$0" "$@"`, n), cmd.Path}, cmd.Args[1:]...)
				cmd.Path = "/bin/sh"
			}, args...)
			await(t, "the end", func() bool {
				select {
				case <-p.done:
					return true
				default:
					return strings.Contains(p.err.String(), listens)
				}
			})
			if strings.Contains(p.err.String(), listens) {
				t.Fatalf("%d descriptors are enough for %s", n, c.args)
			}
			got := p.end()
			why := failed.FindStringSubmatch(got.err)
			if why == nil && len(met) == 0 {
				continue // the runtime has too few, or what comes before
			}
			if why == nil {
				t.Fatalf("%s with %d descriptors: %s, %q", c.args, n, got.status, tail(got.err))
			}
			check(t, "status", got.status, c.status)
			check(t, "stdout", got.out, "")
			met[why[1]+why[2]] = true
			if left, err := os.ReadDir(tmp); err != nil || len(left) > 0 {
				t.Errorf("left: %v, %v", left, err)
			}
		}
		check(t, c.args+": what could not be made", fmt.Sprint(met), c.want)
	}
}

// TestEndNotWritten has nobody read a recording when it ends: that is a failure, too.
func TestEndNotWritten(t *testing.T) {
	t.Parallel()
	r, w := pipe(t)
	l := listenWith(t, func(c *exec.Cmd) { c.Stdout = w }, fakeDaemon(t, pong), "-q", "--har", "-")
	w.Close()
	c := l.dial()
	ping(t, c)
	c.Close()
	for seen, b := "", make([]byte, 4096); !strings.Contains(seen, "SystemPing"); {
		n, err := r.Read(b)
		if err != nil {
			t.Fatal(err)
		}
		seen += string(b[:n])
	}
	shut(r)
	got := l.stop(syscall.SIGTERM)
	check(t, "status", got.status, "exit status 1")
	check(t, "why", strings.Contains(got.err, "broken pipe\n"), true)
}

// TestDemoEnds early: when it is asked to, and when its client cannot connect any more.
func TestDemoEnds(t *testing.T) {
	t.Parallel()
	for _, asked := range []bool{true, false} {
		tmp := shortDir(t)
		p := socktrace(t, environ("TMPDIR="+tmp), "demo", "-f", "jsonl")
		p.out.await(t, `"event":"exchange"`)
		if asked {
			got := p.stop(os.Interrupt)
			check(t, "status", got.status, "exit status 0")
			check(t, "stderr", got.err, "")
		} else {
			sockets, err := filepath.Glob(filepath.Join(tmp, "socktrace-*", "docker.sock"))
			if err != nil || len(sockets) != 1 {
				t.Fatal(sockets, err)
			}
			if err := os.Remove(sockets[0]); err != nil {
				t.Fatal(err)
			}
			got := p.end()
			check(t, "status", got.status, "exit status 1")
			check(t, "why", strings.Contains(got.err, sockets[0]+": no such file or directory\n"), true)
		}
		left, err := os.ReadDir(tmp)
		if err != nil || len(left) > 0 {
			t.Errorf("left: %v, %v", left, err)
		}
	}
}

// TestWhereSummed: the summary is where the live output is, if that is text; and what
// is recorded is told there too. Where both outputs are one, no line of it is among
// JSON lines.
func TestWhereSummed(t *testing.T) {
	t.Parallel()
	whole, _ := rotated(t)
	counts, packets := "socktrace: 3 connections, 60 exchanges, 1920 bytes sent, 2400 received\n", "socktrace: 138 packets\n"
	for _, c := range []struct {
		flags          string
		together       bool
		there, onError string // of the messages
	}{
		{"-f compact", false, counts + packets + "socktrace: FILE: 60 entries\n", ""},
		{"-f text", true, counts + packets + "socktrace: FILE: 60 entries\n", ""},
		{"-f jsonl", false, "", packets + "socktrace: FILE: 60 entries\n"},
		{"-f jsonl", true, "", ""},
		{"-q", false, "", counts + packets + "socktrace: FILE: 60 entries\n"},
		{"-q", true, counts + packets + "socktrace: FILE: 60 entries\n", ""},
	} {
		file := filepath.Join(t.TempDir(), "x.har.gz")
		got := socktrace(t, func(cmd *exec.Cmd) {
			if c.together {
				cmd.Stderr = cmd.Stdout
			}
		}, append(strings.Fields("read --har "+file+" "+c.flags), whole)...).end()
		check(t, "status", got.status, "exit status 0")
		var there strings.Builder
		for line := range strings.Lines(got.out) {
			if strings.HasPrefix(line, "socktrace: ") {
				there.WriteString(line)
			}
		}
		check(t, c.flags+": with the output", strings.ReplaceAll(there.String(), file, "FILE"), c.there)
		check(t, c.flags+": on standard error", strings.ReplaceAll(got.err, file, "FILE"), c.onError)
		again := socktrace(t, nil, "read", "-q", file).end()
		check(t, "status", again.status, "exit status 0")
		check(t, "exchanges", strings.Contains(again.err, ", 60 exchanges, "), true)
	}
	got := socktrace(t, nil, "read", "-q", "--har", "-", whole).end()
	check(t, "on standard output", got.err, counts+packets+"socktrace: -: 60 entries\n")
}

// TestOpenedInVain ends a recording that was begun when another output cannot be
// opened.
func TestOpenedInVain(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "x.har.gz")
	for _, flag := range []string{"-o", "--pcapng"} {
		got := socktrace(t, nil, "demo", "--har", file, flag, dir+"/none/x").end()
		check(t, "status", got.status, "exit status 1")
		check(t, "lines", strings.Count(got.err, "\n"), 1)
		got = socktrace(t, nil, "read", "-q", file).end()
		check(t, "status", got.status, "exit status 0")
	}
	capture := filepath.Join(dir, "x.pcapng")
	check(t, "status", socktrace(t, nil, "demo", "-q", "--pcapng", capture).end().status, "exit status 0")
	got := socktrace(t, nil, "read", "-q", "--pcapng", "/dev/full", capture).end()
	check(t, "a full disk", got, result{"", "socktrace: write pcapng: write /dev/full: no space left on device\n", "exit status 1"})
}

// TestEndsFull meets the end of the disk only when it ends.
func TestEndsFull(t *testing.T) {
	t.Parallel()
	whole, _ := rotated(t)
	file := filepath.Join(t.TempDir(), "out")
	got := socktrace(t, func(c *exec.Cmd) {
		c.Args = append([]string{"sh", "-c", `ulimit -f 0; trap "" XFSZ; exec "$0" "$@"`, c.Path}, c.Args[1:]...)
		c.Path = "/bin/sh"
	}, "read", "-f", "compact", "-o", file, whole).end()
	check(t, "status", got.status, "exit status 1")
	check(t, "why", strings.Contains(got.err, "socktrace: the live output ends here: write "+file+": file too large\n"), true)
}

// TestStalledTogether has nobody read the one pipe that both outputs are: the end
// comes, and the recording is whole.
func TestStalledTogether(t *testing.T) {
	t.Parallel()
	r, w := pipe(t)
	recorded, path := fifo(t), filepath.Join(shortDir(t), "s.sock")
	har := make(chan string, 1)
	go func() {
		b, err := os.ReadFile(recorded)
		if err != nil {
			t.Error(err)
		}
		har <- string(b)
	}()
	p := socktrace(t, func(c *exec.Cmd) { c.Stdout, c.Stderr = w, w }, "listen", "--har", recorded,
		"--listen", "unix://"+path, "--upstream", "unix://"+fakeDaemon(t, frames))
	lines := bufio.NewReader(r)
	for range 2 {
		if line, err := lines.ReadString('\n'); err != nil || !strings.HasPrefix(line, "socktrace: ") {
			t.Fatal(line, err)
		}
	}
	c := dialUnix(t, path)
	readSome(t, c, bufio.NewReader(c), 20_000)
	c.Close()
	check(t, "status", p.stop(syscall.SIGTERM).status, "exit status 0")
	w.Close()
	rest, err := io.ReadAll(lines)
	if err != nil {
		t.Fatal(err)
	}
	check(t, "messages", strings.Count("\n"+string(rest), "\nsocktrace: "), 0)
	file := filepath.Join(t.TempDir(), "x.har")
	putFile(t, file, <-har)
	got := socktrace(t, nil, "read", "-q", file).end()
	check(t, "status", got.status, "exit status 0")
	check(t, "exchanges", strings.Contains(got.err, ", 1 exchange, "), true)
}

// TestAtRest: what can be read to its end without waiting; and TestInputs: what would
// be written over.
func TestAtRest(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	some, other, pipe := filepath.Join(dir, "some"), filepath.Join(dir, "other"), fifo(t)
	putFile(t, some, someHAR)
	putFile(t, other, someHAR)
	for _, c := range []struct {
		files []string
		want  bool
	}{
		{[]string{some}, true}, {[]string{some, other}, true}, {[]string{some, dir + "/none"}, true},
		{[]string{"-"}, false}, {[]string{some, "-"}, false}, {[]string{pipe}, false}, {[]string{some, pipe}, false},
	} {
		check(t, strings.Join(c.files, " "), atRest(c.files), c.want)
	}
	again := filepath.Join(dir, "again")
	if err := os.Link(some, again); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		o     options
		files []string
		over  string
	}{
		{options{}, []string{some}, ""},
		{options{output: other, har: dir + "/none", pcapng: "-"}, []string{some, dir + "/none"}, ""},
		{options{output: some}, []string{other, some}, some},
		{options{har: again}, []string{dir + "/none", some}, some},
		{options{pcapng: some}, []string{again}, again},
		{options{output: other, har: other, pcapng: some}, []string{some}, some},
	} {
		want := ""
		if c.over != "" {
			want = c.over + " would be written over while it is read"
		}
		got := ""
		if err := c.o.checkInputs(c.files); err != nil {
			got = err.Error()
		}
		check(t, strings.Join(c.files, " "), got, want)
	}
}
