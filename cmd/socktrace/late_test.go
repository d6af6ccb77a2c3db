//go:build unix

package main

import (
	"bufio"
	"bytes"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// manyPings writes a capture of so many exchanges, and returns its name.
func manyPings(t *testing.T, n int) string {
	t.Helper()
	var b bytes.Buffer
	g := &capturer{w: bufio.NewWriter(&b), now: 1795288868e6}
	g.begin()
	var c capturedConn
	g.open(&c)
	for range n {
		g.send(&c, 0, psh|ack, []byte("GET /_ping HTTP/1.1\r\nHost: d\r\n\r\n"))
		g.send(&c, 1, psh|ack, []byte("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK"))
	}
	if err := g.w.Flush(); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "many.pcap")
	putFile(t, name, b.String())
	return name
}

// olderHAR is a recording that was made before.
const olderHAR = `{"log":{"version":"1.2","entries":[]}}`

// older makes a folder with recordings in it, which go by two names each.
func older(t *testing.T) (dir string) {
	t.Helper()
	dir = t.TempDir()
	for _, name := range []string{"x.har", "x.pcapng"} {
		putFile(t, filepath.Join(dir, name), map[string]string{"x.har": olderHAR, "x.pcapng": "\xd4\xc3\xb2\xa1\x02\x00\x04\x00" + strings.Repeat("\x00", 12) + "\x01\x00\x00\x00"}[name])
		if err := os.Chmod(filepath.Join(dir, name), 0o644); err != nil {
			t.Fatal(err)
		}
		if err := os.Link(filepath.Join(dir, name), filepath.Join(dir, "old-"+name)); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// listed returns what is in a folder.
func listed(t *testing.T, dir string) string {
	t.Helper()
	all, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, one := range all {
		list = append(list, one.Name())
	}
	return strings.Join(list, " ")
}

// TestLate turns a capture into recordings, which are what is written to a pipe, to the
// byte: they are new files, and who has the older ones keeps those.
func TestLate(t *testing.T) {
	t.Parallel()
	from, dir := manyPings(t, 2000), older(t)
	har, pcapng := filepath.Join(dir, "x.har"), filepath.Join(dir, "x.pcapng")
	got := socktrace(t, nil, "read", "-q", from, "--har", har, "--pcapng", pcapng).end()
	check(t, "status", got.status, "exit status 0")
	check(t, "what is said", strings.HasSuffix(got.err, har+": 2000 entries\n"), true)
	check(t, "files", listed(t, dir), "old-x.har old-x.pcapng x.har x.pcapng")
	check(t, "the older HAR", readFile(t, filepath.Join(dir, "old-x.har")), olderHAR)
	for _, c := range []struct{ flag, name string }{{"--har", har}, {"--pcapng", pcapng}} {
		piped := socktrace(t, nil, "read", "-q", from, c.flag, "-").end()
		check(t, c.flag+": "+c.name+" is what a pipe gets", readFile(t, c.name) == piped.out, true)
		info, err := os.Stat(c.name)
		if err != nil {
			t.Fatal(err)
		}
		check(t, "mode of "+c.name, info.Mode(), fs.FileMode(0o600))
	}
	zipped := filepath.Join(dir, "x.har.gz")
	check(t, "status", socktrace(t, nil, "read", "-q", from, "--har", zipped).end().status, "exit status 0")
	unzipped := socktrace(t, nil, "read", "-q", zipped, "--har", "-").end()
	check(t, "compressed", unzipped.out == readFile(t, har), true)

	pipe := fifo(t)
	p := socktrace(t, nil, "read", "-q", from, "--har", pipe)
	check(t, "a named pipe", readFile(t, pipe) == readFile(t, har), true)
	check(t, "status", p.end().status, "exit status 0")
	check(t, "files beside it", listed(t, filepath.Dir(pipe)), "pipe")
	link := filepath.Join(dir, "link.har")
	if err := os.Symlink("x.har", link); err != nil {
		t.Fatal(err)
	}
	got = socktrace(t, nil, "read", "-q", from, "--har", link).end()
	check(t, "a link", got, result{"", "socktrace: har: create " + link + ": it is a symbolic link; name the file itself\n", "exit status 1"})
}

// TestLateParts begins another file at a size, compressed or not: none is larger, and
// together they have all.
func TestLateParts(t *testing.T) {
	t.Parallel()
	from, dir := manyPings(t, 500), t.TempDir()
	for _, name := range []string{"x.har", "x.har.gz"} {
		got := socktrace(t, nil, "read", "-q", from, "--har", filepath.Join(dir, name), "--har-max-size", "16k").end()
		check(t, "status", got.status, "exit status 0")
		files, err := filepath.Glob(filepath.Join(dir, strings.Replace(name, ".har", "*.har", 1)))
		if err != nil || len(files) < 2 {
			t.Fatalf("%q, %v: %s", files, err, got.err)
		}
		for _, name := range files {
			if info, err := os.Stat(name); err != nil || info.Size() > 16<<10 {
				t.Errorf("%s: %d bytes, %v", name, info.Size(), err)
			}
		}
		all := socktrace(t, nil, append([]string{"read", "-q"}, files...)...).end()
		check(t, name+": all", strings.Contains(all.err, ", 500 exchanges, "), true)
	}
}

// TestLateInterrupted asks a reader to end that waits for its output: until then the older
// recording is there, and then one of what was read, whole, however it has to end.
func TestLateInterrupted(t *testing.T) {
	t.Parallel()
	from := manyPings(t, 20_000)
	for _, c := range []struct {
		name string
		end  func(t *testing.T, p *process, r io.Reader)
	}{
		{"its output moves on", func(t *testing.T, p *process, r io.Reader) {
			p.signal(t, syscall.SIGINT)
			go func() { _, _ = io.Copy(io.Discard, r) }()
		}},
		{"its output never moves", func(t *testing.T, p *process, _ io.Reader) { p.signal(t, syscall.SIGTERM) }},
		{"at once", func(t *testing.T, p *process, _ io.Reader) { p.signal(t, syscall.SIGQUIT) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			dir := older(t)
			har, pcapng := filepath.Join(dir, "x.har"), filepath.Join(dir, "x.pcapng")
			r, w := pipe(t)
			p := socktrace(t, func(c *exec.Cmd) { c.Stdout = w }, "read", "-f", "jsonl", from, "--har", har, "--pcapng", pcapng)
			if _, err := io.ReadFull(r, make([]byte, 100_000)); err != nil {
				t.Fatal(err)
			}
			await(t, "a full pipe", func() bool { return isFull(w) })
			w.Close()
			size, same := int64(0), 0
			await(t, "a reader that waits", func() bool { // on a busy machine it may not yet
				before := size
				if size = sizeOf(t, dir); size == before {
					same++
				}
				return same > 20
			})
			check(t, "until then", readFile(t, har), olderHAR)
			c.end(t, p, r)
			got := p.end()
			check(t, "files", listed(t, dir), "old-x.har old-x.pcapng x.har x.pcapng")
			for _, name := range []string{har, pcapng} {
				read := socktrace(t, nil, "read", "-q", name).end()
				if read.status != "exit status 0" || !strings.Contains(read.err, "1 connection, ") {
					t.Errorf("%s, of %s: %s %s", got.status, name, read.status, read.err)
				}
			}
		})
	}
}

// sizeOf returns the size of all files in a folder.
func sizeOf(t *testing.T, dir string) (size int64) {
	t.Helper()
	all, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range all {
		if info, err := one.Info(); err == nil {
			size += info.Size()
		}
	}
	return size
}

// signal sends a signal.
func (p *process) signal(t *testing.T, s syscall.Signal) {
	t.Helper()
	if err := p.Process.Signal(s); err != nil {
		t.Error(err)
	}
}

// TestLateFull comes to the end of the disk: the older recording stays, as is said, and
// nothing is left of the new one.
func TestLateFull(t *testing.T) {
	t.Parallel()
	from := manyPings(t, 5000)
	limited := func(c *exec.Cmd) {
		c.Args = append([]string{"sh", "-c", `ulimit -f 64; trap "" XFSZ; exec "$0" "$@"`, c.Path}, c.Args[1:]...)
		c.Path = "/bin/sh"
	}
	for _, c := range []struct{ flag, name, says string }{
		{"--har", "x.har", "har: %s stays as it was: file too large"},
		{"--har", "new.har", "har: %s was not made: file too large"},
		{"--pcapng", "x.pcapng", "write pcapng: %s stays as it was: file too large"},
		{"--pcapng", "new.pcapng", "write pcapng: %s was not made: file too large"},
	} {
		dir := older(t)
		there := listed(t, dir)
		file := filepath.Join(dir, c.name)
		before, _ := os.ReadFile(file)
		got := socktrace(t, limited, "read", "-q", from, c.flag, file).end()
		check(t, c.name+": status", got.status, "exit status 1")
		check(t, c.name+": it is said once", strings.Count("\n"+got.err, "\nsocktrace: "+strings.ReplaceAll(c.says, "%s", file)+"\n"), 1)
		for _, wrong := range []string{"entries", "lacks", "too slow", "ends here"} {
			if strings.Contains(got.err, wrong) {
				t.Errorf("%s: %q is said: %s", c.name, wrong, got.err)
			}
		}
		check(t, c.name+": files", listed(t, dir), there)
		after, _ := os.ReadFile(file)
		check(t, c.name+": what is there", string(after), string(before))
	}
}

// TestLateInVain has another output that cannot be opened: nothing was recorded, and the
// older recordings stay.
func TestLateInVain(t *testing.T) {
	t.Parallel()
	from, dir := manyPings(t, 1), older(t)
	there := listed(t, dir)
	got := socktrace(t, nil, "read", from, "--har", filepath.Join(dir, "x.har"), "--pcapng", filepath.Join(dir, "x.pcapng"), "-o", dir+"/none/x").end()
	check(t, "status", got.status, "exit status 1")
	check(t, "files", listed(t, dir), there)
	check(t, "the older one", readFile(t, filepath.Join(dir, "x.har")), olderHAR)
	for _, name := range []string{"x.har", "x.pcapng"} {
		was, err := os.Stat(filepath.Join(dir, "old-"+name))
		if err != nil {
			t.Fatal(err)
		}
		is, err := os.Stat(filepath.Join(dir, name))
		check(t, name+" is still that", err == nil && os.SameFile(was, is), true)
	}
}

// TestNotLate records what comes through a pipe, and so only once, as live traffic: the
// file is valid while it comes.
func TestNotLate(t *testing.T) {
	t.Parallel()
	capture := readFile(t, manyPings(t, 50))
	r, w := pipe(t)
	dir := older(t)
	file := filepath.Join(dir, "x.har")
	p := socktrace(t, func(c *exec.Cmd) { c.Stdin = r }, "read", "-q", "-", "--har", file)
	half := len(capture) / 2
	if _, err := io.WriteString(w, capture[:half]); err != nil {
		t.Fatal(err)
	}
	await(t, "entries", func() bool {
		b, err := os.ReadFile(file)
		return err == nil && bytes.Contains(b, []byte("/_ping"))
	})
	got := socktrace(t, nil, "read", "-q", file).end()
	check(t, "status", got.status, "exit status 0")
	if err := w.SetWriteDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(w, capture[half:]); err != nil {
		t.Fatal(err)
	}
	w.Close()
	check(t, "status", p.end().status, "exit status 0")
	check(t, "files", listed(t, dir), "old-x.har old-x.pcapng x.har x.pcapng")
}
